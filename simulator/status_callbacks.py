"""A text on its way: queued, sent, delivered, with a signed status callback for each step but the first."""

from simulator.exchange import Exchange
from simulator.records import Text

API_VERSION = "2010-04-01"


def set_off(exchange: Exchange, text: Text) -> None:
    """Start a text's way to the phone; Twilio sends no callback for its first status."""
    exchange.timeline.after(exchange.config.step_seconds, lambda: _sent(exchange, text))


def _sent(exchange: Exchange, text: Text) -> None:
    persona = exchange.state.persona(text.to)
    if persona.text_status == "failed":
        _report(exchange, text, "failed", persona.text_error_code or 30008)
        return
    if not _report(exchange, text, "sent"):
        return
    if persona.text_status == "sent":
        return
    code = persona.text_error_code
    if persona.text_status == "undelivered":
        code = code or 30003
    exchange.timeline.after(
        exchange.config.step_seconds, lambda: _report(exchange, text, persona.text_status, code)
    )


def _report(exchange: Exchange, text: Text, status: str, error_code: int | None = None) -> bool:
    if not exchange.state.change_text(text, status, error_code):
        return False
    if text.status_callback:
        answer = exchange.sender.post(text.status_callback, _fields(exchange, text, status))
        if answer.error_code:
            exchange.state.alert(answer.error_code, text.sid)
    return True


def _fields(exchange: Exchange, text: Text, status: str) -> dict[str, str]:
    fields = {
        "SmsSid": text.sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": text.to,
        "MessageSid": text.sid,
        "AccountSid": exchange.config.account_sid,
        "From": text.from_,
        "ApiVersion": API_VERSION,
    }
    if text.messaging_service_sid:
        fields["MessagingServiceSid"] = text.messaging_service_sid
    if text.error_code:
        fields["ErrorCode"] = str(text.error_code)
    return fields
