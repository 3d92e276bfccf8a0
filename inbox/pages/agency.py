"""/inbox/sign-in/agency: an agency's own sign-in, when OIDC_ISSUER is set."""

import json

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for

from bot.adapters.openid import Flow, OpenIdProvider
from bot.errors import ProviderRefused, ProviderUnavailable, SealBroken, SignInRefused
from inbox import cookies, guard
from inbox.desk import desk
from inbox.pages.local_addresses import local_page
from inbox.permits import Gate, permit
from inbox.wording import say

TEN_MINUTES = 600


def register(door: Blueprint) -> None:
    """The addresses."""
    door.get("/sign-in/agency")(agency)
    door.get("/sign-in/agency/return")(agency_return)


@permit(Gate.ANYBODY)
def agency() -> Response:
    """Off to the agency, with what is to come back sealed in a cookie."""
    provider = _provider()
    try:
        address, flow = provider.begin(local_page(request.args.get("next"), ""))
    except (ProviderUnavailable, ProviderRefused):
        return _failed("agency_away", 503)
    answer = make_response(redirect(address, 303))
    sealed = desk().cipher.seal(flow.as_json()).decode()
    cookies.give(answer, cookies.AGENCY, sealed, TEN_MINUTES)
    return answer


@permit(Gate.ANYBODY)
def agency_return() -> Response:
    """Back from the agency."""
    provider = _provider()
    try:
        flow = Flow(**json.loads(desk().cipher.open((cookies.read(cookies.AGENCY) or "").encode())))
        identity = provider.finish(flow, request.args, desk().now())
        who = desk().signing_in.with_agency(
            identity.issuer, identity.subject, identity.email, guard.visitor()
        )
    except ProviderUnavailable:
        return _failed("agency_away", 503)
    except (ProviderRefused, SealBroken, ValueError, TypeError):
        return _failed("agency_failed", 400)
    except SignInRefused:
        return _failed("agency_unknown", 403)
    answer = make_response(redirect(local_page(flow.next, url_for("inbox.home")), 303))
    cookies.take_back(answer, cookies.AGENCY)
    return guard.signed_in(answer, who, known=True)


def _provider() -> OpenIdProvider:
    provider = desk().line.agency
    if provider is None:
        abort(404)
    return provider


def _failed(why: str, status: int) -> Response:
    answer = make_response(
        render_template("sign_in.html", next="", agency=True, error=say(f"sign_in.{why}")), status
    )
    cookies.take_back(answer, cookies.AGENCY)
    return answer
