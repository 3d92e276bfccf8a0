"""What Twilio tells the line about a leg of a call, and the leg's changes of state."""

from email.utils import format_datetime

from simulator.exchange import Exchange
from simulator.state import FINAL_CALL
from simulator.voice.call_record import Call
from simulator.webhooks.sender import Answer
from simulator.webhooks.signing import Manner
from simulator.webhooks.status_callbacks import API_VERSION

#: MachineDetection: the two there are.
AT_ONCE, TO_THE_END = "Enable", "DetectMessageEnd"
#: StatusCallbackEvent names by the CallStatus they report; every end of a call is "completed".
EVENTS = {"queued": "queued", "initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


class HungUp(Exception):
    """The leg is over: somebody put the phone down, or the REST API ended it."""


def call_fields(exchange: Exchange, call: Call) -> dict[str, str]:
    """The fields every voice webhook carries."""
    fields = {
        "CallSid": call.sid,
        "AccountSid": exchange.config.account_sid,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        "CallStatus": call.status,
        "Direction": call.direction,
        "ApiVersion": API_VERSION,
        "ToCountry": "US",
        "ToState": "",
        "ToCity": "",
        "ToZip": "",
        "FromCountry": "US",
        "FromState": "",
        "FromCity": "",
        "FromZip": "",
    }
    if call.parent_sid:
        fields["ParentCallSid"] = call.parent_sid
    if call.answered_by and not call.amd_status_callback:
        fields["AnsweredBy"] = call.answered_by
    return fields


def move(exchange: Exchange, call: Call, status: str) -> None:
    """Move a leg on and send its status callback when the event was asked for."""
    with exchange.state.lock:
        if call.status in FINAL_CALL:
            return
        call.status = status
        if status == "in-progress":
            call.started = exchange.clock.now()
        if status in FINAL_CALL:
            call.ended = exchange.clock.now()
    if not call.status_callback or EVENTS.get(status, "completed") not in call.status_events:
        return
    fields = call_fields(exchange, call) | {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.events_sent),
        "Timestamp": format_datetime(exchange.clock.now()),
    }
    if status == "completed":
        fields |= {"CallDuration": str(call.seconds or 0), "Duration": "1"}
    call.events_sent += 1
    _tell(exchange, call, call.status_callback, fields)


def detect_machine(exchange: Exchange, call: Call) -> None:
    """Let answering machine detection say who picked up, where the line asked for it.

    Asked to wait for the end of the greeting, it says so of a machine only then; a person is known at once.
    """
    if not call.machine_detection:
        return
    persona = exchange.state.persona(call.phone)
    found = persona.answered_by
    if call.machine_detection == TO_THE_END and found == "machine_start":
        wait(call, min(persona.greeting_seconds, call.machine_detection_timeout))
        in_time = persona.greeting_seconds <= call.machine_detection_timeout
        found = f"machine_end_{persona.greeting_ends}" if in_time else "unknown"
    call.answered_by = found
    if call.amd_status_callback:
        fields = {"CallSid": call.sid, "AccountSid": exchange.config.account_sid}
        fields |= {"AnsweredBy": call.answered_by, "MachineDetectionDuration": "0"}
        _tell(exchange, call, call.amd_status_callback, fields)


def _tell(exchange: Exchange, call: Call, url: str, fields: dict[str, str]) -> None:
    def send(manner: Manner) -> Answer:
        answer = exchange.sender.post(url, fields, target="call_status", phone=call.phone, manner=manner)
        if answer.error_code:
            exchange.state.alert(answer.error_code, call.sid)
        return answer

    exchange.webhooks.send("call_status", call.phone, send)


def wait(call: Call, seconds: float) -> None:
    """Let time pass on a leg. Raises HungUp when it ends meanwhile."""
    if call.hung_up.wait(seconds):
        raise HungUp
