"""Before each page: whose session is it, is the request theirs, may they? After it: the headers."""

import hmac
import ipaddress
import logging
import secrets
from datetime import datetime

from flask import Response, abort, current_app, g, redirect, request, url_for
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from bot.db import reading, writing
from bot.models import StaffAccount, StaffSession
from bot.staff import sessions
from bot.staff.roles import Permission, may
from bot.staff.sessions import Stage
from bot.staff.signing_in import SignedIn, Visitor
from inbox import cookies
from inbox.desk import desk
from inbox.permits import Gate, Permit, permit_of
from inbox.wording import chosen_now

logger = logging.getLogger(__name__)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def admit() -> BaseResponse | None:
    """Let the request pass, send it to the sign-in, or refuse it."""
    permit = permit_of(current_app.view_functions[request.endpoint or ""])
    if permit is not None and permit.needs == Gate.FILES:
        return None
    read_session()
    if permit is None:
        logger.error("a page names no permission: %s", request.endpoint)
        abort(403)
    if request.method not in SAFE:
        _require_own_request()
    return _require(permit)


def account() -> StaffAccount:
    """Whoever asks, as they were when the request came."""
    row: StaffSession = g.session
    return row.account


def session_id() -> int:
    """Their session."""
    return int(g.session.id)


def allowed(permission: str) -> bool:
    """Whether whoever asks may; for what a page shows."""
    row: StaffSession | None = g.get("session")
    return row is not None and row.stage == Stage.FULL and may(row.account.role, Permission(permission))


def csrf_token() -> str:
    """The token that a form of this browser repeats."""
    return desk().cipher.digest("csrf", g.token)


def visitor() -> Visitor:
    """Where the request comes from."""
    known = desk().known_browsers.read(cookies.read(cookies.KNOWN))
    return Visitor(address(), request.user_agent.string, known)


def take_on(who: SignedIn) -> None:
    """From here on this request is the new session's: what is rendered carries its token."""
    g.token, g.new_token = who.token, True
    with reading(desk().engine) as session:
        g.session = sessions.find(session, who.token, desk().now(), desk().terms)


def signed_in(answer: Response, who: SignedIn, *, known: bool = False) -> Response:
    """Give the browser its new session; once somebody is wholly in, it is known."""
    g.token = who.token
    g.new_token = True
    if known:
        cookies.give(
            answer, cookies.KNOWN, desk().known_browsers.introduce(who.account_id), cookies.HALF_A_YEAR
        )
    return answer


def signed_out(answer: Response) -> Response:
    """Forget the session on the browser's side."""
    g.new_token = False
    cookies.take_back(answer, cookies.TOKEN)
    return answer


def protect(answer: Response) -> Response:
    """Headers of every page, and the token of a new session."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")
    if desk().line.settings.public_base_url.startswith("https:"):
        answer.headers["Strict-Transport-Security"] = "max-age=31536000"
    if g.get("new_token"):
        cookies.give(answer, cookies.TOKEN, g.token)
    if chosen_now() and g.get("token"):
        cookies.give(answer, cookies.LANGUAGE, str(chosen_now()), cookies.HALF_A_YEAR)
    return answer


def address() -> str:
    """Where from, as the last proxy of ours tells it; of an IPv6 address its network, which is one home's."""
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = desk().line.settings.proxies
    given = told[-proxies] if proxies and len(told) >= proxies else request.remote_addr or ""
    try:
        read = ipaddress.ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(read, ipaddress.IPv6Address):
        read = read.ipv4_mapped or ipaddress.ip_network((read, 64), strict=False).network_address
    return str(read)


def read_session() -> None:
    """Find whose session the cookie is of, and give a browser without one a token."""
    g.session = None
    g.token = cookies.read(cookies.TOKEN) or ""
    if g.token:
        with reading(desk().engine) as session:
            g.session = sessions.find(session, g.token, desk().now(), desk().terms)
    else:
        # Forms before a sign-in are a browser's own as well.
        g.token, g.new_token = secrets.token_urlsafe(32), True


def _require_own_request() -> None:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if g.get("new_token") or not hmac.compare_digest(given.encode(), csrf_token().encode()):
        abort(403)


def _require(permit: Permit) -> BaseResponse | None:
    row: StaffSession | None = g.session
    if permit.needs == Gate.ANYBODY:
        return None
    stage = Stage(permit.needs) if isinstance(permit.needs, Gate) else Stage.FULL
    if row is None or row.stage != stage:
        return _to_sign_in()
    if isinstance(permit.needs, Permission) and not may(row.account.role, permit.needs):
        logger.warning("refused: %s to account %s", request.endpoint, row.account_id)
        abort(403)
    if permit.awake:
        _stay_awake(row, desk().now())
    return None


def _to_sign_in() -> BaseResponse:
    if request.headers.get("HX-Request") or request.method not in SAFE:
        # What was being written must not be lost by a redirect (inbox.js, and the page for 401).
        abort(401)
    target = request.full_path.rstrip("?")
    return redirect(url_for("inbox.sign_in", next=target if target != url_for("inbox.home") else None))


def _stay_awake(row: StaffSession, at: datetime) -> None:
    if row.stage != Stage.FULL or at - row.seen_at < sessions.SEEN_EVERY:
        return
    try:
        with writing(desk().engine, within=1.0) as session:
            session.execute(update(StaffSession).where(StaffSession.id == row.id).values(seen_at=at))
    except OperationalError:
        logger.warning("a session's last sign could not be written")
