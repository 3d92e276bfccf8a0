"""`python -m bot audit verify`: is the log what was written?"""

import argparse
import sys
from typing import Any

from bot import audit
from bot.bootstrap import Line
from bot.db import reading


def register(commands: Any) -> None:
    """Add `audit` to the command line."""
    what = commands.add_parser("audit", help="the log of who did what").add_subparsers(
        required=True, metavar="what"
    )
    verify = what.add_parser("verify", help="read the whole log; 1 when it is not what was written")
    verify.add_argument(
        "--expect", metavar="NUMBER:DIGEST", type=_head, help="a last entry written down before: still there?"
    )
    verify.set_defaults(run=verify_log)


def _head(given: str) -> tuple[int, str]:
    number, _, digest = given.partition(":")
    if not number.isdecimal() or not digest:
        raise argparse.ArgumentTypeError("write it as the last verify said it: 120:ab12...")
    return int(number), digest


def verify_log(line: Line, arguments: argparse.Namespace) -> int:
    """`audit verify`."""
    with reading(line.engine) as session:
        verdict = audit.verify(session, arguments.expect)
    if verdict.broken is not None:
        sys.stderr.write(
            f"Entry {verdict.broken} is not as it was written: {verdict.why}; {verdict.whole} before are\n"
        )
        return 1
    erased = f", {verdict.erased} reasons erased since" if verdict.erased else ""
    sys.stdout.write(f"{verdict.whole} entries, none changed{erased}.\n{verdict.whole}:{verdict.head}\n")
    return 0
