"""/inbox/directory/tasks: listings somebody should make sure of."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from bot import audit
from bot.db import reading, writing
from bot.directory import tasks
from bot.errors import ListingRefused
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.pages.listings import today
from inbox.permits import permit
from inbox.wording import say


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/directory/tasks")(directory_tasks)
    door.post("/directory/tasks/<int:task>/take")(take_task)
    door.post("/directory/tasks/<int:task>/back")(give_task_back)
    door.post("/directory/tasks/<int:task>/found")(note_task)
    door.post("/directory/tasks/<int:task>/close")(close_task)


@permit(Permission.SEARCH_DIRECTORY)
def directory_tasks() -> Response:
    """Open tasks, the oldest first."""
    return _page()


@permit(Permission.SEARCH_DIRECTORY)
def take_task(task: int) -> Response:
    """Look into one oneself."""
    now = desk().now()
    return _change(lambda session, actor: tasks.take(session, actor, task, now, today(now)))


@permit(Permission.SEARCH_DIRECTORY)
def give_task_back(task: int) -> Response:
    """Leave one to others."""
    return _change(lambda session, actor: tasks.give_back(session, actor, task, desk().now()))


@permit(Permission.SEARCH_DIRECTORY)
def note_task(task: int) -> Response:
    """Say what was found."""
    found, note, now = request.form.get("found", ""), request.form.get("note", ""), desk().now()
    return _change(
        lambda session, actor: tasks.note(session, actor, task, found, note, now, today(now)), note=note
    )


@permit(Permission.EDIT_DIRECTORY)
def close_task(task: int) -> Response:
    """The listing is right now."""
    now = desk().now()
    return _change(lambda session, actor: tasks.close(session, actor, task, now, today(now)))


def _change(change: Callable[[Session, audit.Actor], None], **draft: str) -> Response:
    try:
        with writing(desk().engine) as session:
            change(session, audit.Actor.of(guard.account()))
    except ListingRefused as refused:
        return _page(error=say(f"refused.{refused.key}"), draft=draft)
    return make_response(redirect(url_for("inbox.directory_tasks"), 303))


def _page(**more: object) -> Response:
    with reading(desk().engine) as session:
        waiting = tasks.waiting(session)
    shown = render_template(
        "directory_tasks.html",
        tasks=waiting,
        found=[(one, say(f"found.{one}")) for one in tasks.Found],
        today=today(desk().now()),
        **{"error": None, "draft": {}, **more},
    )
    return make_response(shown, 400 if "error" in more else 200)
