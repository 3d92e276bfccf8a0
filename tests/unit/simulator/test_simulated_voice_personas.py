"""People and machines at the second phone, and what a call must never do."""

import pytest
from simulated_world import HOME, LINE, PHONE, until
from twilio.base.exceptions import TwilioRestException

SCREEN = (
    '<Response><Gather numDigits="1" action="/voice/accept"><Say>Press 1</Say></Gather><Hangup/></Response>'
)


def dial(inside: str = "", **attributes: str) -> str:
    written = "".join(f' {name}="{value}"' for name, value in ({"callerId": LINE} | attributes).items())
    number = f'<Number url="/voice/screen"{inside}>{HOME}</Number>'
    return f'<Response><Dial action="/voice/done" timeout="1"{written}>{number}</Dial></Response>'


@pytest.fixture(autouse=True)
def _a_line_that_screens(line):
    line.answers |= {
        "/voice": dial(),
        "/voice/screen": SCREEN,
        "/voice/accept": lambda form: (
            "<Response/>" if form["Digits"] == "1" else "<Response><Hangup/></Response>"
        ),
    }


@pytest.fixture
def call(twilio, line):
    def placed(**options):
        twilio.client.calls.create(to=PHONE, from_=LINE, url=f"{line.url}/voice", **options)
        return twilio.finished_call()

    return placed


@pytest.mark.parametrize(
    ("name", "status", "bridged"),
    [
        ("accepts", "completed", True),
        ("declines", "completed", False),
        ("silent", "completed", False),
        ("hangs_up", "completed", False),
        ("voicemail", "completed", False),
        ("fax", "completed", False),
        ("no_answer", "no-answer", False),
        ("busy", "busy", False),
        ("out_of_service", "failed", False),
    ],
)
def test_only_a_person_who_accepts_is_joined(twilio, line, call, name, status, bridged):
    twilio.behave(HOME, name=name)
    ended = call()

    assert ended["bridged"] is bridged
    assert ended["legs"][1]["status"] == status
    assert line.forms("/voice/done")[0]["DialCallStatus"] == status
    assert twilio.get("/violations") == []


@pytest.mark.parametrize(
    ("name", "found"), [("voicemail", "machine_start"), ("fax", "fax"), ("accepts", "human")]
)
def test_machine_detection_says_who_picked_up_where_it_is_asked_for(twilio, line, call, name, found):
    line.answers["/voice"] = dial(' machineDetection="Enable" amdStatusCallback="/voice/amd"')
    twilio.behave(HOME, name=name)
    call(machine_detection="Enable")

    assert [form["AnsweredBy"] for form in line.forms("/voice/amd")] == [found]
    assert line.forms("/voice")[0]["AnsweredBy"] == "human"
    assert "AnsweredBy" not in line.forms("/voice/screen")[0]


@pytest.mark.parametrize(
    ("persona", "found"),
    [
        ({"name": "voicemail", "greeting_seconds": 0.2}, "machine_end_beep"),
        ({"name": "voicemail", "greeting_ends": "silence"}, "machine_end_silence"),
        ({"name": "voicemail", "greeting_seconds": 3.5}, "unknown"),
        ({"name": "accepts"}, "human"),
        ({"name": "fax"}, "fax"),
    ],
)
def test_a_voice_box_is_heard_out_before_the_line_is_asked_what_to_say(twilio, line, call, persona, found):
    line.answers["/voice"] = "<Response><Say>It is me</Say></Response>"
    twilio.behave(PHONE, **persona)
    ended = call(machine_detection="DetectMessageEnd", machine_detection_timeout=3)

    assert [form["AnsweredBy"] for form in line.forms("/voice")] == [found]
    assert ended["legs"][0]["said"] == ["It is me"]
    assert ended["legs"][0]["answered_by"] == found


@pytest.mark.parametrize(
    "asked", [{"machine_detection": "Yes"}, {"machine_detection": "Enable", "machine_detection_timeout": 60}]
)
def test_machine_detection_that_twilio_does_not_know_is_refused(twilio, line, call, asked):
    with pytest.raises(TwilioRestException):
        call(**asked)


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (dial(record="record-from-answer"), "the call is recorded"),
        ("<Response><Record/></Response>", "the call is recorded"),
        (dial(callerId=PHONE), "the second phone is shown a number that is not the line's"),
        (dial().replace(' url="/voice/screen"', ""), "the second phone is joined without being asked"),
    ],
)
def test_a_broken_promise_is_noted(twilio, line, call, document, rule):
    line.answers["/voice"] = document
    call()

    assert [broken["rule"] for broken in twilio.get("/violations")] == [rule]


def test_recording_asked_for_over_the_api_is_noted_as_well(twilio, call):
    call(record=True)

    assert twilio.get("/violations")[0]["rule"] == "the call is recorded"


def test_reports_of_a_call_come_out_of_order_with_their_numbers(twilio, line, call):
    twilio.order(call_status={"kind": "reorder", "seconds": 30})
    call(
        status_callback=f"{line.url}/voice/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    told = until(lambda: len(line.forms("/voice/status")) == 4 and line.forms("/voice/status"))

    assert [form["SequenceNumber"] for form in told] == ["1", "0", "2", "3"]
    assert [form["CallStatus"] for form in told] == ["ringing", "initiated", "in-progress", "completed"]


def test_a_voice_webhook_can_come_with_a_bad_signature(twilio, line, call):
    twilio.order(voice={"kind": "bad_signature"})

    assert call()["legs"][0]["errors"] == [11200]
    assert line.unsigned == 1
