"""A warm start: from `make run` to the answer to a first text, environments and model being there.

`.venv/bin/python benchmarks/start.py [--seconds N]` (N is not used; a start takes as long as it takes).
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.running_line import Phone, RunningLine  # noqa: E402


def main() -> int:
    """Start twice in the same folder, print how long each took to ready and to the first answer."""
    parser = argparse.ArgumentParser(description="How long a start takes.")
    parser.add_argument("--seconds", type=float, default=0)
    parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as var:
        for name in ("new database", "second start"):
            began = time.monotonic()
            line = RunningLine(Path(var))
            ready = time.monotonic() - began
            Phone(line).says("hungry near 98104", "Near 98104")
            rows.append((name, ready, time.monotonic() - began))
            line.stop()
    print(f"{'':14}{'ready s':>9}{'first answer s':>16}")
    for name, ready, answered in rows:
        print(f"{name:14}{ready:9.1f}{answered:16.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
