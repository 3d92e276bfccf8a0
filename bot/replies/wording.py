"""Replies that need more than filling in: lists of places, hours and times, in plain words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.errors import UnknownReply
from bot.replies.book import ReplyBook, load_replies
from bot.replies.check_in_words import CHECK_IN_WORDS, clock_words
from bot.replies.fitting import SEGMENTS, fitted, gsm, segments, shorten

#: With it a name and a phone number still fit in two segments.
LONGEST_ADDRESS = 120
#: A text holds 1,600 letters; home may write as many.
LONGEST_ANSWER = 1400
#: Replies to "do they take ...".
ELIGIBLE = ("eligible_yes", "eligible_no", "eligible_unknown", "eligible_ages", "eligible_bring")


def render(key: str, fill: Mapping[str, Any], language: str, now: datetime) -> str:
    """The words of one reply. `now` (aware) decides what "tomorrow" means. Raises UnknownReply."""
    book = load_replies(language)
    special = _SPECIAL.get(key)
    return special(book, fill, now) if special else book.words(key, **fill)


def render_spoken(key: str, language: str, **fill: object) -> str:
    """What a caller hears. Raises UnknownReply for a key or a gap nobody wrote."""
    try:
        return load_replies(language).spoken[key].format(**fill)
    except KeyError as error:
        raise UnknownReply(f"No spoken reply {key} with {error}") from error


def spoken_hours(hours: Mapping[str, Any], language: str) -> str:
    """Today's hours of a place."""
    return _hours_words(load_replies(language), hours)


def home_hears(name: str | None, language: str) -> str:
    """Who is calling, in the words the person agreed to."""
    if name is None:
        return render_spoken("home_hears_someone", language)
    return render_spoken("home_hears", language, name=name)


def voicemail_says(name: str | None, language: str) -> str:
    """All that home's voicemail hears: nothing of what the line is, nor of anybody but the name agreed to."""
    return render_spoken("voicemail_says", language, hears=home_hears(name, language))


def _miles_words(miles: float) -> str:
    # As the crow flies: tenths of a mile say too much of what is far.
    return f"{miles:.1f}" if miles < 10 else f"{miles:.0f}"


def _hours_words(book: ReplyBook, hours: Mapping[str, Any]) -> str:
    at, on = hours.get("time"), hours.get("on")
    shown = clock_words(time.fromisoformat(at)) if at else ""
    weekday = book.weekdays[date.fromisoformat(on).weekday()] if on else ""
    words = book.words(f"hours_{hours['kind']}", time=shown, weekday=weekday)
    return book.words("hours_on_holiday", hours=words) if hours.get("holiday") else words


