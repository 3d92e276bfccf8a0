"""Calls of the simulated Twilio: both legs, screening, what each phone shows, and how calls end."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from simulated_world import HOME, LINE, PHONE, until
from twilio.base.exceptions import TwilioRestException

ANSWER = (
    '<Response><Gather numDigits="1" action="/voice/connect"><Say>Press 1</Say></Gather>'
    "<Say>Goodbye</Say></Response>"
)
CONNECT = (
    f'<Response><Say>Ringing</Say><Dial callerId="{LINE}" answerOnBridge="true" timeout="5" '
    f'action="done?call=7"><Number url="/voice/screen">{HOME}</Number></Dial></Response>'
)
HANG_UP = "<Response><Hangup/></Response>"
SCREEN = (
    '<Response><Gather numDigits="1" action="/voice/accept"><Say>Press 1 to take the call</Say></Gather>'
    "<Hangup/></Response>"
)


@pytest.fixture(autouse=True)
def _a_call_home(line):
    line.answers |= {
        "/voice": ANSWER,
        "/voice/connect": lambda form: CONNECT if form["Digits"] == "1" else "<Response/>",
        "/voice/screen": SCREEN,
        "/voice/accept": lambda form: (
            "<Response/>" if form["Digits"] == "1" else "<Response><Hangup/></Response>"
        ),
    }


@pytest.fixture
def ring(twilio, line):
    def start(**options):
        return twilio.client.calls.create(
            to=PHONE,
            from_=LINE,
            url=f"{line.url}/voice",
            status_callback=f"{line.url}/voice/status",
            **options,
        )

    return start


def dialled(line):
    return line.forms("/voice/done")[0]


def test_a_call_home_joins_two_people_who_both_press_1(twilio, line, ring):
    placed = ring(record=False)
    call = twilio.finished_call()
    person, home = call["legs"]

    assert placed.status == "queued"
    assert (call["sid"], call["status"], call["bridged"]) == (placed.sid, "completed", True)
    assert (person["phone"], person["caller_id"], person["said"]) == (PHONE, LINE, ["Press 1", "Ringing"])
    assert (home["phone"], home["caller_id"], home["said"]) == (HOME, LINE, ["Press 1 to take the call"])
    assert not person["recorded"]
    assert not home["recorded"]
    assert dialled(line)["DialCallStatus"] == "completed"
    assert dialled(line)["DialCallSid"] == home["sid"]
    assert int(dialled(line)["DialCallDuration"]) >= 1
    assert line.unsigned == 0


def test_the_voice_webhooks_carry_twilios_fields(twilio, line, ring):
    placed = ring()
    twilio.finished_call()
    answered, screened = line.forms("/voice")[0], line.forms("/voice/screen")[0]

    assert (answered["CallSid"], answered["CallStatus"]) == (placed.sid, "in-progress")
    assert (answered["Direction"], answered["From"], answered["To"]) == ("outbound-api", LINE, PHONE)
    assert (screened["ParentCallSid"], screened["Direction"]) == (placed.sid, "outbound-dial")
    assert (screened["From"], screened["To"]) == (LINE, HOME)


@pytest.mark.parametrize("digits", ["", "2"])
def test_home_that_does_not_press_1_is_not_joined(twilio, line, ring, digits):
    twilio.post(f"/phones/{HOME}/persona", {"digits": digits})
    ring()
    call = twilio.finished_call()

    assert not call["bridged"]
    assert (dialled(line)["DialCallStatus"], dialled(line)["DialBridged"]) == ("completed", "false")
    assert "DialCallDuration" not in dialled(line)


@pytest.mark.parametrize(
    ("persona", "status"),
    [({"answers": False}, "no-answer"), ({"busy": True}, "busy"), ({"fails": True}, "failed")],
)
def test_home_that_cannot_be_reached_is_reported_to_the_action(twilio, line, ring, persona, status):
    twilio.post(f"/phones/{HOME}/persona", persona)
    ring()
    call = twilio.finished_call()

    assert dialled(line)["DialCallStatus"] == status
    assert call["legs"][1]["status"] == status
    assert call["status"] == "completed"


@pytest.mark.parametrize(
    ("persona", "status"),
    [({"answers": False}, "no-answer"), ({"busy": True}, "busy"), ({"fails": True}, "failed")],
)
def test_a_person_who_cannot_be_reached_ends_the_call(twilio, line, ring, persona, status):
    twilio.post(f"/phones/{PHONE}/persona", persona)
    ring()
    told = until(lambda: line.forms("/voice/status"))

    assert [form["CallStatus"] for form in told] == [status]
    assert line.forms("/voice") == []
    assert twilio.client.calls.list()[0].status == status


def test_a_person_who_presses_nothing_hears_the_rest_and_home_is_not_rung(twilio, line, ring):
    twilio.post(f"/phones/{PHONE}/persona", {"digits": ""})
    ring()
    call = twilio.finished_call()

    assert call["legs"][0]["said"] == ["Press 1", "Goodbye"]
    assert len(call["legs"]) == 1


def test_screening_that_just_ends_joins_the_two(twilio, line, ring):
    line.answers["/voice/screen"] = "<Response><Say>Hello</Say></Response>"
    ring()

    assert twilio.finished_call()["bridged"]


def test_without_a_caller_id_home_sees_the_persons_own_number(twilio, line, ring):
    line.answers["/voice/connect"] = f"<Response><Dial><Number>{HOME}</Number></Dial></Response>"
    ring()

    assert twilio.finished_call()["legs"][1]["caller_id"] == PHONE


def test_a_caller_id_that_is_not_ours_makes_dial_fail(twilio, line, ring):
    line.answers["/voice/connect"] = CONNECT.replace(LINE, "+12065550199")
    ring()
    call = twilio.finished_call()

    assert dialled(line)["DialCallStatus"] == "failed"
    assert call["legs"][0]["errors"] == [13214]


def test_status_callbacks_come_only_for_the_events_asked_for(twilio, line, ring):
    ring()
    completed = until(lambda: line.forms("/voice/status"))
    assert [form["CallStatus"] for form in completed] == ["completed"]
    assert completed[0]["CallDuration"].isdecimal()

    line.received.clear()
    ring(status_callback_event=["initiated", "ringing", "answered", "completed"])
    told = until(lambda: len(line.forms("/voice/status")) == 4 and line.forms("/voice/status"))
    assert [form["CallStatus"] for form in told] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("status", ["completed", "canceled"])
def test_a_ringing_call_can_be_hung_up(twilio, line, ring, status):
    twilio.post(f"/phones/{PHONE}/persona", {"rings_seconds": 20})
    placed = ring()
    placed.update(status=status)

    assert twilio.finished_call()["status"] == "canceled"
    assert line.forms("/voice") == []
    with pytest.raises(TwilioRestException) as refused:
        placed.update(status="completed")
    assert refused.value.code == 21220


def test_hanging_up_while_home_rings_stops_both_legs(twilio, line, ring):
    twilio.post(f"/phones/{HOME}/persona", {"rings_seconds": 4})
    placed = ring()
    until(lambda: any(len(call["legs"]) == 2 for call in twilio.get("/calls")))
    placed.update(status="completed")
    call = twilio.finished_call()

    assert [leg["status"] for leg in call["legs"]] == ["completed", "canceled"]
    assert not call["bridged"]


def test_a_webhook_that_fails_is_apologised_for_as_twilio_does(twilio, line, ring):
    line.answers["/voice"] = ("broken", 500)
    ring()
    leg = twilio.finished_call()["legs"][0]

    assert leg["errors"] == [11200]
    assert "application error" in leg["said"][0]


def test_a_call_that_goes_round_in_circles_is_ended(twilio, line, ring):
    line.answers["/voice"] = "<Response><Redirect>/voice</Redirect></Response>"
    ring()

    assert twilio.finished_call()["legs"][0]["errors"] == [12200]


def test_a_phone_can_be_answered_and_its_keys_pressed_by_hand(twilio, line, ring):
    twilio.post(f"/phones/{PHONE}/persona", {"by_hand": True})
    placed = ring()
    for key in ("answer", "1"):
        twilio.post(f"/calls/{placed.sid}/keys", {"key": key})
    call = twilio.finished_call()

    assert call["bridged"]
    assert call["legs"][0]["pressed"] == ["1"]


def test_a_phone_that_declines_by_hand_is_busy(twilio, line, ring):
    twilio.post(f"/phones/{PHONE}/persona", {"by_hand": True})
    placed = ring()
    twilio.post(f"/calls/{placed.sid}/keys", {"key": "hang-up"})

    assert twilio.finished_call()["status"] == "busy"


def test_a_phone_can_ring_the_line(twilio, line):
    line.answers["/twilio/voice"] = "<Response><Say>Please text</Say></Response>"
    call = twilio.post(f"/phones/{quote(PHONE)}/calls", {})
    form = line.forms("/twilio/voice")[0]

    assert (call["said"], call["status"]) == (["Please text"], "completed")
    assert (form["Direction"], form["From"], form["To"]) == ("inbound", PHONE, LINE)


def test_calls_are_listed_by_recipient_and_time(twilio, ring):
    placed = ring()
    twilio.finished_call()
    now = datetime.now(UTC)

    found = twilio.client.calls.list(to=PHONE, from_=LINE, start_time_after=now - timedelta(minutes=1))
    assert [call.sid for call in found] == [placed.sid]
    assert twilio.client.calls.list(to=PHONE, start_time_after=now + timedelta(minutes=1)) == []
    fetched = placed.fetch()
    assert (fetched.status, fetched.direction) == ("completed", "outbound-api")
    assert fetched.duration.isdecimal()


@pytest.mark.parametrize(
    ("change", "code"), [({"to": "911"}, 21211), ({"from_": "+12065550199"}, 21210), ({"url": ""}, 21205)]
)
def test_a_call_twilio_refuses_is_refused_with_its_code(twilio, line, change, code):
    asked = {"to": PHONE, "from_": LINE, "url": f"{line.url}/voice"} | change
    with pytest.raises(TwilioRestException) as refused:
        twilio.client.calls.create(**asked)

    assert (refused.value.status, refused.value.code) == (400, code)
    assert twilio.get("/calls") == []
