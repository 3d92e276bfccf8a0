"""What Twilio lets be erased: words redacted, records deleted, and nothing that is still under way."""

import pytest
from simulated_world import HOME, LINE, PHONE, SID, TOKEN, until
from twilio.base.exceptions import TwilioRestException

from bot.adapters.twilio_copies import TwilioCopies
from bot.adapters.twilio_host import make_client
from bot.bootstrap import now
from bot.config import Settings
from bot.errors import NotFinal, TryAgain

NOT_COMPLETE, NOT_FOUND, NOT_VALID = 20009, 20404, 30400
PICTURE = {"content_type": "image/png", "base64": "iVBORw0KGgo="}


def refusal(request):
    with pytest.raises(TwilioRestException) as refused:
        request()
    return refused.value.code


@pytest.fixture
def settings():
    # Long enough to be met under way.
    return {"step_seconds": 0.3}


def test_a_text_under_way_is_neither_redacted_nor_deleted(twilio):
    twilio.freeze()
    text = twilio.send("secret")
    assert refusal(lambda: text.update(body="")) == NOT_COMPLETE
    assert refusal(text.delete) == NOT_COMPLETE
    twilio.advance(5)
    assert text.update(body="").body == ""
    assert text.fetch().num_segments is not None


def test_a_body_is_only_ever_emptied(twilio):
    twilio.freeze()
    text = twilio.send("secret")
    twilio.advance(5)
    assert refusal(lambda: text.update(body="something else")) == NOT_VALID
    assert text.fetch().body == "secret"


def test_a_call_is_deleted_when_it_has_ended(twilio):
    call = twilio.client.calls.create(to=PHONE, from_=LINE, twiml="<Response><Pause length='1'/></Response>")
    assert refusal(call.delete) == NOT_COMPLETE
    until(lambda: call.fetch().status == "completed")
    assert call.delete()
    assert refusal(call.fetch) == NOT_FOUND
    assert refusal(call.delete) == NOT_FOUND


@pytest.fixture
def copies(twilio):
    given = {
        "DATABASE_URL": "sqlite://",
        "PUBLIC_BASE_URL": "https://line.example.org",
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": LINE,
        "TWILIO_API_BASE": twilio.url,
        "FIELD_KEYS": "A" * 43 + "=",
        "SECRET_KEY": "s" * 40,
    }
    client = make_client(Settings.from_env(given), now)
    yield TwilioCopies(client, Settings.from_env(given))
    client.http_client.session.close()


def test_a_text_is_erased_with_its_media_and_only_once(twilio, copies):
    sid = twilio.text("secret", attachments=[PICTURE, PICTURE])["message_sid"]
    assert copies.texts_with(PHONE, now()) == [sid]
    assert copies.erase_text(sid) == 2
    assert copies.texts_with(PHONE, now()) == []
    assert copies.erase_text(sid) == 0
    # The words went before the record did.
    steps = [entry["method"] for entry in twilio.journal(direction="to twilio") if sid in entry["sids"]]
    assert steps[:2] == ["POST", "GET"]
    assert steps[-2:] == ["DELETE", "POST"]


def test_a_text_under_way_is_for_another_time(twilio, copies):
    twilio.freeze()
    text = twilio.send("secret")
    with pytest.raises(NotFinal):
        copies.erase_text(text.sid)
    twilio.advance(5)
    assert copies.erase_text(text.sid) == 0


def test_a_call_is_erased_with_the_leg_it_rang(twilio, copies, line):
    dial = f"<Response><Dial><Number>{HOME}</Number></Dial></Response>"
    twilio.behave(HOME, name="busy")
    call = twilio.client.calls.create(to=PHONE, from_=LINE, twiml=dial)
    until(lambda: call.fetch().status == "completed")
    assert twilio.client.calls.list(parent_call_sid=call.sid)
    assert call.sid in copies.calls_with(PHONE, now())
    copies.erase_call(call.sid)
    assert twilio.client.calls.list() == []
    copies.erase_call(call.sid)


def test_a_provider_that_is_away_is_tried_again(twilio, copies):
    sid = twilio.text("secret")["message_sid"]
    twilio.order(lists=[{"kind": 500, "times": None}])
    with pytest.raises(TryAgain):
        copies.texts_with(PHONE, now())
    twilio.order(lists=[])
    assert copies.erase_text(sid) == 0
