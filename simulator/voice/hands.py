"""Picking up and pressing keys: as the persona says, or by hand on the phone page."""

from queue import Empty

from simulator.personas import Persona
from simulator.voice.call_events import HungUp, wait
from simulator.voice.call_record import Call

ANSWER, HANG_UP = "answer", "hang-up"
DIGITS = frozenset("0123456789*#")


def press(call: Call, key: str) -> None:
    """Somebody presses a key: "answer", "hang-up" or one of 0-9, * and #. Raises ValueError."""
    if key not in DIGITS | {ANSWER, HANG_UP}:
        raise ValueError(key)
    if key == HANG_UP and call.started is not None:
        call.hang_up()
    else:
        call.keys.put(key)


def picked_up(persona: Persona, call: Call, timeout: float) -> str:
    """Ring a phone: "answer", "busy" (declined) or "no-answer". Raises HungUp when it is called off."""
    if persona.by_hand:
        while (key := _next_key(call, timeout)) in DIGITS:
            pass
        # Twilio reports a call that was declined as busy.
        return {ANSWER: ANSWER, HANG_UP: "busy"}.get(key, "no-answer")
    wait(call, min(persona.rings_seconds, timeout))
    return ANSWER if persona.answers and persona.rings_seconds <= timeout else "no-answer"


def pressed(persona: Persona, call: Call, *, most: int, finish: str, timeout: float) -> str:
    """The digits for a Gather: at most `most` (0 is any number), without the key that finishes them."""
    if persona.by_hand:
        keys = _by_hand(call, most, finish, timeout)
    elif isinstance(persona.digits, list):
        turn = len(call.pressed)
        keys = persona.digits[turn] if turn < len(persona.digits) else ""
    else:
        keys = persona.digits
    if finish:
        keys = keys.split(finish)[0]
    keys = keys[:most] if most else keys
    call.pressed.append(keys)
    return keys


def spoken(persona: Persona, call: Call) -> str:
    """The words for a Gather that listens, at the turn whose keys have just been asked for."""
    if isinstance(persona.says, str):
        return persona.says
    turn = len(call.pressed) - 1
    return persona.says[turn] if turn < len(persona.says) else ""


def _by_hand(call: Call, most: int, finish: str, timeout: float) -> str:
    keys = ""
    while not most or len(keys) < most:
        key = _next_key(call, timeout)
        if not key or key == finish:
            break
        keys += key if key in DIGITS else ""
    return keys


def _next_key(call: Call, seconds: float) -> str:
    try:
        key = call.keys.get(timeout=seconds)
    except Empty:
        key = ""
    if call.hung_up.is_set():
        raise HungUp
    return key
