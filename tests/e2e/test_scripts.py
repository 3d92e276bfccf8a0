"""Conversations written down in conversations/*.yml, held with the real line, in English and Spanish."""

import re
import time
from pathlib import Path

import pytest
import yaml

from tests.e2e.running_line import PATIENCE, Phone, wait_for

pytestmark = pytest.mark.e2e

CONVERSATIONS = [
    conversation
    for file in sorted((Path(__file__).parent / "conversations").glob("*.yml"))
    for conversation in yaml.safe_load(file.read_text("utf-8"))
]
#: A text that must stay unanswered, or an answer that must not go on, is listened to for so long.
A_MOMENT = 1.0


def answered(phone: Phone, turn: dict) -> str:
    """All the line says to one text, once what is expected has come."""
    heard: list[str] = []

    def look() -> bool:
        heard.extend(message["body"] for message in phone.new_replies())
        return all(re.search(_plain(words), "\n".join(heard)) for words in turn.get("hears", []))

    phone.send(turn["says"])
    try:
        wait_for("the answer", look, PATIENCE)
    except AssertionError:
        missing = [words for words in turn["hears"] if not re.search(_plain(words), "\n".join(heard))]
        raise AssertionError(f"to {turn['says']!r} nothing said {missing}; heard {heard}") from None
    if turn.get("silence"):
        time.sleep(A_MOMENT)
    # An answer's last words must not count for the next turn.
    wait_for("the end of the answer", lambda: not phone.line.texts_under_way(), PATIENCE)
    look()
    return "\n".join(heard)


def _plain(words: str) -> str:
    # A bar means either; ".+" anything; every other mark stands for itself.
    return words if words == ".+" else "|".join(map(re.escape, words.split("|")))


def test_there_are_enough_of_them_in_both_languages():
    first = [conversation["turns"][0]["says"] for conversation in CONVERSATIONS]
    assert len(first) >= 40
    assert len({conversation["name"] for conversation in CONVERSATIONS}) == len(first)


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda one: one["name"])
def test_a_conversation_goes_as_written(phone, conversation):
    for turn in conversation["turns"]:
        heard = answered(phone, turn)
        said = [words for words in turn.get("never", []) if words in heard]
        assert not said, f"to {turn['says']!r} it said {said} in {heard!r}"
        assert not (turn.get("silence") and heard), f"to {turn['says']!r} it said {heard!r}"
