"""A whole call: the first leg rings, TwiML runs, Dial rings the second, and the two are joined or not."""

from contextlib import suppress
from time import monotonic
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from simulator.exchange import Exchange
from simulator.voice.call_events import HungUp, detect_machine, move, wait
from simulator.voice.call_record import Call
from simulator.voice.hands import picked_up
from simulator.voice.interpreter import Leg
from simulator.voice.promises import RECORDED, STRANGERS_CALLER_ID, UNSCREENED

#: Dial's callerId is neither ours nor a party's: https://www.twilio.com/docs/api/errors/13214
BAD_CALLER_ID = 13214


def place(exchange: Exchange, call: Call) -> None:
    """Ring a phone for the REST API and run the call to its end."""
    try:
        move(exchange, call, "initiated")
        if _rings(exchange, call, call.timeout):
            _talk(exchange, call)
    except HungUp:
        move(exchange, call, "completed" if call.started else "canceled")


def take(exchange: Exchange, call: Call) -> None:
    """Run the call of a phone that rang the line."""
    call.url = exchange.config.public_base_url + exchange.config.voice_path
    move(exchange, call, "ringing")
    move(exchange, call, "in-progress")
    _talk(exchange, call)


def _talk(exchange: Exchange, call: Call) -> None:
    with suppress(HungUp):
        Leg(exchange, call, _dial).run(call.url, call.twiml)
    move(exchange, call, "completed")


def _rings(exchange: Exchange, call: Call, timeout: float) -> bool:
    persona = exchange.state.persona(call.phone)
    if persona.fails:
        move(exchange, call, "failed")
        return False
    move(exchange, call, "ringing")
    if persona.busy:
        move(exchange, call, "busy")
        return False
    outcome = picked_up(persona, call, timeout)
    if outcome != "answer":
        move(exchange, call, outcome)
        return False
    move(exchange, call, "in-progress")
    detect_machine(exchange, call)
    return True


def _dial(leg: Leg, verb: Element, url: str) -> dict[str, str]:
    numbers = verb.findall("Number") or [verb]
    call, config = leg.call, leg.exchange.config
    # Left out, Twilio shows the number of the phone on the first leg.
    caller_id = verb.get("callerId") or call.phone
    if caller_id not in {config.from_number, call.from_, call.to}:
        call.errors.append(BAD_CALLER_ID)
        return {"DialCallStatus": "failed"}
    if caller_id != config.from_number:
        leg.exchange.state.violation(STRANGERS_CALLER_ID, call.sid)
    recorded = verb.get("record", "do-not-record") not in {"do-not-record", "false"}
    if recorded:
        leg.exchange.state.violation(RECORDED, call.sid)
    timeout, limit = float(verb.get("timeout", "30")), float(verb.get("timeLimit", "14400"))
    outcome = {"DialCallStatus": "no-answer"}
    for number in numbers:
        child = leg.exchange.state.add_call(
            to=(number.text or "").strip(),
            from_=caller_id,
            direction="outbound-dial",
            parent_sid=call.sid,
            url=_address(url, number.get("url")),
            status_callback=_address(url, number.get("statusCallback")),
            status_events=tuple(number.get("statusCallbackEvent", "completed").split()),
            machine_detection=number.get("machineDetection", ""),
            amd_status_callback=_address(url, number.get("amdStatusCallback")),
            recorded=recorded,
        )
        call.children.append(child)
        outcome = _ring_second(leg, child, timeout, limit)
        if child.bridged:
            break
    return outcome


def _address(base: str, given: str | None) -> str:
    return urljoin(base, given) if given else ""


def _ring_second(leg: Leg, child: Call, timeout: float, limit: float) -> dict[str, str]:
    exchange, talked = leg.exchange, 0.0
    try:
        move(exchange, child, "initiated")
        if _rings(exchange, child, timeout):
            if child.url:
                Leg(exchange, child, None).run(child.url)
            else:
                exchange.state.violation(UNSCREENED, child.sid)
            # Screening that ends without Hangup joins the two, whether or not a key was pressed.
            child.bridged = leg.call.bridged = True
            began = monotonic()
            patience = [exchange.state.persona(one.phone).talk_seconds for one in (leg.call, child)]
            wait(child, min(*patience, limit))
            talked = monotonic() - began
    except HungUp:
        pass
    move(exchange, child, "completed" if child.started else "canceled")
    status = child.status
    if status == "completed" and not child.bridged:
        status = exchange.config.declined_dial_status
    fields = {"DialCallStatus": status, "DialCallSid": child.sid, "DialBridged": str(child.bridged).lower()}
    if child.bridged:
        fields["DialCallDuration"] = str(max(1, round(talked)))
    return fields
