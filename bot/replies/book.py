"""The replies files in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from bot.errors import UnknownReply

LANGUAGES = ("en", "es")


@dataclass(frozen=True)
class ReplyBook:
    """One language's words."""

    language: str
    replies: Mapping[str, str]
    spoken: Mapping[str, str]
    #: What needs, wishes and the aspects of a question are called, by their keys.
    needs: Mapping[str, str]
    wishes: Mapping[str, str]
    aspects: Mapping[str, str]
    #: Between the things of a list, and before the last one.
    joined: tuple[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    def all_of(self, words: Sequence[str]) -> str:
        """Several things as one phrase: food, a bed and a call home."""
        comma, last = self.joined
        return last.join(filter(None, [comma.join(words[:-1]), *words[-1:]]))

    def words(self, key: str, **fill: object) -> str:
        """The text of a key, filled in. Raises UnknownReply for a key or a gap nobody wrote."""
        try:
            return self.replies[key].format(**fill)
        except KeyError as error:
            raise UnknownReply(f"No reply {key} in {self.language} with {error}") from error


@cache
def load_replies(language: str) -> ReplyBook:
    """The words of a language; English when the line does not speak it."""
    language = language if language in LANGUAGES else "en"
    page = yaml.safe_load((files("bot.replies") / f"{language}.yml").read_text("utf-8"))
    return ReplyBook(
        language=language,
        replies=page["replies"],
        spoken=page["spoken"],
        needs=page["needs"],
        wishes=page["wishes"],
        aspects=page["aspects"],
        joined=(page["joined"][0], page["joined"][1]),
        weekdays=tuple(page["weekdays"]),
        months=tuple(page["months"]),
    )
