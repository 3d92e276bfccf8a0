"""/inbox/cards: contact cards to hand out. Nothing of anybody is on them."""

from flask import Blueprint, Response, make_response, render_template

from bot.cards import CONTENT_TYPE, FILE_NAME, vcard
from bot.presenting import phone_words
from bot.staff.roles import Permission
from inbox.desk import desk
from inbox.pages.square_code import square_code
from inbox.permits import permit

ON_A_SHEET = 10


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/cards")(cards)
    door.get("/cards/sheet")(card_sheet)
    door.get("/cards/contact")(card_contact)


@permit(Permission.MAKE_CARDS)
def cards() -> str:
    """What the card looks like, and what to do with it."""
    return render_template("cards.html", **_card())


@permit(Permission.MAKE_CARDS)
def card_sheet() -> str:
    """A sheet of cards to print."""
    return render_template("card_sheet.html", how_many=ON_A_SHEET, **_card())


@permit(Permission.MAKE_CARDS)
def card_contact() -> Response:
    """The line as a contact for a phone."""
    answer = make_response(vcard(desk().line.settings.twilio_from))
    answer.headers["Content-Type"] = CONTENT_TYPE
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


def _card() -> dict[str, object]:
    number = desk().line.settings.twilio_from
    return {"number": phone_words(number), "square": square_code(f"sms:{number}")}
