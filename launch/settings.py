"""Where settings come from: the real environment, then `.env`, then what a first run made up."""

import base64
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from launch.problem import Problem

SIMULATED_NUMBER = "+12065550100"
LOCAL = "local.env"
#: No process of the line runs without them.
SECRETS = ("DATABASE_URL", "FIELD_KEYS", "SECRET_KEY")
TWILIO = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")


def read_file(path: Path) -> dict[str, str]:
    """NAME=value lines; # begins a comment, quotes around a value are dropped. Raises Problem."""
    settings = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().isidentifier():
            raise Problem(f"{path.name}, line {number}: this should be NAME=value.")
        settings[name.strip()] = value.strip().strip("\"'")
    return settings


def var(root: Path, environ: Mapping[str, str]) -> Path:
    """Where this machine's own files go: database, secrets, logs."""
    return Path(environ.get("WARMLINE_VAR") or root / "var").resolve()


def gather(root: Path, var: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Every setting but for ports. Secrets made up here are kept in var/local.env (mode 600)."""
    local = var / LOCAL
    var.mkdir(parents=True, exist_ok=True)
    if not local.exists():
        made = {
            "FIELD_KEYS": base64.urlsafe_b64encode(os.urandom(32)).decode(),
            "SECRET_KEY": secrets.token_urlsafe(48),
            "SIMULATED_ACCOUNT_SID": "AC" + secrets.token_hex(16),
            "SIMULATED_AUTH_TOKEN": secrets.token_hex(16),
        }
        lines = [
            "# Made by the first run. Without FIELD_KEYS nothing stored can be read again: keep a copy safe."
        ]
        lines += [f"{name}={value}" for name, value in made.items()]
        with os.fdopen(os.open(local, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write("\n".join(lines) + "\n")
    kept = read_file(local)
    given = read_file(root / ".env") if (root / ".env").exists() else {}
    settings = {**kept, **{name: value for name, value in given.items() if value}, **environ}
    settings.setdefault("DATABASE_URL", f"sqlite:///{var / 'warmline.db'}")
    settings["WARMLINE_VAR"] = str(var)
    return settings


def is_simulated(settings: Mapping[str, str]) -> bool:
    """Whether the simulator is to be Twilio. Raises Problem when only some of Twilio's settings are there."""
    present = [name for name in TWILIO if settings.get(name)]
    if present and len(present) < len(TWILIO):
        missing = ", ".join(name for name in TWILIO if name not in present)
        raise Problem(f"For a real Twilio number these are missing: {missing}. Set them, or none of them.")
    return not present


def simulate(settings: dict[str, str]) -> None:
    """Make the simulator this line's Twilio."""
    settings["TWILIO_ACCOUNT_SID"] = settings["SIMULATED_ACCOUNT_SID"]
    settings["TWILIO_AUTH_TOKEN"] = settings["SIMULATED_AUTH_TOKEN"]
    settings["TWILIO_FROM"] = SIMULATED_NUMBER
    settings["TWILIO_API_BASE"] = f"http://127.0.0.1:{settings['SIMULATOR_PORT']}"
    settings["PUBLIC_BASE_URL"] = f"http://127.0.0.1:{settings['PORT']}"


def for_commands(root: Path, var: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The settings that `make run` has, for an operator's command. Raises Problem.

    Nobody is called or texted by these commands: the ports may be those of any start.
    """
    gathered = gather(root, var, environ)
    if is_simulated(gathered):
        gathered = {"PORT": "8000", "SIMULATOR_PORT": "8001", **gathered}
        simulate(gathered)
    return gathered


def beside_a_run(root: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """What a command has to go by: its environment; with nothing of the line in it, what `make run` goes by.

    Only where a run has been: secrets that a deployment forgot are missing, not made up. Raises Problem.
    """
    place = var(root, environ)
    if any(environ.get(name) for name in SECRETS) or not (place / LOCAL).exists():
        return dict(environ)
    return for_commands(root, place, environ)
