"""Signing in at the inbox: two steps, each code once, and nobody locked out for ever."""

import pytest
from sqlalchemy import select, update

from bot.db import reading, writing
from bot.models import AuditEntry, StaffAccount, StaffRecoveryCode, StaffSession
from bot.staff.roles import Role
from tests.integration.inbox_world import PASSWORD


def actions(world) -> list[str]:
    with reading(world.line.engine) as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.sequence)))


def test_an_invitation_ends_with_an_account_and_ten_recovery_codes(inbox_world):
    heron = inbox_world.join("Heron")
    assert heron.is_in()
    assert len(set(heron.codes)) == 10
    assert actions(inbox_world) == ["account.invited.worker", "account.activated"]


def test_an_invitation_works_once(inbox_world):
    token = inbox_world.invite("Heron")
    inbox_world.browser().take_up("Heron", token)
    assert inbox_world.browser().get(f"/invitation/{token}").status_code == 410


def test_an_invitation_runs_out_after_three_days(inbox_world):
    token = inbox_world.invite("Heron")
    inbox_world.clock.pass_by(hours=72)
    assert inbox_world.browser().get(f"/invitation/{token}").status_code == 410


def test_a_password_without_a_confirmed_authenticator_opens_nothing(inbox_world):
    token = inbox_world.invite("Heron")
    browser = inbox_world.browser()
    browser.get(f"/invitation/{token}")
    browser.post(f"/invitation/{token}", {"new_password": PASSWORD, "repeated": PASSWORD})
    assert not browser.is_in()
    assert inbox_world.browser().type_password(name="Heron").status_code == 400


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "too short"),
        ("password1234", "guessed"),
        ("heronheronheron", "guessed"),
        ("é" * 257, "too long"),
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(inbox_world, password, says):
    token = inbox_world.invite("Heron")
    browser = inbox_world.browser()
    browser.get(f"/invitation/{token}")
    answer = browser.post(f"/invitation/{token}", {"new_password": password, "repeated": password})
    assert answer.status_code == 400
    assert says in answer.text


def test_password_and_code_let_somebody_in(inbox_world):
    heron = inbox_world.join("Heron")
    other = inbox_world.browser().like(heron)
    answer = other.sign_in()
    assert (answer.status_code, answer.location) == (303, "/inbox")
    assert other.is_in()


def test_a_name_may_be_written_in_any_case(inbox_world):
    heron = inbox_world.join("Heron")
    assert inbox_world.browser().like(heron).type_password(name=" hERON ").status_code == 303


def test_the_password_alone_opens_nothing(inbox_world):
    other = inbox_world.browser().like(inbox_world.join("Heron"))
    other.type_password()
    assert not other.is_in()


def test_a_code_is_taken_once(inbox_world):
    heron = inbox_world.join("Heron")
    first, second = inbox_world.browser().like(heron), inbox_world.browser().like(heron)
    assert first.sign_in().status_code == 303
    second.type_password()
    assert second.post("/sign-in/code", {"code": second.code()}).status_code == 400
    assert not second.is_in()


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 303), (1, 303), (2, 400)])
def test_a_phone_may_be_half_a_minute_off_and_no_more(inbox_world, steps, status):
    other = inbox_world.browser().like(inbox_world.join("Heron"))
    inbox_world.clock.pass_by(minutes=3)
    other.type_password()
    assert other.post("/sign-in/code", {"code": other.code(steps)}).status_code == status


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "000000\x00"])
def test_what_is_no_code_is_refused(inbox_world, code):
    other = inbox_world.browser().like(inbox_world.join("Heron"))
    other.type_password()
    assert other.post("/sign-in/code", {"code": code}).status_code == 400


def test_a_recovery_code_lets_in_once_in_any_way_of_writing(inbox_world):
    heron = inbox_world.join("Heron")
    other, again = inbox_world.browser().like(heron), inbox_world.browser().like(heron)
    for browser, status in ((other, 303), (again, 400)):
        browser.type_password()
        browser.get("/sign-in/recovery")
        written = heron.codes[3].upper().replace("-", " ")
        assert browser.post("/sign-in/recovery", {"code": written}).status_code == status
    assert "9 of 10" in other.get("/account").text


def test_recovery_codes_and_passwords_are_kept_as_digests(inbox_world):
    heron = inbox_world.join("Heron")
    with reading(inbox_world.line.engine) as session:
        kept = set(session.scalars(select(StaffRecoveryCode.code_digest)))
        stored = session.scalars(select(StaffAccount.password_hash)).one()
    assert not kept & {code.replace("-", "") for code in heron.codes}
    assert stored.startswith("$argon2id$")


