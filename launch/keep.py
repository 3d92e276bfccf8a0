"""Keep one process running: `python -m launch.keep NAME command ...`, a line of the Procfile.

A process that dies is started again: soon when it had come up, later and later while it does not. One that
has been up before is never given up: what took it away (memory, a full disk, a lost database) may pass
by itself at four in the morning. One that never came up cannot: this exits non-zero with a clear line, and
honcho brings everything else down. Never half a line.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from launch import readiness

#: So many deaths before it was ever up are enough.
TOO_MANY = 5
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LOOK_EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 8.0


class Keeper:
    """One process and its restarts."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        pids: Path,
        say: Callable[[str], object],
        is_up: readiness.IsUp,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self.name, self.command, self.say = name, command, say
        self._is_up, self._first_pause = is_up, first_pause
        self._pid_file = pids / name
        self._stopping = False
        self._process: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Start, and start again, until stopped (0) or it is hopeless (1)."""
        ever_up, in_a_row = False, 0
        while not self._stopping:
            self._process = subprocess.Popen(self.command)
            with suppress(OSError):
                # On a full disk the process runs all the same.
                self._pid_file.write_text(str(self._process.pid))
            if self._stopping:
                # Told to stop while it was being started.
                self._process.terminate()
            code, was_up = self._until_dead(self._process)
            if self._stopping:
                break
            ever_up = ever_up or was_up
            in_a_row = 1 if was_up else in_a_row + 1
            if not ever_up and in_a_row >= TOO_MANY:
                self.say(f"{self.name} died {TOO_MANY} times and never came up (exit {code}); giving up.")
                return 1
            pause = min(LONGEST_PAUSE, self._first_pause * 2 ** (in_a_row - 1))
            self.say(f"{self.name} died (exit {code}); starting it again in {pause:g} s.")
            self._pause(pause)
        self._pid_file.unlink(missing_ok=True)
        return 0

    def _until_dead(self, process: subprocess.Popen[bytes]) -> tuple[int, bool]:
        """How it ended, and whether it had come up."""
        began = time.monotonic()
        while True:
            try:
                return process.wait(LOOK_EVERY_SECONDS), False
            except subprocess.TimeoutExpired:
                if self._is_up(time.monotonic() - began):
                    return process.wait(), True

    def _pause(self, seconds: float) -> None:
        # In slices: a signal's handler runs, but does not end a sleep.
        end = time.monotonic() + seconds
        while not self._stopping and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_EVERY_SECONDS))

    def stop_process(self) -> bool:
        """Ask the process to end, and start it no more. Whether there was one to ask."""
        self._stopping = True
        if self._process is None or self._process.poll() is not None:
            return False
        self._process.terminate()
        return True

    def stop(self, *_: object) -> None:
        """As a signal's handler: ask the process to end, and make it end when it does not."""
        if not self.stop_process():
            return
        signal.signal(signal.SIGALRM, lambda *_: self._process and self._process.kill())
        signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)


def main() -> int:
    """Keep what the command line names."""
    name, *command = sys.argv[1:]
    pids = Path(os.environ["WARMLINE_VAR"]) / "pids"
    pids.mkdir(parents=True, exist_ok=True)
    is_up = readiness.of(name, os.environ)
    keeper = Keeper(name, command, pids, lambda words: sys.stderr.write(words + "\n"), is_up)
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, keeper.stop)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main())
