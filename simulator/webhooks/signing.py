"""Twilio's signatures: https://www.twilio.com/docs/usage/security#validating-requests"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

from twilio.request_validator import (
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
)
from werkzeug.datastructures import MultiDict

from simulator.config import Config


@dataclass(frozen=True)
class Manner:
    """How a webhook goes out, when not as usual."""

    #: right, wrong or none
    signature: str = "right"
    #: form, json, tampered_json (changed after it was signed) or get
    form: str = "form"
    #: The connection is closed once everything is sent.
    cut: bool = False
    #: What was ordered, for the journal.
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signed:
    """A request ready to be sent; `target` is the URL after the base."""

    method: str
    url: str
    body: str | None
    headers: dict[str, str] = field(default_factory=dict)


def sign(
    config: Config, url: str, fields: Mapping[str, str | list[str]], manner: Manner, fragment: str
) -> Signed:
    """Put fields into a request to a URL and sign it. The fragment is signed only when told so."""
    form: MultiDict[str, str] = MultiDict(fields)
    pairs = list(form.items(multi=True))
    headers, method, body = {}, "POST", None
    signed: MultiDict[str, str] | None = None
    if manner.form == "get":
        method = "GET"
        url += ("&" if "?" in url else "?") + urlencode(pairs)
    elif manner.form in {"json", "tampered_json"}:
        body = json.dumps(form.to_dict())
        url += ("&" if "?" in url else "?") + "bodySHA256=" + sha256(body.encode()).hexdigest()
        headers["Content-Type"] = "application/json"
        if manner.form == "tampered_json":
            body = json.dumps(form.to_dict() | {"Body": "not what was signed"})
    else:
        signed, body = form, urlencode(pairs)
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
    if manner.signature != "none":
        covered = url + (f"#{fragment}" if fragment and config.sign_fragment else "")
        covered += "!" if manner.signature == "wrong" else ""
        headers |= _signature(config, covered, signed)
    return Signed(method, url, body, headers)


def _signature(config: Config, url: str, form: MultiDict[str, str] | None) -> dict[str, str]:
    if not config.shared_key:
        token = config.signing_token or config.auth_token
        return {SIGNATURE_HEADER: RequestValidator(token).compute_signature(url, form)}
    value = RequestValidator(config.shared_key).compute_signature(url, form, HMAC_SHA256)
    settings = f"key={config.shared_key_name},algorithm={HMAC_SHA256}"
    return {SIGNATURE_HEADER: value, SIGNATURE_SETTINGS_HEADER: settings}
