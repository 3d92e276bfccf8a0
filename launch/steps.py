"""Run one slow command with a sign of life, and keep what it said for when it fails."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch.problem import Problem

SIGN_OF_LIFE_SECONDS = 10
LINES_SHOWN = 15


def tell(words: str) -> None:
    """One line of progress."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def run(
    doing: str,
    command: Sequence[str],
    log: Path,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    *,
    remedy: str = "",
) -> str:
    """Run a command and return its last line of output. Raises Problem with the end of what it said."""
    tell(doing)
    log.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=cwd, env=env)
        try:
            while process.poll() is None:
                try:
                    process.wait(SIGN_OF_LIFE_SECONDS)
                except subprocess.TimeoutExpired:
                    tell(f"  ... {time.monotonic() - began:.0f} s")
        except BaseException:
            process.terminate()
            process.wait()
            raise
    lines = log.read_text("utf-8", "replace").strip().splitlines()
    if process.returncode:
        said = "\n".join("  " + line for line in lines[-LINES_SHOWN:])
        raise Problem(f"{doing.rstrip('.')}: failed. The end of what it said:\n{said}\n{remedy}".rstrip())
    return lines[-1] if lines else ""
