"""Start every process of the Procfile with honcho, say when the line answers, and stop them together."""

import json
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

ROOT = Path(__file__).resolve().parents[1]
LOOK_EVERY_SECONDS = 0.25
SAY_SO_AFTER_SECONDS = 60.0


class Log:
    """Where the processes' lines go. One that cannot be written is dropped: a full disk ends nothing."""

    def write(self, words: str) -> None:
        """Write, if there is room."""
        with suppress(OSError):
            sys.stdout.write(words)

    def flush(self) -> None:
        """As of a file."""
        with suppress(OSError):
            sys.stdout.flush()

    def isatty(self) -> bool:
        """As of a file."""
        return sys.stdout.isatty()


def is_simulated() -> bool:
    """Whether the simulator is Twilio here."""
    return urlsplit(os.environ.get("TWILIO_API_BASE", "")).hostname in {"127.0.0.1", "localhost"}


def announce() -> None:
    """Wait until the line is ready, then say what to open."""
    base = f"http://127.0.0.1:{os.environ['PORT']}"
    # Proxies of this machine are not for its own loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    began, told = time.monotonic(), False
    while not _ready(opener, f"{base}/readyz"):
        if not told and time.monotonic() - began > SAY_SO_AFTER_SECONDS:
            told = True
            _say(f"Still starting; {base}/readyz says what is missing.")
        time.sleep(LOOK_EVERY_SECONDS)
    phone = f"  Text it from a phone in your browser: {base}/phone\n" if is_simulated() else ""
    _say(f"\nWarmline is ready.\n{phone}  Is it well? {base}/readyz\n  Stop with Ctrl-C.\n")


def _ready(opener: urllib.request.OpenerDirector, url: str) -> bool:
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(json.load(answer)["ready"])
    except (OSError, urllib.error.URLError, ValueError, KeyError):
        return False


def _say(words: str) -> None:
    log = Log()
    log.write(words + "\n")
    log.flush()


def main() -> int:
    """Run until told to stop or until one process is beyond help."""
    manager = Manager(Printer(Log()))
    for name, command in parse_procfile((ROOT / "Procfile").read_text()).processes.items():
        if name == "simulator" and not is_simulated():
            continue
        manager.add_process(name, command, env=dict(os.environ), cwd=str(ROOT))
    threading.Thread(target=announce, daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


if __name__ == "__main__":
    sys.exit(main())
