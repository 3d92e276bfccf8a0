"""Pictures of the case workers' pages for the docs. `.venv/bin/python -m docs.take_pictures [FOLDER]`.

The people and their numbers are invented: they are made here, in a database that is thrown away.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

from bot.staff.roles import Role
from tests.e2e.conftest import CHROMIUM, FLAGS
from tests.e2e.inbox_site import PASSWORD, InboxSite

IMAGES = Path(__file__).parent / "images"
WIDE, PHONE = {"width": 1180, "height": 760}, {"width": 390, "height": 780}


def page_of(browser: Browser, size: dict[str, int], scheme: str = "light", locale: str = "en-US") -> Page:
    """A fresh browser of a size, for light or dark."""
    return browser.new_context(
        viewport=size,
        color_scheme=scheme,
        locale=locale,
        device_scale_factor=1,  # type: ignore[arg-type]
    ).new_page()


def take(site: InboxSite, browser: Browser, folder: Path) -> None:
    """Every picture."""

    def picture(page: Page, name: str, full: bool = False) -> None:
        page.screenshot(path=folder / f"inbox-{name}.png", full_page=full)

    page = page_of(browser, WIDE)
    page.goto(f"{site.url}/inbox/sign-in")
    picture(page, "sign-in")
    page.goto(site.invite("Plover"))
    page.locator("[name=new_password]").fill(PASSWORD)
    page.locator("[name=repeated]").fill(PASSWORD)
    page.locator("main [type=submit]").click()
    picture(page, "second-factor", full=True)

    supervisor = site.join(page, "Heron", Role.SUPERVISOR)
    for name in ("", "totals"):
        page.goto(f"{site.url}/inbox/{name}".rstrip("/"))
        picture(page, name or "conversations")
    page.goto(f"{site.url}/inbox/audit")
    page.get_by_role("button", name="Check the whole log").click()
    picture(page, "audit")
    for name, size, scheme in (("dark", WIDE, "dark"), ("phone", PHONE, "light")):
        other = page_of(browser, size, scheme)
        site.sign_in(other, supervisor)
        picture(other, f"conversations-{name}")

    admin = page_of(browser, WIDE)
    site.join(admin, "Otter", Role.ADMIN)
    officer = page_of(browser, WIDE)
    site.join(officer, "Desk 7", Role.CARD_MAKER)
    officer.goto(f"{site.url}/inbox/cards")
    picture(officer, "cards")
    admin.goto(f"{site.url}/inbox/workers")
    picture(admin, "workers")
    admin.get_by_role("button", name="Invite somebody").click()
    picture(admin, "invite")

    spanish = page_of(browser, PHONE, "light", "es-US")
    spanish.goto(f"{site.url}/inbox/sign-in")
    picture(spanish, "sign-in-es-phone")


def main() -> int:
    """Take them all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made, sync_playwright() as playwright:
        site = InboxSite(Path(made))
        site.be_texted(420)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        try:
            take(site, browser, folder)
        finally:
            browser.close()
            site.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
