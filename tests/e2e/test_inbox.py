"""The inbox in a real Chromium, against the real web process: the way in, the locks, languages, roles."""

import re
import subprocess

import pytest
from playwright.sync_api import Page, expect

from bot.staff.roles import Role
from tests.e2e.inbox_site import PASSWORD, InboxSite, path_of
from tests.e2e.running_line import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.browser]


def type_password(page: Page, site: InboxSite, name: str, password: str = PASSWORD) -> None:
    page.goto(f"{site.url}/inbox/sign-in")
    page.get_by_label("Your name here").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Continue").click()


def sign_out(page: Page) -> None:
    page.get_by_label(re.compile("^Account of")).click()
    page.get_by_role("button", name="Sign out", exact=True).click()


def test_from_the_operators_terminal_to_the_first_page(site, page):
    done = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-m", "bot", "worker", "add", "Wren", "--role", "supervisor"],
        cwd=ROOT, env=site.environ, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    page.goto(done.stdout.split()[-1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Wren")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("img", name="Square code to set up your authenticator")).to_be_visible()
    page.get_by_text("Cannot scan it?").click()
    expect(page.locator("#secret")).to_have_text(re.compile(r"^[A-Z2-7]{32}$"))


def test_somebody_signs_in_with_password_and_code_and_out_again(site, page):
    heron = site.join(page, "Heron")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")
    sign_out(page)
    expect(page).to_have_url(f"{site.url}/inbox/sign-in")
    page.go_back()
    page.goto(f"{site.url}/inbox/account")
    assert path_of(page) == "/inbox/sign-in?next=/inbox/account"
    site.sign_in(page, heron, path_of(page))
    expect(page).to_have_url(f"{site.url}/inbox/account")


def test_a_wrong_code_is_told_beside_its_field(site, page):
    site.join(page, "Lark")
    sign_out(page)
    type_password(page, site, "Lark")
    page.get_by_label("Six-digit code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    field = page.get_by_label("Six-digit code")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("That code is not right, or it was used already. "
                                                 "Wait for the next one and try again.")  # fmt: skip


def test_a_recovery_code_stands_in_for_a_lost_phone(site, page):
    finch = site.join(page, "Finch")
    assert len(finch.codes) == 10
    sign_out(page)
    type_password(page, site, "Finch")
    page.get_by_role("link", name="I do not have my phone").click()
    page.get_by_label("Recovery code").fill(finch.codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{site.url}/inbox/account")
    expect(page.get_by_text("Codes left: 9 of 10.")).to_be_visible()


def test_strangers_are_locked_out_and_the_owners_browser_is_not(site, page, new_page):
    owner = site.join(page, "Crane")
    sign_out(page)
    stranger = new_page()
    for _ in range(10):
        type_password(stranger, site, "Crane", "not the password")
        expect(stranger.get_by_role("alert").first).to_be_visible()
    type_password(stranger, site, "Crane", "not the password")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Too many tries")
    site.sign_in(page, owner)
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversations")


def test_a_session_that_is_over_leads_back_to_where_somebody_was(site, page):
    owl = site.join(page, "Owl", Role.SUPERVISOR)
    site.time_passes(minutes=31)
    page.goto(f"{site.url}/inbox/audit?actor=Owl")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    site.sign_in(page, owl, path_of(page))
    expect(page).to_have_url(f"{site.url}/inbox/audit?actor=Owl")


def test_what_was_being_written_survives_a_session_that_is_over(site, page):
    robin = site.join(page, "Robin")
    page.goto(f"{site.url}/inbox/account")
    # As a page does that fetches a fragment or sends a text by htmx.
    page.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend",
                '<form hx-post="/inbox/account/language"><textarea name="draft">We will be there</textarea>'
                + '<button>Send it</button></form>');
            htmx.process(document.querySelector("main"));
        }"""
    )
    site.time_passes(minutes=31)
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("alert").filter(has_text="You have been signed out")).to_be_visible()
    expect(page.locator("textarea[name=draft]")).to_have_value("We will be there")
    # Signed in again in another tab, it can be sent.
    other = page.context.new_page()
    site.sign_in(other, robin)
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#signed-out")).to_be_hidden()
    with page.expect_response("**/inbox/account/language") as sent:
        page.get_by_role("button", name="Send it").click()
    assert sent.value.status == 303


def test_the_language_is_chosen_at_the_door_and_kept(site, page, new_page):
    page.goto(f"{site.url}/inbox/sign-in")
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Iniciar sesión")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    swift = site.join(page, "Golondrina")
    page.goto(f"{site.url}/inbox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Conversaciones")
    other = new_page()
    site.sign_in(other, swift)
    expect(other.get_by_role("heading", level=1)).to_have_text("Conversaciones")
    other.goto(f"{site.url}/inbox/account")
    other.get_by_role("combobox", name="Idioma").select_option("en")
    other.get_by_role("button", name="Guardar", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("My account")


def test_an_officer_sees_cards_and_totals_and_no_more(site, page):
    site.join(page, "Desk 4", Role.CARD_MAKER)
    page.goto(f"{site.url}/inbox")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cards")
    assert page.locator(".bar__sections a").all_text_contents() == ["Cards", "Totals"]
    for path in ("workers", "audit", "audit?actor=Heron"):
        page.goto(f"{site.url}/inbox/{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text("This is not for you")


def test_an_administrator_invites_somebody_by_keyboard_alone(site, page, new_page):
    site.join(page, "Otter", Role.ADMIN)
    page.goto(f"{site.url}/inbox/workers")
    page.get_by_role("button", name="Invite somebody").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Plover")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    link = page.locator("#link").text_content()
    row = page.get_by_role("row").filter(has_text="Plover")
    expect(row).to_contain_text("Supervisor")
    expect(row).to_contain_text("Invited, until")
    guest = new_page()
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_have_text("Welcome, Plover")


def test_a_supervisor_checks_the_whole_log(site, page):
    site.join(page, "Kite", Role.SUPERVISOR)
    page.goto(f"{site.url}/inbox/audit")
    page.get_by_role("button", name="Check the whole log").click()
    expect(page.get_by_role("status")).to_contain_text("The log is whole")
    page.get_by_label("Who").select_option("Kite")
    page.get_by_role("button", name="Show").click()
    cells = page.locator("td[data-label=Who]").all_text_contents()
    assert cells
    assert set(cells) == {"Kite"}


def test_the_pages_work_without_a_script(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    site.join(page, "Teal", Role.ADMIN)
    page.goto(f"{site.url}/inbox/workers")
    page.get_by_label("Name here").last.fill("Gull")
    page.get_by_role("button", name="Make an invitation").last.click()
    expect(page.locator("#link")).to_be_visible()
    context.close()
