"""Runs the TwiML of one leg of a call: https://www.twilio.com/docs/voice/twiml"""

from collections.abc import Callable
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from simulator.exchange import Exchange
from simulator.personas import Persona
from simulator.voice.call_events import HungUp, call_fields, wait
from simulator.voice.call_record import Call
from simulator.voice.hands import pressed, spoken
from simulator.voice.promises import RECORDED
from simulator.webhooks.messaging_twiml import (
    BAD_CONTENT_TYPE,
    PARSE_FAILURE,
    SCHEMA_WARNING,
    XML_TYPES,
    parse,
)
from simulator.webhooks.sender import Answer
from simulator.webhooks.signing import Manner

MOST_DOCUMENTS = 30
SORRY = "We are sorry, an application error has occurred. Goodbye."
#: Rings another phone for a Dial and returns the fields its action is told.
Dialler = Callable[["Leg", Element, str], dict[str, str]]


class NewDocument(Exception):
    """The call goes on in another document."""

    def __init__(self, url: str, fields: dict[str, str]) -> None:
        super().__init__(url)
        self.url, self.fields = url, fields


class Leg:
    """One leg of a call and the document it is in."""

    def __init__(self, exchange: Exchange, call: Call, dial: Dialler | None) -> None:
        self.exchange, self.call, self._dial = exchange, call, dial
        self.url = ""

    def run(self, url: str, twiml: str = "") -> None:
        """Run from a document to where TwiML ends. Raises HungUp when the leg was hung up."""
        step = NewDocument(url, {})
        for _ in range(MOST_DOCUMENTS):
            try:
                self._run_document(step, twiml)
                return
            except NewDocument as following:
                step, twiml = following, ""
            except ValueError:
                # An attribute that should be a number and is not.
                self.fail(SCHEMA_WARNING)
        self.fail(SCHEMA_WARNING)

    def fail(self, code: int) -> None:
        """Say sorry as Twilio does and hang up."""
        self.call.errors.append(code)
        self.exchange.state.alert(code, self.call.sid)
        self.call.said.append(SORRY)
        raise HungUp

    def _run_document(self, step: NewDocument, twiml: str) -> None:
        self.url = urljoin(self.url, step.url)
        kind = "text/xml"
        if not twiml:
            answer = self._asked(call_fields(self.exchange, self.call) | step.fields)
            if answer.error_code:
                self.fail(answer.error_code)
            twiml, kind = answer.body, answer.content_type
        if not twiml.strip():
            return
        if kind not in XML_TYPES:
            self.fail(BAD_CONTENT_TYPE)
        root = parse(twiml)
        if root is None or root.tag != "Response":
            self.fail(PARSE_FAILURE)
            return
        for verb in root:
            self._run_verb(verb)

    def _asked(self, fields: dict[str, str]) -> Answer:
        def send(manner: Manner) -> Answer:
            phone = self.call.phone
            return self.exchange.sender.post(self.url, fields, target="voice", phone=phone, manner=manner)

        return self.exchange.webhooks.wait_for("voice", self.call.phone, send)

    def _run_verb(self, verb: Element) -> None:
        run: dict[str, Callable[[Element], None]] = {
            "Say": self._say,
            "Play": self._play,
            "Pause": self._pause,
            "Gather": self._gather,
            "Dial": self._dial_verb,
            "Redirect": self._redirect,
            "Hangup": self._hang_up,
            "Reject": self._hang_up,
            "Record": self._record,
        }
        if self.call.hung_up.is_set():
            raise HungUp
        run.get(verb.tag, self._unknown)(verb)

    def _unknown(self, _verb: Element) -> None:
        self.call.errors.append(SCHEMA_WARNING)

    def _record(self, _verb: Element) -> None:
        self.call.recorded = True
        self.exchange.state.violation(RECORDED, self.call.sid)

    def _say(self, verb: Element) -> None:
        self.call.said.append("".join(verb.itertext()).strip())
        if self._persona().hangs_up:
            self.call.hang_up()
        wait(self.call, self._persona().listens_seconds)

    def _persona(self) -> Persona:
        return self.exchange.state.persona(self.call.phone)

    def _play(self, verb: Element) -> None:
        self.call.said.append(f"[plays {urljoin(self.url, (verb.text or '').strip())}]")

    def _pause(self, verb: Element) -> None:
        wait(self.call, self._shortened(verb.get("length", "1")))

    def _hang_up(self, _verb: Element) -> None:
        raise HungUp

    def _redirect(self, verb: Element) -> None:
        raise NewDocument((verb.text or "").strip(), {})

    def _gather(self, verb: Element) -> None:
        for inner in verb:
            self._run_verb(inner)
        timeout = verb.get("timeout", "5")
        digits = pressed(
            self._persona(),
            self.call,
            most=int(verb.get("numDigits", "0")),
            finish=verb.get("finishOnKey", "#"),
            timeout=float(timeout),
        )
        # Keys go before words: https://www.twilio.com/docs/voice/twiml/gather#input
        if not digits and "speech" in verb.get("input", "dtmf"):
            words = spoken(self._persona(), self.call)
            if words:
                heard = {"SpeechResult": words, "Confidence": "0.9", "msg": "Gather End"}
                raise NewDocument(verb.get("action", ""), heard)
        if digits or verb.get("actionOnEmptyResult") == "true":
            raise NewDocument(verb.get("action", ""), {"Digits": digits, "msg": "Gather End"})
        wait(self.call, self._shortened(timeout))

    def _dial_verb(self, verb: Element) -> None:
        if self._dial is None:
            # TwiML at a Number's url must not dial: https://www.twilio.com/docs/voice/twiml/number
            self.fail(SCHEMA_WARNING)
            return
        fields = self._dial(self, verb, self.url)
        if action := verb.get("action"):
            raise NewDocument(action, fields)

    def _shortened(self, seconds: str) -> float:
        return min(float(seconds), self.exchange.config.longest_pause)
