"""TwiML that answers a text: https://www.twilio.com/docs/messaging/twiml"""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError, fromstring

#: https://www.twilio.com/docs/api/errors: document parse failure, schema validation, invalid content type.
PARSE_FAILURE, SCHEMA_WARNING, BAD_CONTENT_TYPE = 12100, 12200, 12300
XML_TYPES = {"text/xml", "application/xml"}


@dataclass
class Written:
    """The texts a document asks for (`to`, `body`), a redirect if any, and Twilio's complaints."""

    texts: list[tuple[str, str]] = field(default_factory=list)
    redirect: str = ""
    errors: list[int] = field(default_factory=list)


def parse(document: str) -> Element | None:
    """The root element of well-formed XML without a DTD, else None."""
    # Without a DTD there are no entities to blow up.
    if "<!DOCTYPE" in document:
        return None
    try:
        return fromstring(document)  # noqa: S314
    except (ParseError, ValueError):
        return None


def read_messaging(document: str, content_type: str) -> Written:
    """What to send for a webhook's answer. A plain text answer is itself a message."""
    if not document.strip():
        return Written()
    if content_type == "text/plain":
        return Written(texts=[("", document.strip())])
    if content_type not in XML_TYPES:
        return Written(errors=[BAD_CONTENT_TYPE])
    root = parse(document)
    if root is None:
        return Written(errors=[PARSE_FAILURE])
    if root.tag != "Response":
        return Written(errors=[SCHEMA_WARNING])
    written = Written()
    for verb in root:
        if verb.tag in {"Message", "Sms"}:
            body = "".join(part.text or "" for part in verb.iter("Body")) or (verb.text or "")
            written.texts.append((verb.get("to", ""), body.strip()))
        elif verb.tag == "Redirect":
            written.redirect = (verb.text or "").strip()
            break
        else:
            written.errors.append(SCHEMA_WARNING)
    return written
