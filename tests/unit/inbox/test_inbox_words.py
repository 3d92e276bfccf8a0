"""Every word of the pages is there in both languages, and every key that a page asks for exists."""

import re
from pathlib import Path

from bot.staff.roles import Role
from inbox.wording import LANGUAGES, differences, words

INBOX = Path(__file__).resolve().parents[3] / "inbox"
#: Keys that pages put together from a part and a name of their own.
MADE = re.compile(
    r"(sections|language|roles|role_hints|steps|errors|account|time|password|weekdays|wishes|kinds|reasons"
    r"|refused|found)\.|sign_in\.agency|directory\.before\.|numbers\.(tables|hints|parts)\."
)


def test_both_languages_have_the_same_keys_filled_in_the_same_way():
    assert differences() == []


def test_every_key_that_is_asked_for_is_there():
    known = set(words("en"))
    for path in [*INBOX.rglob("*.html"), *INBOX.rglob("*.py")]:
        asked = re.findall(
            r"""\b(?:t|say|t_in)\((?:"\w\w", )?['"]([a-z_]+\.[a-z_.0-9]+)['"]""", path.read_text("utf-8")
        )
        assert {
            key for key in asked if not (key.startswith("errors.e") or key.endswith("."))
        } - known == set(), path.name


def test_no_key_is_there_for_nobody():
    pages = "".join(path.read_text("utf-8") for path in [*INBOX.rglob("*.html"), *INBOX.rglob("*.py")])
    unused = [key for key in words("en") if f'"{key}"' not in pages and f"'{key}'" not in pages]
    assert [key for key in unused if not MADE.match(key)] == []


def test_every_role_has_a_name_and_says_what_it_does():
    for language in LANGUAGES:
        for role in Role:
            assert words(language)[f"roles.{role}"]
            assert words(language)[f"role_hints.{role}"]
