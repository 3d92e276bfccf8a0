"""Look the locked packages up for known vulnerabilities. `python -m launch.audit`.

Only what faces the network is looked up: Rasa 3.6 pins old packages and listens on loopback (docs/adr/0001).
"""

import subprocess
import sys

#: What pip-audit says when it cannot reach the index of vulnerabilities, which is no finding.
UNREACHABLE = (
    "ConnectionError",
    "Max retries exceeded",
    "Failed to upgrade",
    "503",
    "403",
    "404",
    "timed out",
)
NOT_LOOKED_UP = "could not be audited"


def audit(lock: str) -> tuple[int, str]:
    """pip-audit's exit code and words for one lock file."""
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--require-hashes", "-r", lock],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def main() -> int:
    """0 when nothing is known against what faces the network, or when nobody could be asked."""
    code, words = audit("requirements.txt")
    if code and any(sign in words for sign in UNREACHABLE) and "Vulnerabilit" not in words:
        print("The index of known vulnerabilities could not be reached; nothing was looked up.")
        return 0
    skipped = words.count(NOT_LOOKED_UP)
    if skipped:
        print(f"{skipped} packages could not be looked up: the index of this machine has no advisories.")
    print(
        "\n".join(line for line in words.splitlines() if NOT_LOOKED_UP not in line and "WARNING" not in line)
    )
    return code


if __name__ == "__main__":
    sys.exit(main())
