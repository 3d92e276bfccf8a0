"""Pictures: those that come in are behind the account's credentials; ours are fetched as Twilio does."""

from base64 import b64encode

import pytest
from flask import Response
from simulated_world import PHONE, until

PICTURE = b"\x89PNG a picture"
ATTACHED = {"content_type": "image/png", "base64": b64encode(PICTURE).decode()}


@pytest.fixture
def picture(twilio, line):
    def sent(**options):
        twilio.text("look", attachments=[ATTACHED], **options)
        return line.forms("/twilio/sms")[-1]

    return sent


def test_a_picture_comes_with_an_address_at_twilio_that_wants_credentials(twilio, picture):
    form = picture()
    address = form["MediaUrl0"]

    assert (form["NumMedia"], form["MediaContentType0"]) == ("1", "image/png")
    assert form["MessageSid"].startswith("MM")
    assert twilio.http.get(address, timeout=5).status_code == 401
    got = twilio.http.get(address, auth=twilio.client.auth, timeout=5)
    assert (got.content, got.headers["Content-Type"]) == (PICTURE, "image/png")


def test_a_picture_may_not_be_there_for_the_first_moment(twilio, picture):
    twilio.settle(media_lag_seconds=3, media_needs_credentials=False)
    twilio.freeze()
    address = picture()["MediaUrl0"]

    assert twilio.http.get(address, timeout=5).status_code == 404
    twilio.advance(3)
    assert twilio.http.get(address, timeout=5).content == PICTURE


def test_media_are_listed_fetched_and_deleted(twilio, picture):
    sid = picture()["MessageSid"]
    media = twilio.client.messages(sid).media.list()

    assert [(one.content_type, one.parent_sid) for one in media] == [("image/png", sid)]
    assert media[0].fetch().sid == media[0].sid
    assert media[0].delete()
    assert twilio.client.messages(sid).media.list() == []


def test_case_5_two_pictures_without_a_word(twilio, line):
    twilio.text("", attachments=[ATTACHED, ATTACHED], extra={"Body": None})
    form = line.forms("/twilio/sms")[0]

    assert (form["NumMedia"], "Body" in form) == ("2", False)
    assert form["MediaUrl1"] != form["MediaUrl0"]


def test_a_card_of_the_line_is_fetched_and_goes_with_the_text(twilio, line):
    address = f"{line.url}/cards/secret.vcf"
    text = twilio.send("The card", media_url=[address])

    assert (text.sid[:2], text.num_media) == ("MM", "1")
    assert twilio.messages()[0]["media"] == [address]
    # The line of these tests lets nobody in without a signature, so the card could not be fetched.
    failed = until(lambda: (now := text.fetch()).status == "failed" and now)
    assert failed.error_code == 11200
    assert twilio.journal(target="media")[0]["path"] == "/cards"


def test_a_card_that_can_be_fetched_is_delivered_with_its_type(twilio, line):
    line.open["/cards/secret.vcf"] = Response("BEGIN:VCARD", mimetype="text/vcard")
    text = twilio.send("The card", media_url=[f"{line.url}/cards/secret.vcf"])
    until(lambda: text.fetch().status == "delivered")

    assert [one.content_type for one in text.media.list()] == ["text/vcard"]
    assert [one["phone"] for one in twilio.get("/messages")] == [PHONE]


def test_an_attachment_that_is_no_base64_is_refused(twilio):
    url = f"{twilio.url}/simulator/phones/{PHONE}/texts"
    answer = twilio.http.post(url, json={"attachments": [{"base64": "?"}]}, timeout=5)

    assert answer.status_code == 400