def test_the_token_changes_at_each_step_and_is_kept_as_a_digest(inbox_world):
    other = inbox_world.browser().like(inbox_world.join("Heron"))

    def token() -> str:
        return other.client.get_cookie("__Host-warmline_inbox").value

    other.get("/sign-in")
    tokens = [token()]
    other.type_password()
    tokens.append(token())
    inbox_world.clock.pass_by(seconds=30)
    other.post("/sign-in/code", {"code": other.code()})
    tokens.append(token())
    assert len(set(tokens)) == 3
    with reading(inbox_world.line.engine) as session:
        assert not set(tokens) & set(session.scalars(select(StaffSession.token_digest)))
    # What somebody saw of an earlier step opens nothing.
    thief = inbox_world.browser()
    thief.client.set_cookie("__Host-warmline_inbox", tokens[1], domain="localhost")
    assert not thief.is_in()


def test_strangers_are_paused_and_the_owner_of_a_known_browser_is_not(inbox_world):
    heron = inbox_world.join("Heron")
    heron.post("/sign-out")
    stranger = inbox_world.browser("203.0.113.9")
    answers = [stranger.type_password("not it at all", name="Heron").status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]
    assert stranger.type_password(PASSWORD, name="Heron").status_code == 429
    assert heron.sign_in().status_code == 303


def test_a_pause_ends_even_while_strangers_go_on(inbox_world):
    heron = inbox_world.join("Heron")
    stranger = inbox_world.browser("203.0.113.9")
    for _ in range(30):
        stranger.type_password("not it at all", name="Heron")
        inbox_world.clock.pass_by(minutes=15, seconds=1)
    other = inbox_world.browser().like(heron)
    assert other.sign_in().status_code == 303


def test_a_right_password_does_not_buy_more_guesses_at_the_code(inbox_world):
    other = inbox_world.browser().like(inbox_world.join("Heron"))
    refused = []
    for _ in range(12):
        refused.append(other.type_password().status_code)
        refused.append(other.post("/sign-in/code", {"code": "000000"}).status_code)
    assert 429 in refused
    assert refused.count(400) == 10


def test_one_address_that_guesses_at_many_names_is_paused(inbox_world):
    stranger = inbox_world.browser("203.0.113.9")
    answers = [stranger.type_password("not it", name=f"name {number}").status_code for number in range(51)]
    assert answers[-1] == 429
    assert inbox_world.browser("203.0.113.10").type_password("not it", name="other").status_code == 400


def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(inbox_world):
    inbox_world.join("Heron")
    stranger = inbox_world.browser()
    told = [stranger.type_password("not it at all", name=name).text for name in ("Heron", "Nobody")]
    assert told[0].replace("Heron", "").count("do not fit") == told[1].count("do not fit") == 1


def test_a_session_ends_after_thirty_minutes_without_a_click(inbox_world):
    heron = inbox_world.join("Heron")
    for _ in range(3):
        inbox_world.clock.pass_by(minutes=29)
        assert heron.is_in()
    inbox_world.clock.pass_by(minutes=30)
    answer = heron.get("/audit?actor=x")
    assert (answer.status_code, answer.location) == (302, "/inbox/sign-in?next=/inbox/audit?actor%3Dx")


def test_a_session_ends_after_twelve_hours_whatever_happens(inbox_world):
    heron = inbox_world.join("Heron")
    for _ in range(12 * 3 - 1):
        inbox_world.clock.pass_by(minutes=20)
        assert heron.is_in()
    inbox_world.clock.pass_by(minutes=20)
    assert not heron.is_in()


def test_signing_out_elsewhere_leaves_this_browser_alone(inbox_world):
    heron = inbox_world.join("Heron")
    other = inbox_world.browser().like(heron)
    other.sign_in()
    heron.get("/account")
    heron.post("/account/sessions")
    assert (heron.is_in(), other.is_in()) == (True, False)


def test_a_new_password_signs_every_other_browser_out(inbox_world):
    heron = inbox_world.join("Heron")
    other = inbox_world.browser().like(heron)
    other.sign_in()
    heron.get("/account")
    new = "a kettle and nine wrens"
    form = {"old_password": PASSWORD, "new_password": new, "repeated": new}
    assert heron.post("/account/password", form).status_code == 303
    assert (heron.is_in(), other.is_in()) == (True, False)
    assert inbox_world.browser().like(heron).type_password(new).status_code == 303


