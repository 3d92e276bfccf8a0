"""A text as Twilio's REST API shows it."""

from typing import Any

from simulator.records import Text
from simulator.rest.paging import rfc2822
from simulator.sizes import segments
from simulator.webhooks.status_callbacks import API_VERSION


def message_json(text: Text, account_sid: str) -> dict[str, Any]:
    """A text with every field of Twilio's resource; its price is not known yet, as at Twilio at first."""
    body = "" if text.redacted else text.body
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{text.sid}"
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": body,
        "date_created": rfc2822(text.created),
        "date_sent": rfc2822(text.sent or (text.created if text.inbound else None)),
        "date_updated": rfc2822(text.updated),
        "direction": text.direction,
        "error_code": text.error_code,
        "error_message": None,
        "from": text.from_,
        "messaging_service_sid": text.messaging_service_sid,
        "num_media": str(len(text.media)),
        "num_segments": str(segments(body)),
        "price": None,
        "price_unit": "USD",
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.to,
        "uri": f"{uri}.json",
    }
