"""What the simulator is told at the start."""

from dataclasses import dataclass


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
    sms_path: str = "/twilio/sms"
    sms_fallback_path: str = "/twilio/sms/fallback"
    voice_path: str = "/twilio/voice"
    messaging_service_sid: str = ""
    #: Time between two steps of a text on its way: queued, sent, delivered.
    step_seconds: float = 0.03
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

    @property
    def connect_base_url(self) -> str:
        """Where the webhooks are reached."""
        return self.webhook_base_url or self.public_base_url
