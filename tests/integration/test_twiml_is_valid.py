"""Every voice route, every branch: documents Twilio would run, and none without its signature."""

import pytest

from bot import calls, roster
from bot.db import writing
from bot.intake import InboundText, receive
from bot.models import CallPurpose
from bot.people import conversation_with
from tests.integration.call_world import HOME, PERSON, ROUTES
from tests.integration.twiml_rules import broken_rules

CALLER = {"From": PERSON, "To": "+12065550100"}
HIDDEN = {"From": "anonymous", "To": "+12065550100"}
KEYS = ["", *"0123456789*#"]
SPEECH = ["food", "he is not breathing", "call my mom", "a person", "spanish", "blarg"]
STATUSES = ["completed", "busy", "no-answer", "failed", "canceled", "huh", ""]


@pytest.fixture
def world(call_world):
    """With somebody on call, and one call of each purpose."""
    line = call_world.line
    with writing(line.engine) as session:
        worker = roster.add_worker(
            session, "Heron", "H", "+12065550181", "UTC", line.settings.twilio_from, call_world.now()
        )
        for weekday in range(7):
            roster.take_shift(session, worker, roster.TakenShift(weekday, 0, 1440, "UTC"), call_world.now())
        conversation = conversation_with(session, PERSON, call_world.now())
        for purpose in (CallPurpose.USING_ALONE, CallPurpose.INCIDENT):
            calls.ring(session, conversation, purpose, f"{purpose}-1", call_world.now(), line.durably)
    return call_world


def walk_the_menu(world, lang):
    for who in (CALLER, HIDDEN):
        world.posts("", **who)
        for tries in "03x":
            for key in KEYS:
                world.posts(f"/menu-choice?lang={lang}&try={tries}", **who, Digits=key)
    for key in KEYS:
        world.posts(f"/menu-home-back?lang={lang}", **CALLER, Digits=key)
    for words in SPEECH:
        world.posts(f"/menu-choice?lang={lang}&try=0", **CALLER, SpeechResult=words)
    for need in ("food", "nonsense", "%22%3E%3CDial%3E"):
        for digits in ("98104", "00000", ""):
            for tries in "02":
                world.posts(f"/menu-zip?lang={lang}&need={need}&try={tries}", **CALLER, Digits=digits)


def walk_to_a_person(world, lang):
    for position in "0129x":
        for status in STATUSES:
            path = f"/menu-person?lang={lang}&position={position}"
            world.posts(path, **CALLER, CallSid="CA" + position * 32, DialCallStatus=status)
    call = world.call(CallPurpose.PERSON).public_id
    world.posts(f"/menu-person-screen?lang={lang}&call={call}")
    for key in KEYS:
        world.posts(f"/menu-person-accept?lang={lang}&call={call}", Digits=key)


def walk_home_by_keys(world, lang):
    sid = "CA" + {"en": "e", "es": "f"}[lang] * 32
    for number in ("2065550177", "911", "", "2065550142"):
        world.posts(f"/menu-home-number?lang={lang}", **CALLER, CallSid=sid, Digits=number)
    world.posts(f"/menu-home-number?lang={lang}", **HIDDEN, Digits="2065550177")
    call = world.call().public_id
    for key in (*KEYS[::-1], "1"):
        world.posts(f"/menu-home-confirm?lang={lang}&call={call}", **CALLER, Digits=key)
    world.posts(f"/done?call={call}", DialCallStatus="completed")
    world.posts(f"/menu-home-confirm?lang={lang}&call={call}", **CALLER, Digits="1")


