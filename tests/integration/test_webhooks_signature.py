"""Who is let in at Twilio's routes. On SQLite and on PostgreSQL where something is stored."""

import time

import pytest
from flask import Flask
from sqlalchemy import select
from twilio.request_validator import HMAC_SHA256, RequestValidator

from bot.bootstrap import Line
from bot.config import Settings
from bot.db import reading
from bot.models import Message, WebhookRefusal
from tests.integration.conftest import PHONE, SETTINGS, TOKEN, close
from webhooks.app import create_app

FORM = {"MessageSid": "SM" + "2" * 32, "From": PHONE, "Body": " hi  ", "FromCity": "", "ToZip": ""}
BASE = SETTINGS["PUBLIC_BASE_URL"]


@pytest.fixture
def door(line):
    """A way to post to the application with other settings and headers."""

    def made(**settings):
        other = Line(Settings.from_env({**SETTINGS, "DATABASE_URL": line.settings.database_url, **settings}))
        other.__dict__["engine"], other.__dict__["durably"] = line.engine, line.durably
        apps.append(create_app(other))
        return apps[-1].test_client()

    apps: list[Flask] = []
    yield made
    for app in apps:
        close(app)


def post(client, token=TOKEN, path="/twilio/sms", algorithm=None, form=FORM, signed_url=None, **headers):
    signature = RequestValidator(token).compute_signature(signed_url or BASE + path, form, algorithm)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, data=form, headers={"X-Twilio-Signature": signature, **named}).status_code


def bodies(line):
    with reading(line.engine) as session:
        return list(session.scalars(select(Message.body)))


def test_a_signed_text_is_let_in_with_its_blank_fields_and_its_spaces(line, door):
    """Case 1."""
    assert post(door()) == 200
    assert bodies(line) == [" hi  "]


@pytest.mark.parametrize("signature", [None, "", "wrong", "A" * 28, "é"])
def test_a_wrong_or_missing_signature_is_refused_and_nothing_is_stored(line, door, signature):
    """Cases 2, 3 and 34: refused, never an error of ours."""
    headers = {} if signature is None else {"X-Twilio-Signature": signature.encode("utf-8").decode("latin-1")}
    assert door().post("/twilio/sms", data=FORM, headers=headers).status_code == 403
    assert bodies(line) == []


