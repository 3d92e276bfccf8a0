"""`python3 -m launch run | setup | test-setup | bot ...`: plain sentences, non-zero exit on failure."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - somebody's python3 may well be older
    sys.exit("Warmline needs Python 3.11 or newer, and this one is older. Try: make run PYTHON=python3.12")

from launch import commands
from launch.problem import Problem


def main() -> int:
    """Run one command."""
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = commands.COMMANDS.get(name)
    if chosen is None or (len(sys.argv) > 2 and name != "bot"):
        sys.stderr.write("Say one of: " + ", ".join(sorted(commands.COMMANDS)) + "\n")
        return 2
    try:
        return chosen()
    except Problem as problem:
        sys.stderr.write(f"\n{problem}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Nothing half-made is kept; run the same command again to go on.\n")
        return 130


if __name__ == "__main__":
    sys.exit(main())
