"""/inbox: the conversations, by pseudonym."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from bot.conversation_list import newest
from bot.db import reading
from bot.staff.roles import Permission
from inbox import guard
from inbox.desk import desk
from inbox.permits import permit


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("", strict_slashes=False)(home)


@permit(Permission.OWN_ACCOUNT)
def home() -> Response:
    """The list; whoever may not read conversations goes to what they may."""
    if not guard.allowed(Permission.READ_CONVERSATIONS):
        to = "inbox.workers" if guard.allowed(Permission.MANAGE_ACCOUNTS) else "inbox.cards"
        return make_response(redirect(url_for(to), 303))
    with reading(desk().engine) as session:
        found = newest(session, request.args.get("before", "")[:32] or None)
    return make_response(render_template("conversations.html", found=found))