def walk_a_call_home(world, lang):
    """Twice: the second time the call is over."""
    call = world.rings(number=HOME)
    for _ in range(2):
        world.posts(f"?call={call}")
        for key in KEYS:
            world.posts(f"/connect?call={call}", Digits=key)
        world.posts(f"/screen?call={call}")
        for key in KEYS:
            for more in ("", "&changed=1"):
                world.posts(f"/accept?call={call}&lang={lang}{more}", Digits=key)
        for found in ("human", "machine_start", "fax", "unknown"):
            world.posts(f"/machine?call={call}", AnsweredBy=found)
        for status in STATUSES:
            world.posts(f"/done?call={call}", DialCallStatus=status)
            world.posts(f"/status?call={call}", CallStatus=status, CallDuration="x")


def walk_voicemail(world, lang):
    """Twice: the second time the call is over."""
    with writing(world.line.engine) as session:
        conversation = conversation_with(session, PERSON, world.now())
        last = calls.last_home(session, conversation, world.now())
        text = InboundText(f"SM{lang * 16}", PERSON, "yes")
        yes = receive(session, text, world.now(), world.line.durably).message_id
        call = calls.request_voicemail(session, conversation, last, yes, world.now(), world.line.durably)
        public = call.public_id
    for _ in range(2):
        for found in (
            "human",
            "machine_end_beep",
            "machine_end_silence",
            "machine_start",
            "fax",
            "unknown",
            "",
        ):
            world.posts(f"?call={public}", AnsweredBy=found)
        for key in KEYS:
            world.posts(f"/voicemail-key?call={public}", Digits=key)
        world.posts(f"/voicemail-said?call={public}")
        world.posts(f"/status?call={public}", CallStatus="completed")


def test_every_document_of_every_route_is_one_that_twilio_runs(world):
    world.limits(calls=100, to_number=100)
    for lang in ("en", "es"):
        with world.talking() as (_, conversation):
            conversation.person.language = lang
        for walk in (walk_the_menu, walk_to_a_person, walk_home_by_keys, walk_a_call_home, walk_voicemail):
            walk(world, lang)
    for purpose in (CallPurpose.USING_ALONE, CallPurpose.INCIDENT):
        world.posts(f"?call={world.call(purpose).public_id}")
    # Held to the same rules in test_voice_using_alone.py and test_incidents_doors.py.
    elsewhere = {f"{ROUTES}/alone-key", f"{ROUTES}/incident-key"}
    voice = {route for route in world.routes if route.startswith(ROUTES)}
    assert voice - elsewhere == {path.split("?")[0] for path in world.visited}


def test_no_voice_route_answers_without_twilios_signature(call_world):
    for route in sorted(call_world.routes):
        if route.startswith(ROUTES):
            assert call_world.client.post(route, data={"CallSid": "CA1"}).status_code == 403


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ("<Response><Say>hi</Response>", "not XML"),
        ("<Answer/>", "root"),
        ("<Response><Record/></Response>", "no element"),
        ("<Response><Say/></Response>", "lacks text"),
        ('<Response><Say language="fr-FR">hi</Say></Response>', "language"),
        ('<Response><Say action="/x">hi</Say></Response>', "no attribute"),
        ("<Response><Say><Pause/></Say></Response>", "inside"),
        ('<Response><Gather numDigits="0"/></Response>', "numDigits"),
        ('<Response><Gather input="voice"/></Response>', "input"),
        ('<Response><Gather action="/twilio/voice/nowhere"/></Response>', "nowhere"),
        ("<Response><Gather><Dial/></Gather></Response>", "inside"),
        (
            '<Response><Dial record="record-from-answer"><Number>+12065550177</Number></Dial></Response>',
            "record",
        ),
        ("<Response><Dial><Number>911</Number></Dial></Response>", "E.164"),
        ("<Response><Hangup/><Say>hi</Say></Response>", "never run"),
    ],
)
def test_what_twilio_would_not_run_is_found(document, wrong):
    found = broken_rules(document, routes=frozenset({"/twilio/voice"}))
    assert any(wrong in one for one in found), found


def test_a_document_at_a_number_must_not_dial():
    document = "<Response><Dial><Number>+12065550177</Number></Dial></Response>"
    assert broken_rules(document) == []
    assert broken_rules(document, at_number=True) != []
