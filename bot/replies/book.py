"""The replies files in memory."""

from collections.abc import Mapping
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
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

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
        language, page["replies"], page["spoken"], tuple(page["weekdays"]), tuple(page["months"])
    )
