"""Webhooks that go wrong on the way: twice, late, out of order, cut, lost, replayed, or in another form."""

import pytest
from simulated_world import HOME, PHONE, TOKEN, until
from twilio.request_validator import RequestValidator

SMS, CALLBACK = "/twilio/sms", "/twilio/status/7"


def sids(line, path=SMS):
    return [form["MessageSid"] for form in line.forms(path)]


def test_case_38_a_text_comes_several_times_at_once_with_one_sid(twilio, line):
    twilio.order(sms={"kind": "duplicate", "copies": 3})
    sent = twilio.text("hello")
    forms = until(lambda: len(line.forms(SMS)) == 3 and line.forms(SMS))

    assert forms[0] == forms[1] == forms[2]
    assert set(sids(line)) == {sent["message_sid"]}
    assert len({headers["I-Twilio-Idempotency-Token"] for _, _, headers in line.received}) == 1
    twilio.text("again")
    assert len(line.forms(SMS)) == 4


def test_a_text_comes_again_some_time_later(twilio, line):
    twilio.order(sms={"kind": "duplicate", "spacing": 60})
    twilio.freeze()
    twilio.text("hello")
    assert len(line.forms(SMS)) == 1
    twilio.advance(61)
    until(lambda: len(line.forms(SMS)) == 2)


def test_a_text_is_overtaken_by_the_next(twilio, line):
    twilio.order(sms={"kind": "reorder", "seconds": 60})
    first = twilio.text("first", wait=False)
    until(lambda: not twilio.get("/faults"))
    second = twilio.text("second")
    until(lambda: len(line.forms(SMS)) == 2)

    assert sids(line) == [second["message_sid"], first["message_sid"]]


def test_a_text_that_nothing_overtakes_comes_in_the_end(twilio, line):
    twilio.order(sms={"kind": "reorder", "seconds": 5})
    twilio.freeze()
    twilio.text("alone", wait=False)
    until(lambda: not twilio.get("/faults"))
    assert line.received == []
    # The hold begins on the text's own thread, a moment after its fault is used up.
    until(lambda: twilio.advance(6) or line.forms(SMS))


def test_a_text_comes_late(twilio, line):
    twilio.order(sms={"kind": "delay"})
    twilio.freeze()
    twilio.text("late", wait=False)
    until(lambda: not twilio.get("/faults"))
    assert line.received == []
    until(lambda: twilio.advance(16) or line.forms(SMS))


def test_a_cut_connection_leaves_the_line_with_the_text_and_twilio_with_the_fallback(twilio, line):
    twilio.order(sms={"kind": "cut"})
    sent = twilio.text("hello")
    until(lambda: len(line.received) == 2)

    assert sids(line) == [sent["message_sid"]]
    assert [form["ErrorCode"] for form in line.forms("/twilio/sms/fallback")] == ["11205"]
    assert [attempt["status"] for attempt in sent["attempts"]][0] is None


def test_a_webhook_is_replayed_byte_for_byte(twilio, line):
    twilio.text("hello")
    entry = twilio.journal(target="sms")[0]
    assert twilio.post("/replays", {"journal": entry["id"]})["status"] == 200
    first, again = line.received

    assert first[1] == again[1]
    assert first[2] == again[2]
    assert len(twilio.messages()) == 1


def test_the_earliest_text_of_a_phone_is_replayed_after_a_later_one(twilio, line):
    twilio.text("first")
    twilio.order(sms={"kind": "replay"})
    twilio.text("second")

    until(lambda: [form["Body"] for form in line.forms(SMS)] == ["first", "second", "first"])


@pytest.mark.parametrize("kind", ["bad_signature", "no_signature"])
def test_cases_2_and_3_a_bad_or_missing_signature(twilio, line, kind):
    twilio.order(sms={"kind": kind})

    assert twilio.text("hello")["webhook_status"] == 403
    assert (line.unsigned, line.received) == (2, [])
    assert twilio.text("hello")["webhook_status"] == 200


def test_a_text_comes_as_json_signed_with_its_hash(twilio, line):
    twilio.order(sms={"kind": "json"})
    twilio.text("hello")
    path, form, headers = line.received[0]

    assert (form["Body"], headers["Content-Type"]) == ("hello", "application/json")
    assert "bodySHA256" not in path


def test_case_42_json_that_was_changed_after_it_was_signed(twilio, line):
    twilio.order(sms={"kind": "tampered_json"})

    assert twilio.text("hello")["webhook_status"] == 403
    assert line.received == []


