"""Phone numbers as people write them, and whether anybody's home can be at one.

What a number is (emergency, premium, which country) is libphonenumber's to say.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import phonenumbers
import yaml
from phonenumbers import Leniency, PhoneNumber, PhoneNumberMatcher, PhoneNumberType

#: Where a number without a country code is.
REGION = "US"
#: US, Canada and Puerto Rico cost the same to ring; other +1 countries are among the dearest there are.
COUNTRIES = frozenset({"US", "CA", "PR"})
TEN_DIGITS, SEVEN_DIGITS = 10, 7
NORTH_AMERICA = 1
#: Nobody's home, and some cost by the minute.
NOT_HOME = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.PAGER,
}
_SHORT = re.compile(r"(?<!\d)\d{3,6}(?!\d)")
_EDGES = re.compile(r"[^\w+]+")


class Unfit(StrEnum):
    """Why nobody's home can be rung at a number."""

    #: 911 and its kin, and numbers that lead there.
    EMERGENCY = "emergency"
    #: 988, 211: the person calls those.
    HELP = "help"
    #: Seven digits: which area?
    NO_AREA = "area"
    #: Costs by the minute, is free for all, or is nobody's home.
    BUSINESS = "business"
    #: A country that the settings do not allow.
    FOREIGN = "foreign"
    #: No number at all, or one that cannot exist.
    NONE = "none"


@dataclass(frozen=True)
class Read:
    """What a text gives for a number: E.164, or why there is none."""

    number: str | None
    unfit: Unfit | None = None


@dataclass(frozen=True)
class _Spoken:
    word: re.Pattern[str]
    digits: Mapping[str, str]
    letter: re.Pattern[str]
    letters: Mapping[str, str]
    help: frozenset[str]


@cache
def _spoken() -> _Spoken:
    page = yaml.safe_load((files("bot") / "phone_numbers.yml").read_text("utf-8"))
    return _Spoken(
        word=re.compile(rf"\b(?:{'|'.join(sorted(page['words'], key=len, reverse=True))})\b"),
        digits={word: str(digit) for word, digit in page["words"].items()},
        letter=re.compile(rf"(?<=\d)[{''.join(page['letters'])}](?=[\s().-]*[\doli])"),
        letters={letter: str(digit) for letter, digit in page["letters"].items()},
        help=frozenset(page["help"]),
    )


def read(text: str, countries: Collection[str] = COUNTRIES) -> Read:
    """The one number in a text that could be somebody's home, or what is wrong with it."""
    plain = _plain(text)
    found = _anyhow(plain)
    if found is None:
        return Read(None, _short(plain))
    unfit = _unfit(found, countries)
    return Read(None, unfit) if unfit else Read(_e164(found))


def read_number(text: str) -> str | None:
    """The one number in a text as E.164, wherever it is, or None. Any way of writing it will do."""
    plain = _plain(text)
    found = _anyhow(plain)
    return _e164(found) if found and not _lacks_area(found) else None


def may_ring(number: str, line_number: str, countries: Collection[str] = COUNTRIES) -> bool:
    """Whether somebody's phone may be at this number, and it is not the line's."""
    return number != line_number and _unfit(phonenumbers.parse(number, REGION), countries) is None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("_", " ")


def _found(text: str) -> PhoneNumber | None:
    possible = (match.number for match in PhoneNumberMatcher(text, REGION, Leniency.POSSIBLE))
    found = [number for number in possible if phonenumbers.is_possible_number(number) or _lacks_area(number)]
    # "my old one was 555-0143, now 206-555-0143": the whole one.
    return next((number for number in found if not _lacks_area(number)), found[0] if found else None)


def _anyhow(text: str) -> PhoneNumber | None:
    """The number in a text as it is written, or with its words for digits: "two 0 six 555 0143" is whole."""
    written, said = _found(text), None
    if written is None or _lacks_area(written):
        said = _found(_with_digits(text))
    whole = said if said is not None and not _lacks_area(said) else None
    return whole or written or said or _found_abroad(text)


def _found_abroad(text: str) -> PhoneNumber | None:
    """A number with its country code and no plus: 52 55 1234 5678."""
    digits = re.sub(r"\D", "", text)
    if not TEN_DIGITS + 1 < len(digits) <= 15:  # noqa: PLR2004
        return None
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _with_digits(text: str) -> str:
    """A text with digits for the words and letters that stand for them: "two 0 six 555 o143"."""
    spoken = _spoken()
    said = spoken.word.sub(lambda word: spoken.digits[word[0]], _EDGES.sub(" ", text.casefold()))
    said = spoken.letter.sub(lambda letter: spoken.letters[letter[0]], said)
    said = re.sub(r"\b[oO](?=\d)", "0", said)
    runs = re.findall(r"\d(?:\s?\d)*", said)
    longest = max(runs, key=len, default="")
    return re.sub(r"\s", "", longest)


def _short(text: str) -> Unfit:
    for digits in _SHORT.findall(text):
        if phonenumbers.is_emergency_number(digits, REGION):
            return Unfit.EMERGENCY
        if digits in _spoken().help:
            return Unfit.HELP
    return Unfit.NONE


def _unfit(number: PhoneNumber, countries: Collection[str]) -> Unfit | None:
    national = str(number.national_number)
    if _lacks_area(number):
        return Unfit.NO_AREA
    if phonenumbers.connects_to_emergency_number(national, REGION):
        return Unfit.EMERGENCY
    if number.country_code == NORTH_AMERICA and national[0] not in "23456789":
        return Unfit.NONE
    if phonenumbers.number_type(number) in NOT_HOME:
        return Unfit.BUSINESS
    region = phonenumbers.region_code_for_number(number)
    if region is not None and region not in countries:
        return Unfit.FOREIGN
    if region is None and number.country_code != NORTH_AMERICA:
        return Unfit.NONE
    return None if phonenumbers.is_possible_number(number) else Unfit.NONE


def _lacks_area(number: PhoneNumber) -> bool:
    return number.country_code == NORTH_AMERICA and len(str(number.national_number)) == SEVEN_DIGITS


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
