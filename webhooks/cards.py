"""GET /cards/<token>/warmline.vcf: the contact card, which Twilio fetches. Its address is the secret."""

from flask import Blueprint, Response, abort

from bot.bootstrap import now
from bot.cards import CONTENT_TYPE, FILE_NAME, vcard
from webhooks.security import line


def blueprint() -> Blueprint:
    """One route, for GET and HEAD."""
    door = Blueprint("cards", __name__)
    door.get(f"/cards/<token>/{FILE_NAME}")(card)
    return door


def card(token: str) -> Response:
    """The card, or 404 when the address is not ours or its day is over."""
    if not line().card_links.holds(token, now()):
        abort(404)
    answer = Response(vcard(line().settings.twilio_from), content_type=CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
