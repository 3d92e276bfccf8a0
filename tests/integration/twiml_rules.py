"""Whether Twilio would run a voice TwiML document: elements, nesting, attributes and their values."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import yaml

E164 = re.compile(r"\+[1-9]\d{6,14}")
#: A Say of Twilio's holds at most so many letters: https://www.twilio.com/docs/voice/twiml/say
LONGEST_SAY = 4096
#: https://www.twilio.com/docs/voice/twiml/gather: at most 500 phrases of 100 letters.
LONGEST_HINT = 100


@cache
def rules() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_name("twiml_rules.yml").read_text("utf-8")))


def broken_rules(
    document: str, *, at_number: bool = False, routes: frozenset[str] | None = None
) -> list[str]:
    """What is wrong with a document, as sentences; empty when Twilio would run it.

    `at_number`: it is at a Number's url, and must not dial. With `routes`, addresses lead to them.
    """
    try:
        root = ET.fromstring(document)  # noqa: S314 - our own document
    except ET.ParseError as error:
        return [f"not XML: {error}"]
    if root.tag != "Response":
        return [f"the root is {root.tag}"]
    found = list(_element(root, routes))
    if at_number and root.find(".//Dial") is not None:
        found.append("a document at a Number's url dials")
    children = list(root)
    for position, verb in enumerate(children[:-1]):
        ends = verb.tag in rules()["last"] or (verb.tag in rules()["last_with_action"] and verb.get("action"))
        if ends:
            found.append(f"{children[position + 1].tag} after {verb.tag} is never run")
    return found


def _element(element: ET.Element, routes: frozenset[str] | None) -> list[str]:
    rule = rules()["elements"].get(element.tag)
    if rule is None:
        return [f"{element.tag} is no element the line may use"]
    found = _attributes(element, rule, routes) + _words(element, rule)
    for child in element:
        if child.tag not in rule["children"]:
            found.append(f"{child.tag} inside {element.tag}")
        if (child.tail or "").strip():
            found.append(f"text after {child.tag}")
        found += _element(child, routes)
    return found


def _attributes(element: ET.Element, rule: dict[str, Any], routes: frozenset[str] | None) -> list[str]:
    found = []
    for name, value in element.attrib.items():
        allowed = rule["attributes"].get(name)
        if allowed is None:
            found.append(f"{element.tag} has no attribute {name}")
        elif not _fits(value, allowed):
            found.append(f"{element.tag} {name}={value!r}")
        elif allowed == "url" and routes is not None and value.split("?")[0] not in routes:
            found.append(f"{element.tag} {name} leads nowhere: {value.split('?')[0]}")
    return found


def _words(element: ET.Element, rule: dict[str, Any]) -> list[str]:
    found = []
    words = (element.text or "").strip()
    if bool(words) != bool(rule.get("text")):
        found.append(f"{element.tag} {'has' if words else 'lacks'} text")
    if element.tag == "Say" and len(words) > LONGEST_SAY:
        found.append("Say is too long")
    if element.tag == "Number" and not E164.fullmatch(words):
        found.append("Number is no E.164 number")
    if any(len(hint) > LONGEST_HINT for hint in element.get("hints", "").split(",")):
        found.append("a hint is too long")
    return found


def _fits(value: str, allowed: str | list[str]) -> bool:
    if isinstance(allowed, list):
        return value in allowed
    return {
        "integer": re.fullmatch(r"[1-9]\d{0,5}", value) is not None,
        "e164": E164.fullmatch(value) is not None,
        "url": value.startswith("/twilio/voice"),
        "text": bool(value),
    }[allowed]
