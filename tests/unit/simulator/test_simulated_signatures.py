"""Keys of signatures: the auth token, another token while it is changed, a shared key; and the fragment."""


def test_a_shared_key_signs_with_sha256_and_says_so(twilio, line):
    line.secret = "a shared key"
    twilio.settle(shared_key_name="webhooks_sharedkey_1", shared_key=line.secret)
    twilio.text("hello")
    twilio.send(status_callback=f"{line.url}/status")
    settings = line.received[0][2]["X-Twilio-Webhooks-Signature-Settings"]

    assert settings == "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    assert line.unsigned == 0
    assert "shared_key" not in twilio.get("/settings")


def test_another_token_signs_while_the_tokens_are_changed(twilio, line):
    twilio.settle(signing_token="the old token")
    assert twilio.text("hello")["webhook_status"] == 403
    line.secret = "the old token"
    assert twilio.text("hello")["webhook_status"] == 200


def test_the_fragment_is_signed_only_when_told_so(twilio, line):
    twilio.settle(sms_path="/twilio/sms#rc=2&rp=all")
    twilio.text("hello")
    assert line.unsigned == 0
    twilio.settle(sign_fragment=True)
    attempts = twilio.text("hello")["attempts"]
    # This line knows nothing of the fragment; the fallback's address has none.
    assert [attempt["status"] for attempt in attempts] == [403, 403, 403, 200]


def test_settings_are_checked_and_forgotten_by_a_reset(twilio):
    url = f"{twilio.url}/simulator/settings"
    for wrong in ({"mood": 1}, {"mps": "fast"}, {"auth_token": "mine"}):
        assert twilio.http.post(url, json=wrong, timeout=5).status_code == 400
    assert twilio.settle(mps=3)["mps"] == 3
    twilio.post("/reset", {})
    assert twilio.get("/settings")["mps"] == 0