def _service_list(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    matches, first = fill["matches"], fill.get("first_number", 1)
    label, radius = gsm(fill["label"]), fill.get("radius_miles")
    need = book.needs.get(fill.get("need") or "", "")
    head = book.words(
        f"list_head{'_need' if need else ''}{'_far' if radius else ''}",
        **{name: value for name, value in _head_gaps(need, label, radius).items() if value},
    )
    # The last of several lists says what to do with them all.
    tail = (
        ""
        if fill.get("goes_on")
        else book.words("list_tail_one" if len(matches) == 1 and first == 1 else "list_tail")
    )
    wishes = [book.wishes[wish] for wish in fill.get("ask_first") or ()]
    ask_first = book.words("list_ask_first", wishes=book.all_of(wishes)) if wishes else ""

    def write(names: Sequence[str]) -> str:
        lines = [
            book.words(
                "list_line",
                number=number,
                name=name,
                miles=_miles_words(match["miles"]),
                hours=_hours_words(book, match["hours"]),
            )
            for number, (name, match) in enumerate(zip(names, matches, strict=True), first)
        ]
        return "\n".join(filter(None, [head, *lines, ask_first, tail]))

    return fitted(write, [match["name"] for match in matches])


def _head_gaps(need: str, label: str, radius: float | None) -> dict[str, Any]:
    return {"need": need[:1].upper() + need[1:], "label": label, "miles": radius}


def _list_again(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    head = book.words("list_again_head", label=gsm(fill["label"]))
    tail = book.words("list_again_tail")

    def write(names: Sequence[str]) -> str:
        lines = [book.words("list_again_line", number=at, name=name) for at, name in enumerate(names, 1)]
        return "\n".join([head, *lines, tail])

    return fitted(write, fill["names"])


def _ask_place_several(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    return book.words("ask_place_several", needs=book.all_of([book.needs[need] for need in fill["needs"]]))


def _nothing_with_wish(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    wish, miles = book.wishes[fill["wish"]], _miles_words(fill["miles"])
    return book.words("nothing_with_wish", label=gsm(fill["label"]), wish=wish, miles=miles)


def _directions(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    address, miles = shorten(fill["address"], LONGEST_ADDRESS), _miles_words(fill["miles"])
    return book.words(
        "directions", **{**fill, "address": address, "miles": miles, "label": gsm(fill["label"])}
    )


def _eligible(key: str) -> Callable[[ReplyBook, Mapping[str, Any], datetime], str]:
    def write(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
        return book.words(key, **{**fill, "aspect": book.aspects[fill["aspect"]]})

    return write


def _details(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    """Name, address, phone and hours on lines of their own; what else is known as far as there is room."""
    phone, address = gsm(fill.get("phone") or ""), shorten(fill.get("address") or "", LONGEST_ADDRESS)
    facts = [address, phone, _hours_words(book, fill["hours"])]
    notes = [book.words(f"note_{note}") for note in fill.get("notes", ())]
    if fill.get("checked_on"):
        checked = date.fromisoformat(fill["checked_on"])
        month = book.months[checked.month - 1]
        notes.append(book.words("note_stale", month=month, year=checked.year))
    named = [name for name in (fill["name"], fill.get("organization")) if name]
    for names in (named, named[:1]):
        for kept in range(len(notes), -1, -1):
            text = "\n".join([*map(gsm, names), *filter(None, facts), *notes[:kept]])
            if segments(text) <= SEGMENTS:
                return text
    return fitted(lambda short: "\n".join([*short, *filter(None, facts)]), named[:1])


def _which_place(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    lines = [book.words("which_place_head", name=gsm(fill["name"]))]
    for number, label in enumerate(fill["choices"], 1):
        lines.append(book.words("which_place_line", number=number, label=gsm(label)))
    return "\n".join([*lines, book.words("which_place_tail")])


def _alone_contact(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    return fitted(
        lambda cut: book.words("alone_contact", number=fill["number"], place=cut[0]), [gsm(fill["place"])]
    )


def _call_confirmed(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    hears = home_hears(fill.get("name"), book.language)
    return book.words("ask_home_confirmed", number=fill["number"], hears=gsm(hears))


def _home_text(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    name = fill.get("name") or book.words("home_someone")
    return book.words("home_text", name=gsm(name), words=gsm(fill["words"]))


def _voicemail_confirmed(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    return book.words("ask_voicemail_confirmed", text=gsm(voicemail_says(fill.get("name"), book.language)))


def _plain_call_confirmed(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    hears = home_hears(fill.get("name"), book.language)
    return book.words("plain_call_confirm", number=fill["number"], hears=gsm(hears))


def _plain_text_confirmed(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
    return book.words("plain_text_confirm", text=_home_text(book, fill, now))


def _message_confirmed(book: ReplyBook, fill: Mapping[str, Any], now: datetime) -> str:
    return book.words("ask_message_confirmed", text=_home_text(book, fill, now))


def _home_answered(book: ReplyBook, fill: Mapping[str, Any], _now: datetime) -> str:
    return book.words("home_answered", words=fill["words"][:LONGEST_ANSWER])


_SPECIAL: dict[str, Callable[[ReplyBook, Mapping[str, Any], datetime], str]] = {
    "service_list": _service_list,
    "service_details": _details,
    "which_place": _which_place,
    "list_again": _list_again,
    "ask_place_several": _ask_place_several,
    "nothing_with_wish": _nothing_with_wish,
    "directions": _directions,
    **{key: _eligible(key) for key in ELIGIBLE},
    **CHECK_IN_WORDS,
    "alone_contact": _alone_contact,
    "ask_home_confirmed": _call_confirmed,
    "home_text": _home_text,
    "plain_call_confirm": _plain_call_confirmed,
    "plain_text_confirm": _plain_text_confirmed,
    "ask_voicemail_confirmed": _voicemail_confirmed,
    "ask_message_confirmed": _message_confirmed,
    "home_answered": _home_answered,
}
