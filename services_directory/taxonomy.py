"""Needs, the categories that answer them, and the words and other taxonomies' terms that mean those."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from services_directory.folding import folded

_OPEN = re.compile(r"open ?eligibility|aunt ?bertha|findhelp|^oe$")
#: Ohana's codes for the titles of Open Eligibility.
_OHANA = re.compile(r"\d{3}(?:-\d\d)+")


_NOTHING: frozenset[str] = frozenset()


class Kinds(NamedTuple):
    """Categories that a term or a text means for sure, and those it may mean when nothing else tells."""

    sure: frozenset[str] = frozenset()
    broad: frozenset[str] = frozenset()


class _Words(NamedTuple):
    """A category's patterns. `never` is taken out of a text in which one of the others was found."""

    sure: re.Pattern[str]
    broad: re.Pattern[str]
    phrases: re.Pattern[str]
    never: re.Pattern[str]


@cache
def _page() -> dict[str, Any]:
    page: dict[str, Any] = yaml.safe_load((files("services_directory") / "taxonomy.yml").read_text("utf-8"))
    return page


def every_category() -> tuple[str, ...]:
    """All of our categories."""
    return tuple(_page()["categories"])


def categories_for(need: str) -> tuple[str, ...]:
    """The categories that answer a need (or the category itself); none for what we do not know."""
    wanted = _page()["needs"].get(need)
    return tuple(wanted) if wanted else (need,) if need in _page()["categories"] else ()


@lru_cache(maxsize=4096)
def category_named(word: str) -> str | None:
    """The category that a word is the key or the name of, in whatever spelling; or None."""
    return _by_name().get(re.sub(r"[^a-z0-9]+", "_", folded(word)).strip("_"))


@lru_cache(maxsize=8192)
def kinds_of_term(code: str | None, name: str | None, taxonomy: str | None = None) -> Kinds:
    """What a taxonomy term means: our own key, an Open Eligibility title or id, or else its name's words."""
    code, name = (code or "").strip(), (name or "").strip()
    own = category_named(code) or category_named(name)
    if own:
        return Kinds(frozenset({own}))
    titled = _open_eligibility().get(folded(name)) or kinds_in_name(name)
    if titled.sure or titled.broad:
        return titled
    # Other lists number their terms too: a bare number is theirs unless it says whose it is.
    theirs = name and name != code and not _OHANA.fullmatch(code) and not _OPEN.search(folded(taxonomy or ""))
    return titled if theirs else _open_eligibility().get(code, titled)


@lru_cache(maxsize=8192)
def kinds_in_name(name: str) -> Kinds:
    """What the words of a term's or a service's name mean."""
    text = _to_be_had(folded(name))
    sure, broad = set(), set()
    for category in _worth_looking(text):
        words = _words()[category]
        if not (words.sure.search(text) or words.broad.search(text)):
            continue
        kept = words.never.sub(" | ", text)
        if words.sure.search(kept):
            sure.add(category)
        elif words.broad.search(kept):
            broad.add(category)
    return Kinds(frozenset(sure), frozenset(broad))


def kinds_in_description(text: str) -> frozenset[str]:
    """The categories whose strong phrases stand in a description: what it does, not what it mentions."""
    plain = _to_be_had(folded(text[:2000]))
    found = (one for one in _worth_looking(plain) if _words()[one].phrases.search(plain))
    return frozenset(
        one for one in found if _words()[one].phrases.search(_words()[one].never.sub(" | ", plain))
    )


def _to_be_had(text: str) -> str:
    """The text without what it says is not to be had."""
    rule = _page()["not_to_be_had"]
    return _not_to_be_had().sub(" | ", text) if any(one in text for one in rule["look_for"]) else text


@cache
def _not_to_be_had() -> re.Pattern[str]:
    return _any(_page()["not_to_be_had"]["says"])


def _worth_looking(text: str) -> set[str]:
    """The categories whose patterns may match: a word of the text begins like a word of theirs.

    Trying every pattern on every name took most of an import's time.
    """
    found: set[str] = set()
    for word in re.findall(r"[a-z]{2,}", text):
        for length in (4, 3, 2):
            found |= _beginnings().get(word[:length], _NOTHING)
    return found


@cache
def _beginnings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for category, entry in _page()["categories"].items():
        for pattern in (*entry["words"], *entry.get("broad", ()), *entry.get("phrases", ())):
            for word in re.findall(r"[a-z]{2,}", re.sub(r"\\[a-z]", " ", pattern)):
                found.setdefault(word[:4], set()).add(category)
    return {word: frozenset(categories) for word, categories in found.items()}


@cache
def _by_name() -> dict[str, str]:
    found = {}
    for category, entry in _page()["categories"].items():
        for name in (category, entry["name"], *entry.get("also", ())):
            found[re.sub(r"[^a-z0-9]+", "_", folded(name)).strip("_")] = category
    return found


@cache
def _open_eligibility() -> dict[str, Kinds]:
    """By id and by title. One title stands under several parents with as many ids."""
    found: dict[str, Kinds] = {}
    for title, entry in _page()["open_eligibility"].items():
        kinds = Kinds(frozenset(entry.get("is", ())), frozenset(entry.get("may_be", ())))
        found |= {str(key): kinds for key in (folded(title), *entry["ids"])}
    return found


@cache
def _words() -> dict[str, _Words]:
    return {
        category: _Words(
            _any(entry["words"]),
            _any(entry.get("broad", ())),
            _any(entry.get("phrases", ())),
            _any(entry.get("never", ())),
        )
        for category, entry in _page()["categories"].items()
    }


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns) or r"(?!)")
