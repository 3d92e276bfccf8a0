"""Every route of the inbox, as every role and as nobody, held to one table."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from bot.db import reading, writing
from bot.models import AuditEntry, StaffAccount
from bot.people import conversation_with
from bot.staff.passwords import Passwords
from bot.staff.roles import Permission, Role
from inbox.desk import Desk
from inbox.door import blueprint
from inbox.permits import Gate, permit, permit_of
from tests.integration.inbox_world import QUICK

ALL = frozenset(Role)
WORKERS = frozenset({Role.WORKER, Role.SUPERVISOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
ADMIN = frozenset({Role.ADMIN})
AUDITORS = frozenset({Role.SUPERVISOR, Role.ADMIN})
CARDS = frozenset({Role.SUPERVISOR, Role.CARD_MAKER})
TOTALS = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.CARD_MAKER})
#: On the way in: for nobody in particular, and for no role.
ANYBODY, ON_THE_WAY = "anybody", "on the way in"

#: Who may open what. A new page is added here, or the test below fails.
TABLE = {
    "GET /inbox": ALL,
    "GET /inbox/static/<of>/<path:path>": ANYBODY,
    "GET /inbox/sign-in": ANYBODY,
    "POST /inbox/sign-in": ANYBODY,
    "GET /inbox/sign-in/agency": ANYBODY,
    "GET /inbox/sign-in/agency/return": ANYBODY,
    "GET /inbox/invitation/<token>": ANYBODY,
    "POST /inbox/invitation/<token>": ANYBODY,
    "GET /inbox/sign-in/code": ON_THE_WAY,
    "POST /inbox/sign-in/code": ON_THE_WAY,
    "GET /inbox/sign-in/recovery": ON_THE_WAY,
    "POST /inbox/sign-in/recovery": ON_THE_WAY,
    "GET /inbox/set-up": ON_THE_WAY,
    "POST /inbox/set-up": ON_THE_WAY,
    "POST /inbox/sign-out": ALL,
    "GET /inbox/account": ALL,
    "GET /inbox/account/token": ALL,
    "POST /inbox/account/password": ALL,
    "POST /inbox/account/language": ALL,
    "POST /inbox/account/sessions": ALL,
    "POST /inbox/account/sessions/<int:other>": ALL,
    "POST /inbox/account/authenticator": ALL,
    "GET /inbox/account/authenticator": ALL,
    "POST /inbox/account/authenticator/confirm": ALL,
    "POST /inbox/account/recovery-codes": ALL,
    "GET /inbox/workers": ADMIN,
    "POST /inbox/workers": ADMIN,
    "POST /inbox/workers/<int:number>/role": ADMIN,
    "POST /inbox/workers/<int:number>/reset": ADMIN,
    "POST /inbox/workers/<int:number>/disable": ADMIN,
    "POST /inbox/workers/<int:number>/enable": ADMIN,
    "GET /inbox/audit": AUDITORS,
    "POST /inbox/audit/verify": AUDITORS,
    "GET /inbox/cards": CARDS,
    "GET /inbox/cards/sheet": CARDS,
    "GET /inbox/cards/contact": CARDS,
    "GET /inbox/totals": TOTALS,
    "GET /inbox/directory": WORKERS,
    "POST /inbox/directory": WORKERS,
    "GET /inbox/directory/listings/<string(maxlength=36):listing>": WORKERS,
    "POST /inbox/directory/listings/<string(maxlength=36):listing>/<what>": SUPERVISOR,
    "GET /inbox/directory/tasks": WORKERS,
    "POST /inbox/directory/tasks/<int:task>/take": WORKERS,
    "POST /inbox/directory/tasks/<int:task>/back": WORKERS,
    "POST /inbox/directory/tasks/<int:task>/found": WORKERS,
    "POST /inbox/directory/tasks/<int:task>/close": SUPERVISOR,
    "GET /inbox/numbers": AUDITORS,
    "GET /inbox/numbers/<table>.csv": AUDITORS,
}


def routes(app: Flask) -> set[str]:
    """Every route of the inbox: its method and its rule."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("inbox.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def filled(rule: str) -> str:
    """An address of a rule, below /inbox; nothing has the number that it names."""
    return re.sub(r"<int:\w+>", "987654", re.sub(r"<(?:path:|string\(.*?\):)?\w+>", "x", rule)).removeprefix(
        "/inbox"
    )


def test_every_route_is_in_the_table_and_names_what_it_needs(app):
    assert routes(app) == set(TABLE)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("inbox."):
            assert permit_of(app.view_functions[rule.endpoint]) is not None, rule.rule


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_the_table_says_and_nothing_else(inbox_world, role):
    somebody = inbox_world.join("Heron", role)
    for route, who in sorted(TABLE.items()):
        if route == "POST /inbox/sign-out":
            continue
        method, rule = route.split()
        somebody.get("/account")
        answer = somebody.get(filled(rule)) if method == "GET" else somebody.post(filled(rule))
        if who == ANYBODY:
            assert answer.status_code != 403, route
        elif who == ON_THE_WAY:
            assert answer.status_code in {302, 401}, route
            assert "sign-in" in answer.headers.get("Location", "sign-in"), route
        elif role in who:
            assert answer.status_code not in {401, 403}, route
        else:
            assert answer.status_code == 403, route
    assert somebody.is_in()


