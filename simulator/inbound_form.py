"""What Twilio posts for a text that comes in.

Fields: https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from dataclasses import dataclass, field
from typing import Any

from simulator.config import Config
from simulator.records import Text
from simulator.sizes import segments
from simulator.status_callbacks import API_VERSION


@dataclass
class Sending:
    """What a phone sends. `extra` adds, replaces or (with None) removes fields."""

    phone: str
    to: str
    body: str = ""
    media: list[str] = field(default_factory=list)
    message_sid: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    signature: str = "right"


def inbound_form(config: Config, text: Text, sending: Sending, kind: str) -> dict[str, Any]:
    """Every field of the webhook; `kind` is the opt-out keyword's type, if the body is one."""
    # Twilio knows no more than the country of these numbers, and sends the rest blank.
    country = "US" if sending.phone.startswith("+1") else ""
    fields: dict[str, Any] = {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": text.sid,
        "NumMedia": str(len(sending.media)),
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
    for number, url in enumerate(sending.media):
        fields |= {f"MediaUrl{number}": url, f"MediaContentType{number}": "image/jpeg"}
    fields |= sending.extra
    return {name: str(value) for name, value in fields.items() if value is not None}
