"""Keep one process running: `python -m launch.keep NAME command ...`, a line of the Procfile.

A process that dies is started again after a moment. One that keeps dying is given up: this exits non-zero
with a clear line, and honcho brings everything else down. Never half a line.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

TOO_MANY = 5
WITHIN_SECONDS = 60.0
LONGEST_PAUSE = 4.0
PATIENCE_SECONDS = 8.0


class Keeper:
    """One process and its restarts."""

    def __init__(self, name: str, command: Sequence[str], pids: Path, say: Callable[[str], object]) -> None:
        self.name, self.command, self.say = name, command, say
        self._pid_file = pids / name
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Start, and start again, until stopped (0) or it is hopeless (1)."""
        deaths: list[float] = []
        while not self._stopping:
            self._process = subprocess.Popen(self.command)
            self._pid_file.write_text(str(self._process.pid))
            code = self._process.wait()
            if self._stopping:
                break
            deaths = [at for at in deaths if time.monotonic() - at < WITHIN_SECONDS] + [time.monotonic()]
            if len(deaths) >= TOO_MANY:
                self.say(f"{self.name} died {TOO_MANY} times in a minute (exit {code}); giving up.")
                return 1
            pause = min(LONGEST_PAUSE, 0.25 * 2 ** len(deaths))
            self.say(f"{self.name} died (exit {code}); starting it again in {pause:g} s.")
            time.sleep(pause)
        self._pid_file.unlink(missing_ok=True)
        return 0

    def stop(self, *_: object) -> None:
        """Ask the process to end, and make it end when it does not."""
        self._stopping = True
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        signal.signal(signal.SIGALRM, lambda *_: self._process and self._process.kill())
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)


def main() -> int:
    """Keep what the command line names."""
    name, *command = sys.argv[1:]
    pids = Path(os.environ["WARMLINE_VAR"]) / "pids"
    pids.mkdir(parents=True, exist_ok=True)
    keeper = Keeper(name, command, pids, lambda words: sys.stderr.write(words + "\n"))
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, keeper.stop)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main())
