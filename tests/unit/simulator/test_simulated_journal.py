"""The journal: every exchange in order, by its ids, without numbers, words or secrets."""

import json

from simulated_world import LINE, PHONE, TOKEN, until


def test_every_exchange_is_there_in_order_with_its_sids(twilio, line):
    came = twilio.text("strawberry")["message_sid"]
    went = twilio.send("raspberry", status_callback=f"{line.url}/twilio/status/7").sid
    until(lambda: len(twilio.journal(target="status")) == 2)
    twilio.client.messages.list(to=PHONE)
    told = [(one["direction"], one["method"], one["path"], one["status"]) for one in twilio.get("/journal")]

    account = f"/2010-04-01/Accounts/{twilio.client.account_sid}/Messages.json"
    assert told == [
        ("to the line", "POST", "/twilio/sms", 200),
        ("to twilio", "POST", account, 201),
        ("to the line", "POST", "/twilio/status/7", 200),
        ("to the line", "POST", "/twilio/status/7", 200),
        ("to twilio", "GET", account, 200),
    ]
    assert [one["sids"] for one in twilio.get("/journal")] == [[came], [went], [went], [went], []]


def test_it_has_no_number_no_word_and_no_secret(twilio, line):
    twilio.text("strawberry", signature="wrong")
    twilio.send("raspberry")
    twilio.client.messages.list(to=PHONE, from_=LINE)
    written = json.dumps(twilio.get("/journal"))

    for secret in (PHONE, PHONE[1:], LINE[1:], "berry", TOKEN):
        assert secret not in written


def test_only_what_is_new_can_be_asked_for(twilio):
    twilio.text("one")
    last = twilio.get("/journal")[-1]["id"]
    twilio.text("two")
    twilio.text("three")

    assert [one["id"] for one in twilio.get(f"/journal?after={last}")] == [last + 1, last + 2]
    assert len(twilio.get(f"/journal?after={last}&limit=1")) == 1
    twilio.post("/reset", {})
    assert twilio.get("/journal") == []


def test_refusals_are_there_with_their_codes(twilio):
    account = f"/2010-04-01/Accounts/{twilio.client.account_sid}/Messages.json"
    twilio.http.post(twilio.url + account, data={"To": PHONE}, timeout=5)
    twilio.http.post(twilio.url + account, data={"To": PHONE}, auth=twilio.client.auth, timeout=5)

    assert [(one["status"], one["error_code"]) for one in twilio.get("/journal")] == [
        (401, 20003),
        (400, 21603),
    ]
