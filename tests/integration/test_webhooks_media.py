"""Pictures, base64 and the contact card at the line's door. On SQLite and on PostgreSQL."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.bootstrap import now
from bot.cards import CARD
from bot.db import reading
from bot.models import InboundMedia, Message
from tests.integration.delivery_world import DeliveryWorld

PICTURES = {
    "NumMedia": "2",
    "MediaUrl0": "https://api.twilio.com/Media/ME0",
    "MediaContentType0": "image/jpeg",
    "MediaUrl1": "https://elsewhere.example.org/1",
    "MediaContentType1": "text/vcard",
}


def kept(line):
    with reading(line.engine) as session:
        (message,) = session.scalars(select(Message).where(Message.direction == "in"))
        media = session.scalars(select(InboundMedia).order_by(InboundMedia.position)).all()
        return message.body, [(one.url, one.content_type) for one in media]


@pytest.mark.parametrize("body", ["", "look at this"])
def test_pictures_are_kept_as_references_with_or_without_words(line, twilio, body):
    """Cases 5, 6, 28 and 43: nobody fetches them, so no credentials go to anybody."""
    assert twilio.text(body, **PICTURES).status_code == 200
    addresses = [(PICTURES[f"MediaUrl{n}"], PICTURES[f"MediaContentType{n}"]) for n in (0, 1)]
    assert kept(line) == (body, addresses)


def test_a_picture_without_a_body_field_is_a_text_without_words(line, twilio):
    """Case 5."""
    form = {"MessageSid": "SM" + "1" * 32, "From": "+12065550142", **PICTURES}
    assert twilio.post("/twilio/sms", form).status_code == 200
    assert kept(line)[0] == ""


def test_a_repeated_picture_is_kept_once(line, twilio):
    for _ in range(2):
        twilio.text("", **PICTURES)
    assert len(kept(line)[1]) == 2


def test_where_a_picture_lies_is_sealed(line, twilio):
    twilio.text("", **PICTURES)
    with line.engine.connect() as connection:
        (url, *_) = connection.execute(text("SELECT url FROM inbound_media")).scalars()
    assert b"Media" not in bytes(url)


@pytest.mark.parametrize("number", ["x", "-1", "", "999"])
def test_a_number_of_pictures_that_is_none_loses_no_text(line, twilio, number):
    assert twilio.text("food", **{**PICTURES, "NumMedia": number}).status_code == 200
    assert kept(line)[0] == "food"


def test_a_text_in_base64_is_read(line, twilio):
    """Case 7."""
    body = "my friend is at the shelter and we are hungry, ¿dónde hay comida?"
    twilio.text(base64.b64encode(body.encode()).decode())
    assert kept(line)[0] == body


@pytest.mark.parametrize("body", ["98104", "helphelphelphelp", "aaaaaaaaaaaaaaaa==", "okokokok12345678"])
def test_what_may_be_plain_words_is_left_as_it_is(line, twilio, body):
    """Case 7: only what cannot be anything else is decoded."""
    twilio.text(body)
    assert kept(line)[0] == body


def test_an_emergency_in_base64_is_one(twilio):
    body = base64.b64encode(b"my friend overdosed and he is not breathing").decode()
    assert "911" in twilio.text(body).text


class TestCard:
    """Case 27: the contact card is an attachment at an address of its own."""

    def test_whoever_has_the_address_gets_the_card(self, line, twilio):
        path = line.card_links.address(now()).removeprefix(line.settings.public_base_url)
        answer = twilio.client.get(path)
        assert (answer.status_code, answer.mimetype) == (200, "text/vcard")
        assert line.settings.twilio_from in answer.text
        assert twilio.client.head(path).status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"

    def test_nobody_else_does(self, line, twilio):
        address = line.card_links.address(now())
        token = address.split("/")[-2]
        for wrong in (token[:-1], token + "x", "x", "../healthz"):
            assert twilio.client.get(f"/cards/{wrong}/warmline.vcf").status_code == 404

    def test_its_day_is_over_after_a_day_and_two_are_never_alike(self, line, twilio):
        old = line.card_links.address(now() - timedelta(hours=25))
        assert twilio.client.get(old.removeprefix(line.settings.public_base_url)).status_code == 404
        at = now()
        assert line.card_links.address(at) != line.card_links.address(at)

    def test_it_goes_with_the_words_at_an_address_made_when_they_are_sent(self, delivery_world):
        there = delivery_world
        world = DeliveryWorld(
            there.engine,
            there.clock,
            there.work,
            there.messenger,
            address_of=lambda attached: f"https://line.example.org/{attached}.vcf",
        )
        world.put_attached("contact_card", CARD)
        world.put("thanks")
        world.run()
        assert world.messenger.media_urls == ["https://line.example.org/card.vcf", None]
