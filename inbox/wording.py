"""Every word of the pages, in both languages: inbox/words/{en,es}.yml."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from flask import g, request

from bot.models import StaffSession
from bot.staff.sessions import Stage
from inbox import cookies

LANGUAGES = ("en", "es")


def language() -> str:
    """The language of this request: the account's, else the browser's choice, else what it asks for."""
    row: StaffSession | None = g.get("session")
    if row is not None and row.stage == Stage.FULL:
        return row.account.language
    chosen = chosen_now() or cookies.read(cookies.LANGUAGE)
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


def chosen_now() -> str | None:
    """The language that the address asks for."""
    asked = request.args.get("lang")
    return asked if asked in LANGUAGES else None


def say(key: str, **fill: object) -> str:
    """The words of a key in the language of this request."""
    return words(language())[key].format(**fill)


@cache
def words(of: str) -> Mapping[str, str]:
    """Every key of a language with its words. Raises ValueError for a key that is no word or list of keys."""
    page = yaml.safe_load((files("inbox") / "words" / f"{of}.yml").read_text("utf-8"))
    return dict(_flat(page, ""))


def _flat(page: Mapping[str, Any], above: str) -> Any:
    for key, value in page.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, str):
            yield name, value.strip()
        else:
            raise ValueError(f"{name} is no text: put it into quotes")


def differences() -> list[str]:
    """Keys that one language lacks, and fills that differ; none when all is well."""
    english, others = words("en"), [of for of in LANGUAGES if of != "en"]
    wrong = []
    for of in others:
        theirs = words(of)
        wrong += [f"{of} lacks {key}" for key in english.keys() - theirs.keys()]
        wrong += [f"en lacks {key}" for key in theirs.keys() - english.keys()]
        for key in english.keys() & theirs.keys():
            if _fills(english[key]) != _fills(theirs[key]):
                wrong.append(f"{key} is filled otherwise in {of}")
    return sorted(wrong)


def _fills(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)[^}]*}", text))