def test_nobody_opens_only_the_way_in(inbox_world):
    nobody = inbox_world.browser()
    for route, who in sorted(TABLE.items()):
        method, rule = route.split()
        nobody.get("/sign-in")
        answer = nobody.get(filled(rule)) if method == "GET" else nobody.post(filled(rule))
        if who != ANYBODY:
            assert answer.status_code == (302 if method == "GET" else 401), route


def test_somebody_between_password_and_code_opens_no_page_of_a_role(inbox_world):
    other = inbox_world.browser().like(inbox_world.join("Heron", Role.ADMIN))
    for route, who in sorted(TABLE.items()):
        if isinstance(who, frozenset):
            other.type_password()
            method, rule = route.split()
            answer = other.get(filled(rule)) if method == "GET" else other.post(filled(rule))
            assert answer.status_code == (302 if method == "GET" else 401), route


def test_a_page_that_names_no_permission_is_refused_to_everybody(line):

    made = Flask("alone")
    door = blueprint(line, Desk(line, line.clock, Passwords(QUICK)))
    door.get("/forgotten")(lambda: "what nobody may see")
    made.register_blueprint(door)
    answer = made.test_client().get("/inbox/forgotten")
    assert answer.status_code == 403
    assert "what nobody may see" not in answer.text


def test_a_card_maker_sees_no_conversation_and_no_small_number(inbox_world, clock):
    with writing(inbox_world.line.engine) as session:
        for number in range(25):
            # Ten yesterday, fifteen the day before.
            clock_back = clock().replace(hour=22, day=22 if number < 15 else 23)
            conversation_with(session, f"+1206555{number:04d}", clock_back)
    officer = inbox_world.join("Desk 4", Role.CARD_MAKER)
    assert officer.get("").location == "/inbox/cards"
    page = officer.get("/totals").text
    assert re.findall(r"</meter> (\d+)", page) == ["15"]
    assert "fewer than 11" in page
    assert "Conversations" not in page
    with reading(inbox_world.line.engine) as session:
        account = session.scalars(select(StaffAccount)).one()
    assert account.case_worker_id is None


def test_a_forged_role_is_refused_and_nobody_changes_their_own(inbox_world):
    admin = inbox_world.join("Otter", Role.ADMIN)
    heron = inbox_world.join("Heron")
    with reading(inbox_world.line.engine) as session:
        ids = dict(session.execute(select(StaffAccount.name, StaffAccount.id)).all())
    admin.get("/workers")
    assert admin.post(f"/workers/{ids['Heron']}/role", {"role": "owner"}).status_code == 400
    admin.get("/workers")
    assert admin.post(f"/workers/{ids['Otter']}/role", {"role": "supervisor"}).status_code == 400
    admin.get("/workers")
    assert admin.post(f"/workers/{ids['Otter']}/disable").status_code == 400
    admin.get("/workers")
    assert admin.post(f"/workers/{ids['Heron']}/role", {"role": "supervisor"}).status_code == 303
    assert not heron.is_in()
    heron.sign_in()
    assert heron.get("/audit").status_code == 200


def test_an_administrator_invites_resets_and_shuts_out(inbox_world):
    admin = inbox_world.join("Otter", Role.ADMIN)
    admin.get("/workers")
    page = admin.post("/workers", {"name": "Swift <b>", "role": "worker", "email": "s@agency.example"}).text
    assert "Swift &lt;b&gt;" in page
    token = re.search(r"https://line.example.org/inbox/invitation/([\w-]+)<", page)[1]
    swift = inbox_world.browser()
    swift.take_up("Swift <b>", token)
    assert swift.is_in()
    with reading(inbox_world.line.engine) as session:
        number = session.scalars(select(StaffAccount.id).where(StaffAccount.name == "Swift <b>")).one()
    admin.get("/workers")
    page = admin.post(f"/workers/{number}/reset").text
    assert not swift.is_in()
    assert inbox_world.browser().like(swift).type_password().status_code == 400
    swift.take_up("Swift <b>", re.search(r"/inbox/invitation/([\w-]+)<", page)[1])
    assert swift.is_in()
    admin.get("/workers")
    admin.post(f"/workers/{number}/disable")
    assert not swift.is_in()
    with reading(inbox_world.line.engine) as session:
        told = list(session.scalars(select(AuditEntry.action).where(AuditEntry.actor == "Otter")))
    assert told == ["account.activated", "account.invited.worker", "account.reset", "account.disabled"]


def test_one_name_is_one_account(inbox_world):
    admin = inbox_world.join("Otter", Role.ADMIN)
    for name in ("otter", " OTTER ", "", "x" * 65):
        admin.get("/workers")
        assert admin.post("/workers", {"name": name, "role": "worker"}).status_code == 400


def test_the_gates_and_permissions_are_names_for_one_thing_each():
    assert not set(Gate) & set(Permission)

    @permit(Gate.ANYBODY)
    def view() -> str:
        return ""

    assert permit_of(view).needs == Gate.ANYBODY


def test_the_inbox_opens_with_a_slash_behind_it_too(inbox_world):
    assert inbox_world.join("Heron").get("/").status_code == 200
