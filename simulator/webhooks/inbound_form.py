"""What Twilio posts for a text that comes in.

Fields: https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from simulator.config import Config
from simulator.records import Text
from simulator.sizes import segments
from simulator.webhooks.status_callbacks import API_VERSION


@dataclass(frozen=True)
class Attachment:
    """A picture the phone sends; the simulator serves it as Twilio serves media."""

    content_type: str
    content: bytes


@dataclass
class Sending:
    """What a phone sends. `extra` adds, replaces or (with None) removes fields.

    `media` are addresses elsewhere, passed on as they are; `attachments` ({content_type, base64}) are kept
    and served here, behind the account's credentials.
    """

    phone: str
    to: str
    body: str = ""
    media: list[str] = field(default_factory=list)
    attachments: list[dict[str, str]] = field(default_factory=list)
    message_sid: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    signature: str = "right"

    def pictures(self) -> list[Attachment]:
        """The attachments. Raises ValueError or KeyError."""
        return [
            Attachment(one.get("content_type", "image/jpeg"), b64decode(one["base64"], validate=True))
            for one in self.attachments
        ]


def inbound_form(config: Config, text: Text, sending: Sending, kind: str) -> dict[str, Any]:
    """Every field of the webhook; `kind` is the opt-out keyword's type, if the body is one."""
    # Twilio knows no more than the country of these numbers, and sends the rest blank.
    country = "US" if sending.phone.startswith("+1") else ""
    fields: dict[str, Any] = {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": text.sid,
        "NumMedia": str(len(text.media)),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": text.sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": sending.body,
        "FromCountry": country,
        "To": sending.to,
        "ToZip": "",
        "NumSegments": str(segments(sending.body)),
        "MessageSid": text.sid,
        "AccountSid": config.account_sid,
        "From": sending.phone,
        "ApiVersion": API_VERSION,
    }
    if text.messaging_service_sid:
        fields["MessagingServiceSid"] = text.messaging_service_sid
    if kind and config.advanced_opt_out:
        fields["OptOutType"] = kind
    kinds = ["image/jpeg"] * len(sending.media) + [one.content_type for one in text.files]
    for number, url in enumerate(text.media):
        fields |= {f"MediaUrl{number}": url, f"MediaContentType{number}": kinds[number]}
    fields |= sending.extra
    return {name: str(value) for name, value in fields.items() if value is not None}
