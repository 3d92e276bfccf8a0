"""The routes under /hsds."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from services_directory.api import openapi, profile
from services_directory.api.answers import Stream, answered, opened, problem, streamed, tag_of, unchanged
from services_directory.api.asking import BadParameters, read
from services_directory.api.reading import Directory, Sessions
from services_directory.api.resources import Resource, resources
from services_directory.schemas import HSDS_VERSION, LISTS, schema, tables

PREFIX = "/hsds"
log = logging.getLogger(__name__)


def blueprint(
    sessions: Sessions,
    clock: Callable[[], datetime],
    base_url: str,
    *,
    publisher: str = "Warmline",
    at_once: int = 5,
) -> Blueprint:
    """The read-only HSDS API at /hsds.

    `sessions` opens a session to read with; `clock` tells the time (aware); `base_url` is the line's public
    address without a slash at its end. At most `at_once` requests are answered at a time in a process, the
    others with 429, so that a crawler leaves threads for the people who text.
    """
    door = Blueprint("hsds", __name__, url_prefix=PREFIX)
    directory = Directory(sessions)
    home = base_url.rstrip("/") + PREFIX
    _admit(door, BoundedSemaphore(at_once))
    _describe(door, home, publisher)
    for resource in resources().values():
        _serve(door, resource, directory, clock)
    door.after_request(opened)
    door.errorhandler(BadParameters)(_bad_parameters)
    door.errorhandler(SQLAlchemyError)(_no_database)
    door.app_errorhandler(HTTPException)(_other_problem)
    return door


def _describe(door: Blueprint, home: str, publisher: str) -> None:
    about = {
        "version": HSDS_VERSION,
        "profile": f"{home}/profile",
        "openapi_url": f"{home}/openapi.json",
        "description": "The directory of services that this text line answers from. Read only.",
        "data_guide": f"{home}/guide",
        "publisher": {"name": publisher, "website": home.removesuffix(PREFIX)},
    }
    documents: dict[str, Callable[[], Any]] = {
        "/": lambda: about,
        "/openapi.json": lambda: openapi.document(home, publisher),
        "/profile": lambda: profile.description(home),
        "/profile/profile/openapi.json": profile.patch,
        "/profile/schema/openapi.json": lambda: openapi.document(home, publisher),
    }
    for path, made in documents.items():
        _fixed(door, path, made)
    for name in (*tables(), *LISTS):
        _fixed(door, f"/profile/schema/{name}.json", lambda name=name: schema(name))  # type: ignore[misc]

    @door.get("/guide", strict_slashes=False)
    def guide() -> Response:
        return Response(profile.guide(), content_type="text/plain; charset=utf-8")


def _fixed(door: Blueprint, path: str, made: Callable[[], Any]) -> None:
    def view() -> Response:
        value = made()
        tag = tag_of(value)
        return unchanged(tag) or answered(value, tag)

    endpoint = "about" if path == "/" else path.strip("/").replace("/", "_").replace(".", "_")
    door.add_url_rule(path, endpoint, view, strict_slashes=False)


def _serve(door: Blueprint, resource: Resource, directory: Directory, clock: Callable[[], datetime]) -> None:
    def many() -> Response:
        asked = read(dict(request.args.lists()), resource.takes)
        now = clock()
        with directory.sessions() as session:
            state = directory.state(session)
            moment = now.isoformat(timespec="minutes") if asked["open_now"] else None
            tag = tag_of(state, resource.name, sorted(request.args.lists()), moment)
            same = unchanged(tag)
            if same:
                return same
            if asked["format"] == "ndjson":
                lines = Stream(directory.lines(resource, asked, now), g.pop("leave"))
                return streamed(lines, tag)
            return answered(directory.page(session, resource, asked, now, state), tag)

    def one(row_id: str) -> Response:
        asked = read(dict(request.args.lists()), resource.takes_one)
        with directory.sessions() as session:
            tag = tag_of(directory.state(session), resource.name, row_id, sorted(request.args.lists()))
            found = directory.one(session, resource, row_id, asked)
        if found is None:
            return problem(404, "Not Found", f"no {resource.table} has this id")
        return unchanged(tag) or answered(found, tag)

    list_path = f"/{resource.name}"
    door.add_url_rule(list_path, resource.name, many, methods=["GET", "POST"], strict_slashes=False)
    door.add_url_rule(f"{list_path}/<row_id>", f"{resource.name}_one", one, strict_slashes=False)


def _admit(door: Blueprint, places: BoundedSemaphore) -> None:
    @door.before_request
    def enter() -> Response | None:
        if not places.acquire(blocking=False):
            full = problem(429, "Too Many Requests", "the directory answers others just now: try again soon")
            full.headers["Retry-After"] = "1"
            return full
        g.leave = places.release
        return None

    @door.teardown_request
    def leave(_error: BaseException | None) -> None:
        give_back = g.pop("leave", None)
        if give_back:
            give_back()


def _bad_parameters(error: BadParameters) -> Response:
    return problem(400, "Bad Request", str(error), error.problems)


def _no_database(error: SQLAlchemyError) -> Response:
    log.error("the directory cannot be read: %s", type(error).__name__)
    response = problem(503, "Service Unavailable", "the directory cannot be read just now")
    response.headers["Retry-After"] = "5"
    return response


def _other_problem(error: HTTPException) -> Response | HTTPException:
    """Routing errors and crashes under our prefix, in our form; everybody else's stay as they are."""
    ours = request.path == PREFIX or request.path.startswith(f"{PREFIX}/")
    code = error.code or 500
    if not ours or code < 400:
        return error
    response = problem(code, error.name, error.description or error.name)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response