def test_a_field_that_was_changed_is_refused(door):
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/twilio/sms", FORM)
    changed = {**FORM, "From": "+12065550199"}
    answer = door().post("/twilio/sms", data=changed, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


def test_a_json_body_is_refused_however_it_is_signed(line, door):
    """Case 42: this signature would not cover it."""
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/twilio/sms", {})
    answer = door().post("/twilio/sms", json=FORM, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 415
    assert bodies(line) == []


@pytest.mark.parametrize("kind", ["multipart/form-data", "text/plain", "application/xml", ""])
def test_any_other_kind_of_body_is_refused(door, kind):
    signature = RequestValidator(TOKEN).compute_signature(BASE + "/twilio/sms", {})
    headers = {"X-Twilio-Signature": signature}
    assert door().post("/twilio/sms", data=b"x", content_type=kind, headers=headers).status_code == 415


@pytest.mark.parametrize("path", ["/twilio/sms", "/twilio/sms/fallback", "/twilio/status", "/twilio/voice"])
def test_get_is_no_way_to_bring_a_text(door, path):
    assert door().get(path).status_code == 405


@pytest.mark.parametrize(
    "query", ["a=%7Eb&c=d%20e", "n=%C3%A9", "p=a%2Fb", "x=%2c&y=%27", "m=%40", "a=1&a=2", "blank="]
)
def test_the_signature_covers_the_target_just_as_it_was_sent(door, query):
    assert post(door(), path=f"/twilio/sms?{query}") == 200


def test_only_the_configured_address_counts_whatever_a_proxy_says(door):
    """Case 10."""
    client = door()
    assert post(client, X_Forwarded_Host="evil.example", X_Forwarded_Path="/other", Host="10.0.0.7") == 200
    assert post(client, signed_url="https://evil.example/twilio/sms", X_Forwarded_Host="evil.example") == 403


def test_a_signature_over_the_port_is_genuine_too(door):
    assert post(door(), signed_url="https://line.example.org:443/twilio/sms") == 200


def test_while_the_token_is_rotated_the_old_one_counts_too(door):
    client = door(TWILIO_AUTH_TOKEN="the-new-token", TWILIO_AUTH_TOKEN_OLD="the-old-token")
    assert post(client, "the-new-token") == 200
    assert post(client, "the-old-token") == 200
    assert post(client, TOKEN) == 403


def test_after_the_rotation_it_does_not(door):
    assert post(door(TWILIO_AUTH_TOKEN="the-new-token"), "the-old-token") == 403


KEYS = {"TWILIO_SHARED_KEYS": "key1:secret-one, key2:secret-two"}


def settings_header(key, algorithm="HMAC_SHA256"):
    return {"X_Twilio_Webhooks_Signature_Settings": f"key={key},algorithm={algorithm}"}


def test_a_shared_key_signs_with_sha256(door):
    client = door(**KEYS)
    assert post(client, "secret-one", algorithm=HMAC_SHA256, **settings_header("key1")) == 200
    assert post(client, "secret-two", algorithm=HMAC_SHA256, **settings_header("key2")) == 200
    assert post(client, "secret-two", algorithm=HMAC_SHA256, **settings_header("key1")) == 403


def test_the_algorithm_is_ours_to_choose(door):
    client = door(**KEYS)
    assert post(client, "secret-one", **settings_header("key1", "HMAC_SHA1")) == 403
    assert post(client, algorithm=HMAC_SHA256) == 403


def test_a_key_we_do_not_know_is_refused_even_with_the_auth_token(door):
    assert post(door(**KEYS), **settings_header("key3")) == 403
    assert post(door(), **settings_header("key1")) == 403
    assert post(door(), algorithm=HMAC_SHA256, **settings_header("")) == 403


def test_webhooks_that_no_rule_gives_a_shared_key_are_signed_as_ever(door):
    assert post(door(**KEYS)) == 200


def test_a_fragment_may_be_part_of_what_is_signed(door):
    """Twilio's pages leave it open; with the setting both ways are genuine."""
    with_fragment = BASE + "/twilio/sms#rc=2&rp=all"
    assert post(door(TWILIO_URL_FRAGMENT="#rc=2&rp=all"), signed_url=with_fragment) == 200
    assert post(door(TWILIO_URL_FRAGMENT="rc=2&rp=all")) == 200
    assert post(door(), signed_url=with_fragment) == 403


def test_another_account_is_refused(door):
    ours = {**FORM, "AccountSid": SETTINGS["TWILIO_ACCOUNT_SID"]}
    assert post(door(), form=ours) == 200
    assert post(door(), form={**FORM, "AccountSid": "AC" + "9" * 32}) == 403


def test_what_is_turned_away_is_counted_for_an_alert(line, door):
    client = door()
    for _ in range(3):
        post(client, "wrong")
    client.post("/twilio/sms", data=FORM)
    client.post("/twilio/sms", json=FORM)
    client.application.extensions["refusals"].close()
    with reading(line.engine) as session:
        found = session.execute(select(WebhookRefusal.reason, WebhookRefusal.count))
        counted: dict[str, int] = {}
        for reason, count in found:
            counted[reason] = counted.get(reason, 0) + count
    assert counted == {"signature": 3, "unsigned": 1, "content_type": 1}
    page = client.get("/metrics").text
    assert 'warmline_webhooks_refused_in_5_minutes{reason="signature"} 3.0' in page
    assert 'warmline_webhooks_refused_in_5_minutes{reason="account"} 0.0' in page


def test_counting_writes_once_for_many(line, door):
    client = door()
    began = time.monotonic()
    for _ in range(200):
        client.post("/twilio/sms", data=FORM)
    assert time.monotonic() - began < 5
    client.application.extensions["refusals"].close()
