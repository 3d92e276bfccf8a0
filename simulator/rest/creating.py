"""Taking a text for a phone: everything Twilio checks first.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

import re
from datetime import UTC, datetime, timedelta
from mimetypes import guess_type
from urllib.parse import urlsplit

from flask import request

from simulator.errors import TwilioError
from simulator.exchange import Exchange, exchange
from simulator.opt_out import is_opted_out
from simulator.records import Media, Text, new_sid
from simulator.sizes import LONGEST_BODY, segments
from simulator.throughput import QueueFull
from simulator.webhooks.status_callbacks import overflow, set_off

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
SHORT_CODE = re.compile(r"[0-9]{3,8}")
MOST_MEDIA = 10
#: Numbers that always fail: https://www.twilio.com/docs/iam/test-credentials
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
#: The number that test credentials may always send from.
MAGIC_SENDER = "+15005550006"
#: Twilio's default and longest wait in its queue: https://www.twilio.com/docs/errors/21624
LONGEST_VALIDITY = 36_000
#: How far ahead a text may be scheduled: https://www.twilio.com/docs/api/errors/35115
SOONEST, LATEST = timedelta(seconds=300), timedelta(days=35)


def take_text() -> Text:
    """Check the request's form and put the text on its way. Raises TwilioError."""
    form, here = request.form, exchange()
    to, sender, service = (form.get(name, "").strip() for name in ("To", "From", "MessagingServiceSid"))
    if sender.startswith("MG") and not service:
        sender, service = "", sender
    _check_numbers(here, to, sender, service)
    body, media = form.get("Body", ""), form.getlist("MediaUrl")
    _check_content(body, media)
    send_at = _schedule(here, service)
    validity = _validity()
    line = here.config.from_number
    if not here.throughput.may_create(line, here.config.creates_per_second):
        raise TwilioError(20429)
    wait, full = _queue(here, line, body, service, scheduled=send_at is not None)
    if is_opted_out(here.state, line, to):
        raise TwilioError(21610)
    text = here.state.add_text(
        from_=line,
        to=to,
        body=body,
        media=media,
        files=[_file(here, url) for url in media],
        direction="outbound-api",
        status="scheduled" if send_at else "accepted" if service else "queued",
        via="rest",
        status_callback=form.get("StatusCallback", ""),
        messaging_service_sid=service or None,
        validity=validity,
    )
    if full:
        overflow(here, text)
    else:
        set_off(here, text, wait, (send_at - here.clock.now()).total_seconds() if send_at else 0.0)
    return text


def _check_numbers(here: Exchange, to: str, sender: str, service: str) -> None:
    config = here.config
    if not to:
        raise TwilioError(21604)
    if not E164.fullmatch(to) or to == config.from_number:
        raise TwilioError(21211)
    if to in MAGIC_TO:
        raise TwilioError(MAGIC_TO[to])
    if service and service != config.messaging_service_sid:
        raise TwilioError(21701)
    if not service and not sender:
        raise TwilioError(21603)
    if sender in MAGIC_FROM:
        raise TwilioError(MAGIC_FROM[sender])
    if sender and not (E164.fullmatch(sender) or SHORT_CODE.fullmatch(sender)):
        raise TwilioError(21212)
    if sender and sender not in {config.from_number, MAGIC_SENDER}:
        raise TwilioError(21659)
    if here.state.persona(to).landline:
        raise TwilioError(21614)


def _check_content(body: str, media: list[str]) -> None:
    if not body and not media:
        raise TwilioError(21602)
    if len(body) > LONGEST_BODY:
        raise TwilioError(21617)
    if len(media) > MOST_MEDIA:
        raise TwilioError(21623)
    if not all(_is_address(url) for url in media):
        raise TwilioError(21620)
    callback = request.form.get("StatusCallback", "")
    if callback and not _is_address(callback):
        raise TwilioError(21609)


def _is_address(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).netloc)


def _validity() -> float:
    given = request.form.get("ValidityPeriod", str(LONGEST_VALIDITY))
    if not given.isdecimal() or not 1 <= int(given) <= LONGEST_VALIDITY:
        raise TwilioError(21624)
    return float(given)


def _schedule(here: Exchange, service: str) -> datetime | None:
    kind, at = request.form.get("ScheduleType", ""), request.form.get("SendAt", "")
    if not kind and not at:
        return None
    if kind != "fixed":
        raise TwilioError(35126)
    if not at:
        raise TwilioError(35111)
    if not service:
        raise TwilioError(35118)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise TwilioError(35115) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not SOONEST < moment - here.clock.now() <= LATEST:
        raise TwilioError(35115)
    return moment


def _queue(here: Exchange, line: str, body: str, service: str, *, scheduled: bool) -> tuple[float, bool]:
    if scheduled:
        return 0.0, False
    config = here.config
    try:
        wait = here.throughput.reserve(line, segments(body), mps=config.mps, longest=config.queue_seconds)
    except QueueFull:
        # In a service the text is accepted and fails later with 30001.
        if service:
            return 0.0, True
        raise TwilioError(21611) from None
    return wait, False


def _file(here: Exchange, url: str) -> Media:
    kind = guess_type(urlsplit(url).path)[0] or "application/octet-stream"
    return Media(new_sid("ME"), kind, here.clock.now(), url=url)
