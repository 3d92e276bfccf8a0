"""What the simulator is told at the start, and what may be changed while it runs."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

#: Who the account is and where the line listens: settled at the start.
FIXED = {"account_sid", "auth_token", "from_number", "public_base_url", "webhook_base_url"}


@dataclass(frozen=True)
class Config:
    """An account with one phone number and the webhooks it is pointed at.

    Durations are in seconds. `public_base_url` is what signatures cover; `webhook_base_url`, when it differs,
    is where the product really listens.
    """

    account_sid: str
    auth_token: str
    from_number: str
    public_base_url: str
    webhook_base_url: str = ""
    #: Webhooks of the number. A fragment holds connection overrides: /twilio/sms#rc=2&rp=all
    sms_path: str = "/twilio/sms"
    sms_fallback_path: str = "/twilio/sms/fallback"
    voice_path: str = "/twilio/voice"
    messaging_service_sid: str = ""
    #: Time between two steps of a text on its way: queued, sent, delivered.
    step_seconds: float = 0.03
    #: The time before one status where it differs; "sending" is skipped unless it is here.
    status_seconds: dict[str, float] = field(default_factory=dict)
    #: Segments a second the line's number sends; 0 is no limit. Twilio's long codes: 1.
    mps: float = 0.0
    #: The longest queue of a sender: https://www.twilio.com/docs/api/errors/21611
    queue_seconds: float = 36_000.0
    #: Creates a second Twilio takes for one sender before it answers 429; 0 is no limit.
    creates_per_second: float = 0.0
    #: How long a text that was taken is missing from lists.
    list_lag_seconds: float = 0.0
    #: How long media of a text that came in cannot be fetched yet, and whether fetching needs credentials.
    media_lag_seconds: float = 0.0
    media_needs_credentials: bool = True
    #: Twilio waits this long for a webhook's answer, then tries the fallback URL.
    webhook_timeout: float = 15.0
    #: The longest real wait at a pause, an unanswered Gather or an unanswered ring; the rest is skipped.
    longest_pause: float = 0.3
    #: Advanced Opt-Out adds OptOutType to the webhook.
    advanced_opt_out: bool = False
    #: Twilio's own answer to HELP and INFO; empty leaves the answer to the product (Advanced Opt-Out can).
    help_answer: str = ""
    #: DialCallStatus after home answered and its screening hung up; Twilio reports it as completed.
    declined_dial_status: str = "completed"
    #: Sign with HMAC-SHA256 and a shared key (its name goes into the header) instead of the auth token:
    #: https://www.twilio.com/docs/usage/webhooks/webhook-shared-keys
    shared_key_name: str = ""
    shared_key: str = ""
    #: Sign with this token instead of the account's, as while a token is being changed.
    signing_token: str = ""
    #: Whether signatures cover the fragment of a configured URL; what Twilio does is not documented.
    sign_fragment: bool = False

    @property
    def connect_base_url(self) -> str:
        """Where the webhooks are reached."""
        return self.webhook_base_url or self.public_base_url

    def changed(self, wanted: dict[str, Any]) -> "Config":
        """The same with some settings changed. Raises ValueError."""
        may_change = {one.name: one.default for one in fields(self) if one.name not in FIXED}
        for name, value in wanted.items():
            if name not in may_change:
                raise ValueError(f"settings are {', '.join(sorted(may_change))}")
            kind: Any = type(getattr(self, name))
            if not isinstance(value, (float, int) if kind is float else kind):
                raise ValueError(f"{name} is a {kind.__name__}")
        return replace(self, **wanted)

    def changeable(self) -> dict[str, Any]:
        """The settings that may be changed, without the secrets."""
        hidden = FIXED | {"shared_key", "signing_token"}
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in hidden}
