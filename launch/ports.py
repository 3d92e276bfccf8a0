"""Ports: a set one must be free, an unset one is found."""

import socket
from collections.abc import Mapping

from launch.problem import Problem

PREFERRED = {"SIMULATOR_PORT": 8001, "RASA_PORT": 5005, "ACTIONS_PORT": 5055}


def is_free(port: int) -> bool:
    """Whether nobody listens there on loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose(settings: Mapping[str, str]) -> dict[str, str]:
    """The ports of this start. Raises Problem naming a set port that is taken or is none."""
    chosen = {"PORT": _given("PORT", settings.get("PORT") or "8000")}
    for name, preferred in PREFERRED.items():
        if settings.get(name):
            chosen[name] = _given(name, settings[name])
        else:
            free = is_free(preferred) and str(preferred) not in chosen.values()
            chosen[name] = str(preferred) if free else _any_free()
    return chosen


def _given(name: str, value: str) -> str:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise Problem(f"{name} must be a port between 1 and 65535.")
    if not is_free(int(value)):
        raise Problem(
            f"Port {value} ({name}) is taken: another program, or another Warmline, listens there. "
            f"Stop it, or choose another port: {name}={int(value) % 65000 + 10} make run"
        )
    return value


def _any_free() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])
