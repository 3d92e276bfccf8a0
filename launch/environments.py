"""The two Python environments, made from the locked requirements and remade when a lock changes."""

import hashlib
import shutil
import sys
from pathlib import Path

from launch.problem import Problem
from launch.steps import run, tell

STAMP = ".warmline"
NEEDED_BYTES = {"nlu": 4_000_000_000, "line": 700_000_000}
OFFLINE = (
    "If it could not reach the package index, check the network and run the same command again: "
    "what is already downloaded is kept."
)


def make(
    root: Path, folder: Path, python: str, locks: list[Path], log: Path, size: str, expected: str
) -> None:
    """Make an environment unless the one there was made from these very locks. Raises Problem."""
    if made_from(folder, locks):
        return
    stamp = folder / STAMP
    check_space(root, NEEDED_BYTES[size])
    own = folder / "bin" / "python"
    if not own.exists():
        shutil.rmtree(folder, ignore_errors=True)
        run(f"Making {folder.relative_to(root)} ...", [python, "-m", "venv", str(folder)], log, root)
    stamp.unlink(missing_ok=True)
    install = [str(own), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    for lock in locks:
        install += ["-r", str(lock)]
    doing = f"Installing the packages of {folder.relative_to(root)} ({expected}) ..."
    run(doing, install, log, root, remedy=OFFLINE)
    # An installer told not to write bytecode leaves Rasa 10 s of compiling for every start.
    libraries = next((folder / "lib").glob("python3*/site-packages"))
    compiling = [str(own), "-m", "compileall", "-q", "-j", "0", str(libraries)]
    try:
        run(f"Compiling {folder.relative_to(root)} ...", compiling, log, root)
    except Problem:
        # A few packages carry test files of another Python; those never run.
        tell("  (some files are for another Python and stay as they are)")
    stamp.write_text(_digest(locks) + "\n")


def made_from(folder: Path, locks: list[Path]) -> bool:
    """Whether an environment is whole and was made from these very locks."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text().strip() == _digest(locks)


def _digest(locks: list[Path]) -> str:
    digest = hashlib.sha256()
    for lock in locks:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def check_space(root: Path, needed: int) -> None:
    """Raise Problem when the disk has less room than an environment takes."""
    free = shutil.disk_usage(root).free
    if free < needed:
        raise Problem(
            f"There is not enough room on the disk: this step needs about {needed / 1e9:.1f} GB "
            f"and {free / 1e9:.1f} GB are free. Make room and run this again."
        )


def this_python() -> str:
    """The Python that runs us, outside any environment of ours."""
    return getattr(sys, "_base_executable", None) or sys.executable
