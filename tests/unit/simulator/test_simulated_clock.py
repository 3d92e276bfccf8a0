"""The simulator's clock: it stands still, it is moved on, and what falls due happens in its order."""

from datetime import UTC, datetime, timedelta

from simulated_world import LINE, PHONE


def test_nothing_happens_while_time_stands_still(twilio):
    twilio.freeze()
    before = twilio.get("/clock")
    text = twilio.send()

    assert text.fetch().status == "queued"
    assert twilio.get("/clock") == before
    assert before["frozen"]


def test_moving_time_on_lets_everything_on_the_way_happen_in_order(twilio, line):
    twilio.freeze()
    for number in range(5):
        twilio.send(str(number), status_callback=f"{line.url}/status/{number}")
    twilio.advance(1)
    told = [form["MessageStatus"] for path, form, _ in line.received if path.startswith("/status")]

    assert told == ["sent"] * 5 + ["delivered"] * 5


def test_dates_follow_the_clock(twilio):
    twilio.advance(3600 * 24 * 40)
    text = twilio.send()
    ahead = text.date_created - datetime.now(UTC)

    assert timedelta(days=39, hours=23) < ahead < timedelta(days=40, hours=1)
    assert twilio.client.messages.list(to=PHONE, date_sent_before=datetime.now(UTC)) == []
    assert len(twilio.client.messages.list(from_=LINE, date_sent_after=datetime.now(UTC))) == 1


def test_time_can_run_again_and_a_reset_makes_it_real(twilio):
    twilio.freeze()
    twilio.post("/clock", {"frozen": False})
    assert not twilio.get("/clock")["frozen"]
    twilio.advance(86_400)
    twilio.post("/reset", {})

    now = datetime.fromisoformat(twilio.get("/clock")["now"])
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_clock_asked_for_nonsense_says_what_it_takes(twilio):
    for wrong in ({"advance": -1}, {"advance": "soon"}, {"set": "2030"}):
        assert twilio.http.post(f"{twilio.url}/simulator/clock", json=wrong, timeout=5).status_code == 400
