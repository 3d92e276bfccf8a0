"""A text on its way: queued, sent, delivered, with a signed status callback for each step but the first.

https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
"""

from simulator.exchange import Exchange
from simulator.opt_out import is_opted_out
from simulator.records import Text
from simulator.webhooks.sender import Answer
from simulator.webhooks.signing import Manner

API_VERSION = "2010-04-01"
EXPIRED, QUEUE_OVERFLOW, OPTED_OUT, MEDIA_FAILED = 30036, 30001, 21610, 11200
#: What a text fails with when its persona names no code: unreachable, unknown.
USUAL_CODES = {"undelivered": 30003, "failed": 30008}


def set_off(
    exchange: Exchange, text: Text, queue_seconds: float = 0.0, scheduled_seconds: float = 0.0
) -> None:
    """Start a text's way to the phone; Twilio sends no callback for its first status."""
    if scheduled_seconds:
        exchange.timeline.after(scheduled_seconds, lambda: _begin_scheduled(exchange, text))
    elif text.status == "accepted":
        exchange.timeline.after(_wait(exchange, "queued"), lambda: _queued(exchange, text, queue_seconds))
    else:
        _wait_in_queue(exchange, text, queue_seconds)


def overflow(exchange: Exchange, text: Text) -> None:
    """Fail a text of a service whose sender's queue is full."""
    exchange.timeline.after(
        _wait(exchange, "failed"), lambda: _report(exchange, text, "failed", QUEUE_OVERFLOW)
    )


def _wait(exchange: Exchange, status: str) -> float:
    return exchange.config.status_seconds.get(status, exchange.config.step_seconds)


def _begin_scheduled(exchange: Exchange, text: Text) -> None:
    # Twilio looks at consent when it sends, and not again at the line's rules.
    if is_opted_out(exchange.state, text.from_, text.to):
        _report(exchange, text, "failed", OPTED_OUT)
    else:
        _queued(exchange, text, 0.0)


def _queued(exchange: Exchange, text: Text, queue_seconds: float) -> None:
    if _report(exchange, text, "queued"):
        _wait_in_queue(exchange, text, queue_seconds)


def _wait_in_queue(exchange: Exchange, text: Text, seconds: float) -> None:
    never = exchange.state.persona(text.to).text_status == "never"
    if never or seconds > text.validity:
        exchange.timeline.after(text.validity, lambda: _report(exchange, text, "failed", EXPIRED))
    elif "sending" in exchange.config.status_seconds:
        exchange.timeline.after(seconds + _wait(exchange, "sending"), lambda: _sending(exchange, text))
    else:
        exchange.timeline.after(seconds + _wait(exchange, "sent"), lambda: _sent(exchange, text))


def _sending(exchange: Exchange, text: Text) -> None:
    if _report(exchange, text, "sending"):
        exchange.timeline.after(_wait(exchange, "sent"), lambda: _sent(exchange, text))


def _sent(exchange: Exchange, text: Text) -> None:
    persona = exchange.state.persona(text.to)
    status, code = persona.text_status, persona.text_error_code
    code = code or USUAL_CODES.get(status)
    if not _fetched(exchange, text):
        status, code = "failed", MEDIA_FAILED
    if status == "failed":
        _report(exchange, text, "failed", code)
        return
    if not _report(exchange, text, "sent") or status == "sent":
        return
    first = "delivered" if status == "read" else status
    exchange.timeline.after(_wait(exchange, first), lambda: _arrived(exchange, text, first, code, status))


def _arrived(exchange: Exchange, text: Text, status: str, code: int | None, last: str) -> None:
    if _report(exchange, text, status, code) and last != status:
        exchange.timeline.after(_wait(exchange, last), lambda: _report(exchange, text, last))


def _fetched(exchange: Exchange, text: Text) -> bool:
    """Fetch the media that the line serves, as Twilio does; others are taken as they are."""
    for media in text.files:
        if exchange.sender.is_ours(media.url):
            found = exchange.sender.fetch(media.url)
            if found is None:
                exchange.state.alert(MEDIA_FAILED, text.sid)
                return False
            media.content_type, media.content = found
    return True


def _report(exchange: Exchange, text: Text, status: str, error_code: int | None = None) -> bool:
    if not exchange.state.change_text(text, status, error_code):
        return False
    if text.status_callback:
        fields = _fields(exchange, text, status)

        def send(manner: Manner) -> Answer:
            answer = exchange.sender.post(
                text.status_callback, fields, target="status", phone=text.to, manner=manner
            )
            if answer.error_code:
                exchange.state.alert(answer.error_code, text.sid)
            return answer

        exchange.webhooks.send("status", text.to, send)
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
    if status in {"delivered", "undelivered"}:
        # The carrier's receipt, to the minute.
        fields["RawDlrDoneDate"] = text.updated.strftime("%y%m%d%H%M")
    return fields