def test_another_authenticator_replaces_the_one_before(inbox_world):
    heron = inbox_world.join("Heron")
    old = heron.secret
    heron.get("/account")
    assert heron.post("/account/authenticator", {"password": "not it at all"}).status_code == 400
    heron.post("/account/authenticator", {"password": PASSWORD})
    page = heron.get("/account/authenticator").text
    heron.secret = page.split('id="secret">')[1].split("<")[0]
    assert heron.secret != old
    assert heron.post("/account/authenticator/confirm", {"code": heron.code()}).status_code == 200
    assert inbox_world.browser().like(heron).sign_in().status_code == 303


def test_one_persons_sessions_are_not_another_persons_to_end(inbox_world):
    heron, otter = inbox_world.join("Heron"), inbox_world.join("Otter")
    with reading(inbox_world.line.engine) as session:
        theirs = session.scalars(
            select(StaffSession.id).join(StaffAccount).where(StaffAccount.name == "Heron")
        ).one()
    otter.get("/account")
    otter.post(f"/account/sessions/{theirs}")
    assert heron.is_in()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "/inbox/../evil",
        "javascript:alert(1)", "/inbox//evil.example", "/inbox%2f..%2fevil", "\t//evil.example",
        "/other", "/inboxes", "https:/inbox",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_place_outside_the_inbox(inbox_world, elsewhere):
    other = inbox_world.browser().like(inbox_world.join("Heron"))
    inbox_world.clock.pass_by(seconds=30)
    other.type_password(next=elsewhere)
    answer = other.post("/sign-in/code", {"code": other.code(), "next": elsewhere})
    assert answer.location == "/inbox"


def test_signing_in_leads_back_to_where_somebody_was_going(inbox_world):
    other = inbox_world.browser().like(inbox_world.join("Heron"))
    inbox_world.clock.pass_by(seconds=30)
    answer = other.type_password(next="/inbox/audit?actor=Heron")
    assert answer.location == "/inbox/sign-in/code?next=/inbox/audit?actor%3DHeron"
    answer = other.post("/sign-in/code", {"code": other.code(), "next": "/inbox/audit?actor=Heron"})
    assert answer.location == "/inbox/audit?actor=Heron"


def test_a_form_without_its_browsers_token_is_refused(inbox_world):
    heron = inbox_world.join("Heron")
    heron.get("/account")
    assert heron.post("/account/language", {"language": "es", "csrf": "0" * 64}).status_code == 403
    assert heron.post("/account/language", {"language": "es", "csrf": ""}).status_code == 403
    assert inbox_world.browser().post("/sign-in", {"name": "Heron", "password": PASSWORD}).status_code == 403
    crossing = {"headers": {"Sec-Fetch-Site": "cross-site"}}
    assert heron.post("/account/language", {"language": "es"}, **crossing).status_code == 403
    otter = inbox_world.join("Otter")
    otter.get("/account")
    heron.page = otter.page
    assert heron.post("/account/language", {"language": "es"}).status_code == 403


def test_a_disabled_account_is_out_at_once(inbox_world):
    heron = inbox_world.join("Heron")
    with writing(inbox_world.line.engine) as session:
        session.execute(update(StaffAccount).values(disabled_at=inbox_world.clock()))
    assert not heron.is_in()
    assert inbox_world.browser().like(heron).type_password().status_code == 400


def test_what_was_written_survives_a_session_that_is_over(inbox_world):
    heron = inbox_world.join("Heron")
    heron.get("/account")
    inbox_world.clock.pass_by(minutes=31)
    answer = heron.post("/account/language", {"language": "a long draft <b>"})
    assert answer.status_code == 401
    assert "a long draft &lt;b&gt;" in answer.text
    fragment = heron.get("/account", headers={"HX-Request": "true"})
    assert fragment.status_code == 401


def test_cookies_are_for_this_site_over_https_and_out_of_reach_of_scripts(inbox_world):
    answer = inbox_world.browser().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    for part in ("__Host-warmline_inbox=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


def test_every_page_forbids_foreign_scripts_and_being_kept(inbox_world):
    heron = inbox_world.join("Heron", Role.SUPERVISOR)
    for path in ("", "/account", "/audit", "/nothing", "/workers"):
        answer = heron.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Strict-Transport-Security"]
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert "<style" not in answer.text
        assert " onclick=" not in answer.text
