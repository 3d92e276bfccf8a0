"""An agency's own sign-in: real HTTP to a provider on this machine, and every lie it could tell."""

import dataclasses

import pytest
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from bot.adapters.openid import OpenIdProvider
from bot.db import reading
from bot.models import AuditEntry, StaffAccount
from bot.staff.roles import Role
from tests.integration.conftest import SETTINGS
from tests.integration.openid_provider import CLIENT, SECRET, Provider

BACK = f"{SETTINGS['PUBLIC_BASE_URL']}/inbox/sign-in/agency/return"


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.close()


@pytest.fixture
def world(inbox_world, provider):
    line = inbox_world.line
    # Settings and what is made of them are fixed for a line's life: this one's are its own.
    line.__dict__["settings"] = dataclasses.replace(line.settings, oidc_issuer=provider.issuer)
    line.__dict__["agency"] = OpenIdProvider(provider.issuer, CLIENT, SECRET, BACK)
    inbox_world.invite("Heron", Role.SUPERVISOR, "heron@agency.example")
    return inbox_world


def go(world, provider, browser=None, then=""):
    """Leave for the provider, sign in there, come back."""
    browser = browser or world.browser()
    address = browser.get(f"/sign-in/agency{then}").location
    return browser, browser.get(
        provider.authorize(address).removeprefix(SETTINGS["PUBLIC_BASE_URL"] + "/inbox")
    )


def test_somebody_invited_by_their_address_is_let_in(world, provider):
    browser, answer = go(world, provider, then="?next=/inbox/audit")
    assert (answer.status_code, answer.location) == (303, "/inbox/audit")
    assert browser.is_in()
    assert "You sign in with your agency" in browser.get("/account").text
    with reading(world.line.engine) as session:
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "sign_in.agency"


def test_the_sign_in_page_offers_it(world):
    assert "/inbox/sign-in/agency" in world.browser().get("/sign-in").text


def test_where_no_agency_is_set_there_is_no_such_page(inbox_world):
    assert inbox_world.browser().get("/sign-in/agency").status_code == 404
    assert inbox_world.browser().get("/sign-in/agency/return").status_code == 404


def test_an_address_that_nobody_was_invited_by_is_refused(world, provider):
    provider.claims["email"] = "stranger@agency.example"
    browser, answer = go(world, provider)
    assert answer.status_code == 403
    assert not browser.is_in()


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_the_provider_has_not_made_sure_of_is_refused(world, provider, verified):
    provider.claims["email_verified"] = verified
    assert go(world, provider)[1].status_code == 403


def test_an_address_given_to_another_person_opens_nothing(world, provider):
    assert go(world, provider)[1].status_code == 303
    provider.claims["sub"] = "s-2"
    assert go(world, provider)[1].status_code == 403
    provider.claims.update(sub="s-1", email="new@agency.example")
    assert go(world, provider)[1].status_code == 303


def test_a_disabled_account_is_refused(world, provider):
    go(world, provider)
    with world.line.engine.begin() as connection:
        connection.execute(StaffAccount.__table__.update().values(disabled_at=world.clock()))
    assert go(world, provider)[1].status_code == 403


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"exp": 1795550400 - 600},
        {"sub": None},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(world, provider, lie):
    provider.claims.update(lie)
    browser, answer = go(world, provider)
    assert answer.status_code == 400
    assert not browser.is_in()


def test_a_token_signed_by_another_key_is_refused(world, provider):
    provider.signs_with = RSAKey.generate_key(2048)
    assert go(world, provider)[1].status_code == 400


def test_a_token_signed_with_the_shared_secret_is_refused(world, provider):
    provider.signs_with, provider.algorithm = OctKey.import_key(SECRET * 3), "HS256"
    assert go(world, provider)[1].status_code == 400


def test_a_provider_that_calls_itself_otherwise_is_refused(world, provider):
    provider.told_issuer = "https://evil.example"
    assert world.browser().get("/sign-in/agency").status_code == 503


def test_a_return_without_its_beginning_is_refused(world, provider):
    browser = world.browser()
    address = browser.get("/sign-in/agency").location
    back = provider.authorize(address).removeprefix(SETTINGS["PUBLIC_BASE_URL"] + "/inbox")
    # Somebody else's browser is sent there ("login CSRF").
    assert world.browser().get(back).status_code == 400
    assert browser.get(back.replace("state=", "state=x")).status_code == 400


def test_a_return_is_good_once(world, provider):
    browser = world.browser()
    address = browser.get("/sign-in/agency").location
    back = provider.authorize(address).removeprefix(SETTINGS["PUBLIC_BASE_URL"] + "/inbox")
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400


def test_a_refusal_at_the_provider_is_told(world, provider):
    browser = world.browser()
    browser.get("/sign-in/agency")
    assert browser.get("/sign-in/agency/return?error=access_denied&state=x").status_code == 400


def test_a_provider_that_is_away_leaves_the_password(world, provider):
    provider.close()
    answer = world.browser().get("/sign-in/agency")
    assert answer.status_code == 503
    assert "sign in with a password" in answer.text


def test_signing_in_there_leads_to_no_place_outside_the_inbox(world, provider):
    assert go(world, provider, then="?next=//evil.example")[1].location == "/inbox"
