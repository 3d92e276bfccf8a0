"""Adds to Twilio's OpenAPI file what its prose says and its schemas leave out."""

import copy
from typing import Any

ACCOUNT = "/2010-04-01/Accounts/{AccountSid}"
E164 = r"^\+[1-9]\d{6,14}$"
RFC_2822 = r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$"
FORM = "application/x-www-form-urlencoded"
ERROR = {
    "type": "object",
    "required": ["code", "message", "more_info", "status"],
    "additionalProperties": False,
    "properties": {
        "code": {"type": "integer"},
        "message": {"type": "string", "minLength": 1},
        "more_info": {"type": "string", "pattern": r"^https://www\.twilio\.com/docs/errors/\d+$"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
    },
}
#: Twilio says "nullable" of every field; these are never null.
NEVER_NULL = {
    "api.v2010.account.message": [
        "account_sid",
        "api_version",
        "body",
        "date_created",
        "date_updated",
        "direction",
        "num_media",
        "num_segments",
        "sid",
        "status",
        "to",
        "uri",
    ],
    "api.v2010.account.message.media": ["account_sid", "content_type", "date_created", "parent_sid", "sid"],
    "api.v2010.account.call": [
        "account_sid",
        "date_created",
        "direction",
        "from",
        "sid",
        "status",
        "to",
        "uri",
    ],
}


def hardened(spec: dict[str, Any]) -> dict[str, Any]:
    """A stricter copy."""
    spec = copy.deepcopy(spec)
    for item in spec["paths"].values():
        for method, operation in item.items():
            if method in {"get", "post", "delete"}:
                _requests(operation)
                _answers(operation)
    for name, schema in spec["components"]["schemas"].items():
        _record(schema, NEVER_NULL.get(name, []))
    _sending(_form(spec["paths"][f"{ACCOUNT}/Messages.json"]["post"])["schema"])
    _calling(_form(spec["paths"][f"{ACCOUNT}/Calls.json"]["post"])["schema"])
    return spec


def _form(operation: dict[str, Any]) -> dict[str, Any]:
    form: dict[str, Any] = operation.get("requestBody", {}).get("content", {}).get(FORM, {})
    return form


def _requests(operation: dict[str, Any]) -> None:
    form = _form(operation)
    if not form:
        return
    form["schema"]["additionalProperties"] = False
    # Without this a repeated field does not count as an array.
    arrays = [name for name, one in form["schema"]["properties"].items() if one.get("type") == "array"]
    form["encoding"] = {name: {"style": "form", "explode": True} for name in arrays}


def _answers(operation: dict[str, Any]) -> None:
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            _page(content["schema"])
    for status in ("400", "401", "404", "409", "429", "500"):
        answer = {"description": status, "content": {"application/json": {"schema": ERROR}}}
        operation["responses"].setdefault(status, answer)


def _page(schema: dict[str, Any]) -> None:
    if "properties" in schema:
        schema |= {"required": sorted(schema["properties"]), "additionalProperties": False}
        for name in ("uri", "first_page_uri", "next_page_uri", "previous_page_uri"):
            # They are relative, which the format does not allow.
            schema["properties"][name].pop("format", None)


def _record(schema: dict[str, Any], never_null: list[str]) -> None:
    properties = schema.get("properties", {})
    if not properties:
        return
    schema |= {"required": sorted(properties), "additionalProperties": False}
    for name, one in properties.items():
        if one.get("format") == "uri":
            one.pop("format")
        if one.get("format") == "date-time-rfc-2822":
            one["pattern"] = RFC_2822
        if name in never_null and "$ref" not in one:
            one["nullable"] = False


def _sending(schema: dict[str, Any]) -> None:
    fields = schema["properties"]
    fields["To"]["pattern"] = E164
    fields["From"]["pattern"] = r"^(\+[1-9]\d{6,14}|\d{3,8})$"
    fields["Body"] |= {"minLength": 1, "maxLength": 1600}
    fields["MediaUrl"]["maxItems"] = 10
    fields["ValidityPeriod"] |= {"minimum": 1, "maximum": 36_000}
    schema["allOf"] = [
        {"anyOf": [{"required": ["From"]}, {"required": ["MessagingServiceSid"]}]},
        {"anyOf": [{"required": ["Body"]}, {"required": ["MediaUrl"]}, {"required": ["ContentSid"]}]},
    ]


def _calling(schema: dict[str, Any]) -> None:
    schema["properties"]["To"]["pattern"] = E164
    schema["properties"]["From"]["pattern"] = E164
    # The line promises never to record.
    schema["properties"]["Record"]["enum"] = [False]
    schema["allOf"] = [{"anyOf": [{"required": ["Url"]}, {"required": ["Twiml"]}]}]
