"""Settings, read once from the environment. Every missing or bad name is told in one error."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError

TWILIO_API = "https://api.twilio.com"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MINIMUM_SECRET_LENGTH = 32
#: The North American toll-free codes.
TOLL_FREE = r"\+18(00|33|44|55|66|77|88)\d{7}$"


@dataclass(frozen=True)
class Settings:
    """Everything the line needs to know about where it runs. Secrets never show in its repr."""

    database_url: str = field(repr=False)
    public_base_url: str
    port: int
    twilio_account_sid: str
    twilio_auth_token: str = field(repr=False)
    twilio_from: str = field(repr=False)
    twilio_api_base: str
    rasa_url: str
    field_keys: tuple[str, ...] = field(repr=False)
    secret_key: str = field(repr=False)
    timezone: str
    actions_port: int
    worker_slot: str
    #: The auth token before its rotation: webhooks signed with it are still let in.
    twilio_auth_token_old: str = field(default="", repr=False)
    #: Shared keys that Twilio may sign webhooks with instead (HMAC-SHA256), by their id.
    twilio_shared_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: What follows # in the webhook addresses of Twilio's console, if Twilio signs it as well.
    twilio_url_fragment: str = ""
    #: More texts than this of one number within so many seconds are a flood.
    flood_texts: int = 15
    flood_seconds: int = 60
    #: How many segments a second the sender may send; 0 for no limit. None: as its kind of number may.
    twilio_mps: float | None = None
    #: Where homes may be called and texted, as ISO 3166 codes.
    call_countries: tuple[str, ...] = ("US", "CA", "PR")
    #: In any 24 hours: minutes and calls of one person, rings of one number; texts to home and to one number.
    call_minutes_per_day: int = 60
    calls_per_day: int = 10
    calls_to_number_per_day: int = 4
    home_texts_per_day: int = 3
    home_texts_to_number_per_day: int = 2
    #: Who was quiet for so many days is forgotten, and what is older of the others; None keeps everything.
    retention_days: int | None = 365
    #: The inbox: minutes without a click, and hours in all, after which somebody signs in again.
    inbox_idle_minutes: int = 30
    inbox_session_hours: int = 12
    #: Reverse proxies before the line, each of which adds to X-Forwarded-For. 0: nobody's word is believed.
    proxies: int = 1
    #: An agency's own sign-in by OpenID Connect: all three or none.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    #: Within so many minutes a case worker answers who has a conversation; in danger within so many.
    worker_answers_minutes: int = 10
    worker_answers_danger_minutes: int = 2

    @property
    def simulated(self) -> bool:
        """True when a simulator on this machine stands in for Twilio."""
        return urlsplit(self.twilio_api_base).hostname in LOOPBACK

    @property
    def segments_per_second(self) -> float:
        """What the sender may send: TWILIO_MPS, or what carriers allow its kind of number.

        A long code 1 and a short code 100 (https://www.twilio.com/docs/api/errors/30001), a toll-free number
        3 (https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html). No limit at the
        simulator.
        """
        if self.twilio_mps is not None:
            return self.twilio_mps
        if self.simulated:
            return 0.0
        if not self.twilio_from.startswith("+"):
            return 100.0
        return 3.0 if re.match(TOLL_FREE, self.twilio_from) else 1.0

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises SettingsError naming everything that is wrong, all at once."""
        reader = _Reader(environ)
        settings = cls(
            database_url=reader.database_url(),
            public_base_url=reader.url("PUBLIC_BASE_URL", None),
            port=reader.port("PORT", 8000),
            twilio_account_sid=reader.pattern(
                "TWILIO_ACCOUNT_SID", r"AC[0-9a-f]{32}", "AC and 32 hex digits"
            ),
            twilio_auth_token=reader.required("TWILIO_AUTH_TOKEN"),
            twilio_from=reader.pattern(
                "TWILIO_FROM", r"\+[1-9]\d{6,14}|\d{3,8}", "a number such as +12065550100 or a short code"
            ),
            twilio_api_base=reader.url("TWILIO_API_BASE", TWILIO_API),
            rasa_url=reader.url("RASA_URL", "http://127.0.0.1:5005"),
            field_keys=reader.field_keys(),
            secret_key=reader.secret(),
            timezone=reader.timezone(),
            actions_port=reader.port("ACTIONS_PORT", 5055),
            worker_slot=reader.pattern("WORKER_SLOT", r"[A-Za-z0-9_-]{1,32}", "letters and digits", "w1"),
            twilio_auth_token_old=environ.get("TWILIO_AUTH_TOKEN_OLD", "").strip(),
            twilio_shared_keys=reader.shared_keys(),
            twilio_url_fragment=environ.get("TWILIO_URL_FRAGMENT", "").strip().lstrip("#"),
            flood_texts=reader.count("FLOOD_TEXTS", 15),
            flood_seconds=reader.count("FLOOD_SECONDS", 60),
            twilio_mps=reader.rate("TWILIO_MPS"),
            call_countries=reader.countries("CALL_COUNTRIES", "US,CA,PR"),
            call_minutes_per_day=reader.count("CALL_MINUTES_PER_DAY", 60),
            calls_per_day=reader.count("CALLS_PER_DAY", 10),
            calls_to_number_per_day=reader.count("CALLS_TO_NUMBER_PER_DAY", 4),
            home_texts_per_day=reader.count("HOME_TEXTS_PER_DAY", 3),
            home_texts_to_number_per_day=reader.count("HOME_TEXTS_TO_NUMBER_PER_DAY", 2),
            retention_days=reader.days("RETENTION_DAYS", 365),
            inbox_idle_minutes=reader.count("INBOX_IDLE_MINUTES", 30),
            inbox_session_hours=reader.count("INBOX_SESSION_HOURS", 12),
            proxies=reader.count("PROXIES", 1, least=0),
            **reader.openid(),
            worker_answers_minutes=reader.count("WORKER_ANSWERS_MINUTES", 10),
            worker_answers_danger_minutes=reader.count("WORKER_ANSWERS_DANGER_MINUTES", 2),
        )
        reader.finish()
        return settings


class _Reader:
    """Collects every complaint instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def finish(self) -> None:
        if self.problems:
            raise SettingsError(
                "These settings need attention:\n" + "\n".join(f"  {p}" for p in self.problems)
            )

    def required(self, name: str) -> str:
        value = self.environ.get(name, "").strip()
        if not value:
            self.problems.append(f"{name} is missing")
        return value

    def pattern(self, name: str, pattern: str, wanted: str, default: str | None = None) -> str:
        value = self.environ.get(name, "").strip() or default or ""
        if not value:
            self.problems.append(f"{name} is missing")
        elif not re.fullmatch(pattern, value):
            self.problems.append(f"{name} must be {wanted}")
        return value

    def url(self, name: str, default: str | None) -> str:
        value = (self.environ.get(name, "").strip() or default or "").rstrip("/")
        if not value:
            self.problems.append(f"{name} is missing")
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            self.problems.append(f"{name} must be a URL such as https://example.org")
        elif parts.query or parts.fragment:
            self.problems.append(f"{name} must have no ? or # in it")
        elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
            self.problems.append(f"{name} must be https, since it leaves this machine")
        return value

    def port(self, name: str, default: int) -> int:
        value = self.environ.get(name, "").strip() or str(default)
        if not value.isdecimal() or not 0 < int(value) < 65536:
            self.problems.append(f"{name} must be a port between 1 and 65535")
            return default
        return int(value)

    def count(self, name: str, default: int, least: int = 1) -> int:
        value = self.environ.get(name, "").strip() or str(default)
        if not value.isdecimal() or not least <= int(value) < 10_000:
            self.problems.append(f"{name} must be a whole number from {least} to 9999")
            return default
        return int(value)

    def days(self, name: str, default: int) -> int | None:
        value = self.environ.get(name, "").strip() or str(default)
        if value == "never":
            return None
        # A month at least: check-ins are promised that far ahead, and a slip must not empty the line.
        if not value.isdecimal() or not 31 <= int(value) < 10_000:
            self.problems.append(f"{name} must be a number of days from 31 to 9999, or never")
            return default
        return int(value)

    def countries(self, name: str, default: str) -> tuple[str, ...]:
        value = self.environ.get(name, "").strip() or default
        if not re.fullmatch(r"[A-Z]{2}(\s*,\s*[A-Z]{2})*", value):
            self.problems.append(f"{name} must be two-letter country codes such as US,CA,PR")
        return tuple(re.findall(r"[A-Z]{2}", value))

    def rate(self, name: str) -> float | None:
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", value):
            self.problems.append(f"{name} must be a number from 0 to 9999, such as 1 or 0.25")
            return None
        return float(value)

    def shared_keys(self) -> dict[str, str]:
        value = self.environ.get("TWILIO_SHARED_KEYS", "").strip()
        pairs = [pair.strip().partition(":") for pair in value.split(",") if pair.strip()]
        if not all(key and secret for key, _, secret in pairs):
            # The value itself is a secret and is not repeated here.
            self.problems.append("TWILIO_SHARED_KEYS must be ids and secrets: id:secret,id:secret")
        return {key: secret for key, _, secret in pairs}

    def secret(self) -> str:
        value = self.required("SECRET_KEY")
        if value and len(value) < MINIMUM_SECRET_LENGTH:
            self.problems.append(f"SECRET_KEY must be at least {MINIMUM_SECRET_LENGTH} characters")
        return value

    def field_keys(self) -> tuple[str, ...]:
        keys = tuple(key.strip() for key in self.required("FIELD_KEYS").split(",") if key.strip())
        try:
            for key in keys:
                Fernet(key)
        except ValueError:
            self.problems.append("FIELD_KEYS must be Fernet keys (32 bytes, URL-safe base64), newest first")
        return keys

    def timezone(self) -> str:
        value = self.environ.get("TIMEZONE", "").strip() or "America/Los_Angeles"
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.problems.append("TIMEZONE must be an IANA name such as America/Los_Angeles")
        return value

    def openid(self) -> dict[str, str]:
        names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
        given = [name for name in names if self.environ.get(name, "").strip()]
        if not given:
            return {}
        issuer = self.url("OIDC_ISSUER", None)
        # The issuer's own spelling counts: its tokens repeat it, a slash at the end as well.
        issuer = self.environ.get("OIDC_ISSUER", "").strip() or issuer
        return {
            "oidc_issuer": issuer,
            "oidc_client_id": self.required("OIDC_CLIENT_ID"),
            "oidc_client_secret": self.required("OIDC_CLIENT_SECRET"),
        }

    def database_url(self) -> str:
        value = self.environ.get("DATABASE_URL", "").strip() or "sqlite:///var/warmline.db"
        value = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", value)
        try:
            backend = make_url(value).get_backend_name()
        except (ArgumentError, ValueError):
            backend = ""
        if backend not in {"sqlite", "postgresql"}:
            self.problems.append("DATABASE_URL must be a sqlite:/// or postgresql:// address")
        return value
