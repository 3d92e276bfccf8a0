"""A text from a phone to the line: Twilio's own keywords, the webhook, its fallback, and the TwiML answer."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from simulator.exchange import Exchange
from simulator.opt_out import is_opted_out, keyword_type, note_keyword
from simulator.records import Media, Text, new_sid
from simulator.sizes import LONGEST_BODY
from simulator.webhooks.inbound_form import Attachment, Sending, inbound_form
from simulator.webhooks.messaging_twiml import read_messaging
from simulator.webhooks.sender import Answer
from simulator.webhooks.signing import Manner
from simulator.webhooks.status_callbacks import API_VERSION, set_off

MOST_REDIRECTS = 5


def accept(exchange: Exchange, sending: Sending, pictures: list[Attachment], media_base: str) -> Text:
    """Take a text from a phone. The SID of an earlier one repeats that one's webhook."""
    sid = sending.message_sid or new_sid("MM" if sending.media or pictures else "SM")
    now = exchange.clock.now()
    files = [Media(new_sid("ME"), one.content_type, now, one.content) for one in pictures]
    served = f"{media_base}/{API_VERSION}/Accounts/{exchange.config.account_sid}/Messages/{sid}/Media/"
    with exchange.state.lock:
        known = exchange.state.texts.get(sid)
        return known or exchange.state.add_text(
            sid=sid,
            from_=sending.phone,
            to=sending.to,
            body=sending.body,
            media=[*sending.media, *(served + one.sid for one in files)],
            files=files,
            direction="inbound",
            status="received",
            via="phone",
            messaging_service_sid=exchange.config.messaging_service_sid or None,
        )


def forward(exchange: Exchange, text: Text, sending: Sending) -> dict[str, Any]:
    """Post the webhook, its fallback when that fails, and send what the answer asks for."""
    kind = keyword_type(sending.body)
    own_answer = note_keyword(exchange.state, sending.to, sending.phone, kind, exchange.config.help_answer)
    if own_answer:
        _to_phone(exchange, text, own_answer, "twilio")
    forwarding = _Forwarding(exchange, text, inbound_form(exchange.config, text, sending, kind))
    answer = exchange.webhooks.wait_for("sms", sending.phone, forwarding.run, signature=sending.signature)
    text.error_code, text.answered = answer.error_code or None, True
    return {
        "message_sid": text.sid,
        "webhook_status": answer.status,
        "twiml": answer.body,
        "error_code": answer.error_code,
        "attempts": forwarding.attempts,
    }


@dataclass
class _Forwarding:
    exchange: Exchange
    text: Text
    fields: dict[str, Any]
    attempts: list[dict[str, Any]] = field(default_factory=list)

    def run(self, manner: Manner) -> Answer:
        """The webhook, its fallback and what the answer asks for, once."""
        config, fields = self.exchange.config, self.fields
        answer = self._post(config.sms_path, fields, manner)
        if answer.error_code:
            failed = config.public_base_url + config.sms_path.partition("#")[0]
            fields = fields | {"ErrorCode": str(answer.error_code), "ErrorUrl": failed}
            answer = self._post(config.sms_fallback_path, fields, manner)
        if not answer.error_code:
            self._act_on(answer, fields, manner)
        return answer

    def _post(self, path: str, fields: dict[str, Any], manner: Manner) -> Answer:
        config = self.exchange.config

        def attempted(answer: Answer) -> None:
            bare = path.partition("#")[0]
            self.attempts.append({"path": bare, "status": answer.status, "error_code": answer.error_code})

        answer = self.exchange.sender.post(
            urljoin(config.public_base_url + config.sms_path, path),
            fields,
            target="sms",
            phone=self.text.from_,
            headers={"I-Twilio-Idempotency-Token": self.text.token},
            manner=manner,
            attempted=attempted,
        )
        if answer.error_code:
            self.exchange.state.alert(answer.error_code, self.text.sid)
        return answer

    def _act_on(self, answer: Answer, fields: dict[str, Any], manner: Manner) -> None:
        for _ in range(MOST_REDIRECTS):
            written = read_messaging(answer.body, answer.content_type)
            for code in written.errors:
                self.exchange.state.alert(code, self.text.sid)
            for _to, body in written.texts:
                _answer(self.exchange, self.text, body)
            if not written.redirect:
                return
            answer = self._post(written.redirect, fields, manner)
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
