"""Pictures of the case workers' pages for the docs. `.venv/bin/python -m docs.take_pictures [FOLDER]`.

The people and their numbers are invented: they are made here, in a database that is thrown away.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from bot.db import writing
from bot.models import Direction, Message, MessageState
from bot.people import conversation_with
from bot.staff.roles import Role
from tests.e2e.inbox_site import InboxSite
from tests.e2e.test_phone_page import CHROMIUM, FLAGS

IMAGES = Path(__file__).parent / "images"
WIDE, PHONE = {"width": 1180, "height": 760}, {"width": 390, "height": 780}


def people(site: InboxSite) -> None:
    """A month of first texts, more on some days than on others."""
    now = datetime.now(UTC)
    with writing(site.engine) as session:
        for number in range(420):
            at = now - timedelta(hours=28 * 24 * (1 - number / 420) ** 1.4)
            conversation = conversation_with(session, f"+1206555{number:04d}", at)
            conversation.person.language = "es" if number % 4 == 0 else "en"
            for text in range(1 + number % 5):
                session.add(
                    Message(
                        conversation_id=conversation.id,
                        direction=Direction.IN,
                        body="hungry near 98104",
                        state=MessageState.ANSWERED,
                        created_at=at + timedelta(minutes=text * 3),
                    )
                )


def page_of(browser: Browser, size: dict[str, int], scheme: str = "light", locale: str = "en-US") -> Page:
    """A fresh browser of a size, for light or dark."""
    return browser.new_context(
        viewport=size, color_scheme=scheme, locale=locale, device_scale_factor=1  # type: ignore[arg-type]
    ).new_page()


def take(site: InboxSite, browser: Browser, folder: Path) -> None:
    """Every picture."""

    def picture(page: Page, name: str, full: bool = False) -> None:
        page.screenshot(path=folder / f"inbox-{name}.png", full_page=full)

    page = page_of(browser, WIDE)
    page.goto(f"{site.url}/inbox/sign-in")
    picture(page, "sign-in")
    page.goto(site.invite("Plover"))
    picture(page, "invitation")
    page.locator("[name=new_password]").fill("seven lamps on the quay")
    page.locator("[name=repeated]").fill("seven lamps on the quay")
    page.locator("main [type=submit]").click()
    picture(page, "second-factor", full=True)

    supervisor = site.join(page, "Heron", Role.SUPERVISOR)
    picture(page, "recovery-codes")
    for name, path in (("conversations", ""), ("audit", "/audit"), ("account", "/account"), ("totals", "/totals")):
        page.goto(f"{site.url}/inbox{path}")
        picture(page, name)
    page.goto(f"{site.url}/inbox/audit")
    page.get_by_role("button", name="Check the whole log").click()
    picture(page, "audit-checked")

    for name, size, scheme, locale in (
        ("dark", WIDE, "dark", "en-US"),
        ("phone", PHONE, "light", "en-US"),
        ("phone-dark", PHONE, "dark", "en-US"),
    ):
        other = page_of(browser, size, scheme, locale)
        site.sign_in(other, supervisor)
        picture(other, f"conversations-{name}")
        other.goto(f"{site.url}/inbox/audit")
        picture(other, f"audit-{name}", full=name == "phone")

    admin = page_of(browser, WIDE)
    site.join(admin, "Otter", Role.ADMIN)
    for name, role in (("Swift", Role.WORKER), ("Officer Desk 4", Role.CARD_MAKER)):
        site.join(page_of(browser, WIDE), name, role)
    admin.goto(f"{site.url}/inbox/workers")
    picture(admin, "workers")
    admin.get_by_text("Manage", exact=True).nth(1).click()
    picture(admin, "workers-manage", full=True)
    admin.goto(f"{site.url}/inbox/workers")
    admin.get_by_role("button", name="Invite somebody").click()
    picture(admin, "invite")

    officer = page_of(browser, WIDE)
    site.join(officer, "Officer Desk 7", Role.CARD_MAKER)
    for name, path in (("cards", "/cards"), ("card-sheet", "/cards/sheet"), ("refused", "/audit")):
        officer.goto(f"{site.url}/inbox{path}")
        picture(officer, name)
    spanish = page_of(browser, PHONE, "light", "es-US")
    spanish.goto(f"{site.url}/inbox/sign-in")
    picture(spanish, "sign-in-es-phone")


def main() -> int:
    """Take them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made, sync_playwright() as playwright:
        site = InboxSite(Path(made))
        people(site)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            take(site, browser, folder)
        finally:
            browser.close()
            site.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