def test_a_text_comes_by_get_with_its_fields_in_the_address(twilio, line):
    twilio.order(sms={"kind": "get"})
    twilio.text("a b & c ñ")

    assert line.forms(SMS)[0]["Body"] == "a b & c ñ"
    assert twilio.journal(target="sms")[0]["method"] == "GET"


def test_a_status_is_lost(twilio, line):
    twilio.order(status={"kind": "lost"})
    text = twilio.send(status_callback=line.url + CALLBACK)
    until(lambda: text.fetch().status == "delivered")
    until(lambda: line.forms(CALLBACK))

    assert [form["MessageStatus"] for form in line.forms(CALLBACK)] == ["delivered"]


def test_a_status_comes_twice(twilio, line):
    twilio.order(status={"kind": "duplicate"})
    twilio.send(status_callback=line.url + CALLBACK)
    until(lambda: len(line.forms(CALLBACK)) == 3)

    assert sorted(form["MessageStatus"] for form in line.forms(CALLBACK)) == ["delivered", "sent", "sent"]


def test_case_35_delivered_comes_before_sent(twilio, line):
    twilio.order(status={"kind": "reorder", "seconds": 60})
    twilio.send(status_callback=line.url + CALLBACK)
    until(lambda: len(line.forms(CALLBACK)) == 2)

    assert [form["MessageStatus"] for form in line.forms(CALLBACK)] == ["delivered", "sent"]


def test_a_fault_can_strike_one_phone_alone_and_every_time(twilio, line):
    twilio.order(sms={"kind": "bad_signature", "phone": PHONE, "times": None})
    assert [twilio.text("hello")["webhook_status"] for _ in range(3)] == [403] * 3
    assert twilio.post(f"/phones/{HOME}/texts", {"body": "hello"})["webhook_status"] == 200
    assert twilio.get("/faults")["sms"][0]["times"] is None


def test_a_fault_by_chance_is_the_same_with_the_same_seed(twilio):
    def struck():
        twilio.order(sms={"kind": "bad_signature", "times": None, "chance": 0.5}, seed=7)
        return [twilio.text("hello")["webhook_status"] for _ in range(12)]

    first = struck()
    assert {200, 403} == set(first)
    assert struck() == first


def test_faults_of_several_kinds_add_up(twilio, line):
    twilio.order(sms=[{"kind": "duplicate"}, {"kind": "get"}])
    twilio.text("hello")
    entries = until(lambda: len(found := twilio.journal(target="sms")) == 2 and found)

    assert [entry["faults"] for entry in entries] == [["duplicate", "get"]] * 2
    assert len(line.forms(SMS)) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"sms": {"kind": "rain"}}, {"weather": {"kind": "lost"}}, {"sms": {"kind": "lost", "color": 1}}, [1]],
)
def test_an_order_for_something_unknown_is_refused(twilio, wrong):
    answer = twilio.http.post(f"{twilio.url}/simulator/faults", json=wrong, timeout=5)

    assert answer.status_code == 400
    assert twilio.get("/faults") == {}


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (CALLBACK, {}),
        (CALLBACK, {"MessageSid": "SM" + "1" * 32, "MessageStatus": "huh"}),
        ("/twilio/status", {"MessageSid": "SM" + "2" * 32, "MessageStatus": "delivered", "Extra": ""}),
        (SMS, {}),
    ],
    ids=["case 12", "case 13", "case 18", "case 4"],
)
def test_any_webhook_can_be_made_up_and_is_signed(twilio, line, path, fields):
    answer = twilio.post("/webhooks", {"path": path, "fields": fields})

    assert answer["status"] == 200
    assert line.forms(path) == [fields]


def test_a_made_up_webhook_can_have_its_own_headers_signature_and_form(twilio, line):
    asked = {"path": SMS, "fields": {"From": PHONE}, "headers": {"X-Forwarded-Path": "/elsewhere"}}
    assert twilio.post("/webhooks", asked)["status"] == 200
    assert line.received[0][2]["X-Forwarded-Path"] == "/elsewhere"
    assert twilio.post("/webhooks", asked | {"signature": "wrong"})["status"] == 403
    assert twilio.post("/webhooks", asked | {"form": "json"})["status"] == 200
    url = f"{twilio.url}/simulator/webhooks"
    assert twilio.http.post(url, json={"path": "https://example.org"}, timeout=5).status_code == 400


def test_the_signature_is_the_one_twilios_library_computes(twilio, line):
    twilio.text("hello")
    _, form, headers = line.received[0]
    expected = RequestValidator(TOKEN).compute_signature(line.url + SMS, form)

    assert headers["X-Twilio-Signature"] == expected
