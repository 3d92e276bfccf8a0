"""A text from a phone to the line: Twilio's own keywords, the webhook, its fallback, and the TwiML answer."""

from typing import Any
from urllib.parse import urljoin

from simulator.exchange import Exchange
from simulator.inbound_form import Sending, inbound_form
from simulator.messaging_twiml import read_messaging
from simulator.opt_out import is_opted_out, keyword_type, note_keyword
from simulator.records import Text
from simulator.sender import Answer
from simulator.sizes import LONGEST_BODY
from simulator.status_callbacks import set_off

MOST_REDIRECTS = 5


def accept(exchange: Exchange, sending: Sending) -> Text:
    """Take a text from a phone. The SID of an earlier one repeats that one's webhook."""
    given = {"sid": sending.message_sid} if sending.message_sid else {}
    with exchange.state.lock:
        known = exchange.state.texts.get(sending.message_sid)
        return known or exchange.state.add_text(
            from_=sending.phone,
            to=sending.to,
            body=sending.body,
            media=sending.media,
            direction="inbound",
            status="received",
            via="phone",
            messaging_service_sid=exchange.config.messaging_service_sid or None,
            **given,
        )


def forward(exchange: Exchange, text: Text, sending: Sending) -> dict[str, Any]:
    """Post the webhook, its fallback when that fails, and send what the answer asks for."""
    kind = keyword_type(sending.body)
    own_answer = note_keyword(exchange.state, sending.to, sending.phone, kind)
    if own_answer:
        _to_phone(exchange, text, own_answer, "twilio")
    fields = inbound_form(exchange.config, text, sending, kind)
    attempts: list[dict[str, Any]] = []
    answer = _post(exchange, exchange.config.sms_path, fields, text, sending, attempts)
    if answer.error_code:
        failed = exchange.config.public_base_url + exchange.config.sms_path
        fields = fields | {"ErrorCode": str(answer.error_code), "ErrorUrl": failed}
        answer = _post(exchange, exchange.config.sms_fallback_path, fields, text, sending, attempts)
    text.error_code, text.answered = answer.error_code or None, True
    if not answer.error_code:
        _act_on(exchange, answer, fields, text, sending, attempts)
    return {
        "message_sid": text.sid,
        "webhook_status": answer.status,
        "twiml": answer.body,
        "error_code": answer.error_code,
        "attempts": attempts,
    }


def _post(
    exchange: Exchange,
    path: str,
    fields: dict[str, Any],
    text: Text,
    sending: Sending,
    attempts: list[dict[str, Any]],
) -> Answer:
    url = urljoin(exchange.config.public_base_url + exchange.config.sms_path, path)
    token = {"I-Twilio-Idempotency-Token": text.token}
    answer = exchange.sender.post(url, fields, headers=token, signature=sending.signature)
    attempts.append({"path": path, "status": answer.status, "error_code": answer.error_code})
    if answer.error_code:
        exchange.state.alert(answer.error_code, text.sid)
    return answer


def _act_on(
    exchange: Exchange,
    answer: Answer,
    fields: dict[str, Any],
    text: Text,
    sending: Sending,
    attempts: list[dict[str, Any]],
) -> None:
    for _ in range(MOST_REDIRECTS):
        written = read_messaging(answer.body, answer.content_type)
        for code in written.errors:
            exchange.state.alert(code, text.sid)
        for _to, body in written.texts:
            _answer(exchange, text, body)
        if not written.redirect:
            return
        answer = _post(exchange, written.redirect, fields, text, sending, attempts)
        if answer.error_code:
            return


def _answer(exchange: Exchange, text: Text, body: str) -> None:
    if is_opted_out(exchange.state, text.to, text.from_):
        exchange.state.alert(21610, text.sid)
    elif not body:
        exchange.state.alert(14103, text.sid)
    elif len(body) > LONGEST_BODY:
        exchange.state.alert(21617, text.sid)
    else:
        _to_phone(exchange, text, body, "twiml")


def _to_phone(exchange: Exchange, text: Text, body: str, via: str) -> None:
    reply = exchange.state.add_text(
        from_=text.to, to=text.from_, body=body, direction="outbound-reply", status="queued", via=via
    )
    set_off(exchange, reply)
