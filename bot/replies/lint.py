"""`python -m bot.replies.lint`: what a reply may not be. Exit 1 with a list when one is."""

import re
import string
import sys

import smsutil

from bot.replies.book import LANGUAGES, ReplyBook, load_replies

MAXIMUM_SEGMENTS = 2
EMERGENCY_NUMBER_WITHIN = 25
#: Carriers take these words as an opt-out, so a menu must never ask for one of them.
OPT_OUT_WORDS = re.compile(r"\b(END|QUIT|CANCEL|STOPALL|UNSUBSCRIBE|REVOKE|OPTOUT)\b")
SAMPLE = {
    "label": "Capitol Hill",
    "number": "(206) 555-0143",
    "name": "N" * 28,
    "address": "A" * 40,
    "phone": "(206) 555-0143",
    "hours": "open till 7:30pm",
    "when": "Wednesday, Nov 25 at 9:30am",
    "time": "9:30am",
    "miles": "12.5",
    "weekday": "Wednesday",
    "month": "Nov",
    "day": "25",
    "year": "2025",
}


def problems(book: ReplyBook) -> list[str]:
    """Everything wrong with one language's replies, as sentences."""
    found = []
    for key, text in book.replies.items():
        filled = text.format(**SAMPLE)
        sms = smsutil.split(filled)
        if not smsutil.is_valid_gsm(filled):
            found.append(f"{book.language} {key}: not GSM-7")
        if len(sms.parts) > MAXIMUM_SEGMENTS:
            found.append(f"{book.language} {key}: {len(sms.parts)} segments")
        if OPT_OUT_WORDS.search(text):
            found.append(f"{book.language} {key}: offers a carrier's opt-out word")
        if "!" in text.replace("¡", ""):
            found.append(f"{book.language} {key}: an exclamation mark shouts")
        if key.startswith("emergency_") and not re.search(r"911|988", text[:EMERGENCY_NUMBER_WITHIN]):
            found.append(f"{book.language} {key}: the number must come first")
    return found


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def differences(one: ReplyBook, other: ReplyBook) -> list[str]:
    """Keys and gaps that one language has and the other has not."""
    found = [f"{key}: only in one language" for key in set(one.replies) ^ set(other.replies)]
    found += [f"{key}: spoken in only one language" for key in set(one.spoken) ^ set(other.spoken)]
    found += [
        f"{key}: different gaps"
        for key in set(one.replies) & set(other.replies)
        if _gaps(one.replies[key]) != _gaps(other.replies[key])
    ]
    return found


def main() -> int:
    books = [load_replies(language) for language in LANGUAGES]
    found = [problem for book in books for problem in problems(book)] + differences(*books)
    for problem in sorted(found):
        sys.stdout.write(problem + "\n")
    sys.stdout.write(f"{sum(len(book.replies) for book in books)} replies read, {len(found)} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
