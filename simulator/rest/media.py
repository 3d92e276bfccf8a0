"""Media of a text: https://www.twilio.com/docs/messaging/api/media-resource"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, redirect
from werkzeug.wrappers import Response as AnyResponse

from simulator.errors import TwilioError
from simulator.exchange import exchange
from simulator.records import Media, Text
from simulator.rest import paging
from simulator.rest.accounts import require_account
from simulator.rest.messages import found
from simulator.rest.parameters import note_unknown
from simulator.rest.recording import record
from simulator.webhooks.status_callbacks import API_VERSION


def blueprint() -> Blueprint:
    """List, fetch, delete, and the media themselves."""
    prefix = "/2010-04-01/Accounts/<account_sid>/Messages/<sid>"
    door = Blueprint("media", __name__, url_prefix=prefix)
    record(door, "media")
    door.get("/Media.json")(list_)
    door.get("/Media/<media_sid>.json")(fetch)
    door.delete("/Media/<media_sid>.json")(delete)
    door.get("/Media/<media_sid>")(content)
    return door


def media_path(account_sid: str, text_sid: str, media_sid: str) -> str:
    """Where the media themselves are; with .json, what is known of them."""
    return f"/{API_VERSION}/Accounts/{account_sid}/Messages/{text_sid}/Media/{media_sid}"


def list_(account_sid: str, sid: str) -> Response:
    """What a text came with."""
    require_account()
    note_unknown("Media.list")
    text = found(sid)
    kept = iter(list(text.files))
    return jsonify(paging.page_of("media_list", kept, lambda one: _json(text, one, account_sid)))


def _json(text: Text, media: Media, account_sid: str) -> dict[str, Any]:
    return {
        "sid": media.sid,
        "account_sid": account_sid,
        "parent_sid": text.sid,
        "content_type": media.content_type,
        "date_created": paging.rfc2822(media.created),
        "date_updated": paging.rfc2822(media.created),
        "uri": media_path(account_sid, text.sid, media.sid) + ".json",
    }


def _found(text: Text, media_sid: str) -> Media:
    for media in text.files:
        if media.sid == media_sid:
            return media
    raise TwilioError(20404)


def fetch(account_sid: str, sid: str, media_sid: str) -> Response:
    """What is known of one."""
    require_account()
    text = found(sid)
    return jsonify(_json(text, _found(text, media_sid), account_sid))


def delete(account_sid: str, sid: str, media_sid: str) -> tuple[str, int]:
    """Forget one."""
    require_account()
    text = found(sid)
    text.files.remove(_found(text, media_sid))
    return "", 204


def content(account_sid: str, sid: str, media_sid: str) -> AnyResponse:
    """The picture itself: behind credentials, and not there for the first moment, when so set."""
    here = exchange()
    if here.config.media_needs_credentials:
        require_account()
    text = found(sid)
    media = _found(text, media_sid)
    if here.clock.now() < media.created + timedelta(seconds=here.config.media_lag_seconds):
        raise TwilioError(20404)
    if not media.content and media.url:
        return redirect(media.url, 307)
    return Response(media.content, content_type=media.content_type)
