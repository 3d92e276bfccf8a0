"""Has a part come up? Asked at its own door, where it has one."""

import http.client
from collections.abc import Callable, Mapping

#: What answers once a part has read all that it needs: the setting that holds its port, and the path. A part
#: that listens on nothing (the worker) is up when it has lived for a while.
DOORS = {
    "web": ("PORT", "/healthz"),
    "rasa": ("RASA_PORT", "/"),
    "actions": ("ACTIONS_PORT", "/health"),
    "simulator": ("SIMULATOR_PORT", "/simulator/settings"),
}
LIVED_SECONDS = 10.0
PATIENCE_SECONDS = 2.0
#: Whether a part is up, given how many seconds it has lived.
IsUp = Callable[[float], bool]


def of(name: str, settings: Mapping[str, str]) -> IsUp:
    """How to tell that the named part is up."""
    port, path = DOORS.get(name, ("", ""))
    if not settings.get(port):
        return lambda lived: lived >= LIVED_SECONDS
    return lambda _: answers(int(settings[port]), path)


def answers(port: int, path: str) -> bool:
    """Whether this machine's own port answers a GET with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
