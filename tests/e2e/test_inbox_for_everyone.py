"""Every page of the inbox for everyone: axe finds nothing, in light and dark, at 320 px and at 200 %."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.staff.roles import Role
from tests.e2e.inbox_site import PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.browser]
#: WCAG 2.2 A and AA, and what axe holds to be good besides.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE, NARROW = {"width": 1180, "height": 760}, {"width": 320, "height": 640}


def faults(page: Page) -> list[str]:
    answer = Axe().run(page, options=RULES).response
    # It did look: at colours as well.
    assert "color-contrast" in {one["id"] for one in answer["passes"]}
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary')}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]


def sweep(page: Page) -> None:
    """The page as it is, in both schemes and both widths; nothing sticks out at the side."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            assert faults(page) == [], f"{page.url} {scheme} {size}"
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
    # A zoom of 200 % is a page half as wide.
    page.set_viewport_size({"width": WIDE["width"] // 2, "height": WIDE["height"] // 2})
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"] // 2
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def test_the_way_in_is_for_everyone(site, page):
    for path in ("sign-in", "sign-in?lang=es", "invitation/none", "nothing"):
        page.goto(f"{site.url}/inbox/{path}")
        sweep(page)
    page.goto(site.invite("Dove"))
    sweep(page)
    page.locator("[name=new_password]").fill("short")
    page.locator("[name=repeated]").fill("short")
    page.locator("main [type=submit]").click()
    sweep(page)
    page.locator("[name=new_password]").fill(PASSWORD)
    page.locator("[name=repeated]").fill(PASSWORD)
    page.locator("main [type=submit]").click()
    sweep(page)
    dove = site.join(page, "Stilt")
    sweep(page)
    page.context.clear_cookies()
    page.goto(f"{site.url}/inbox/sign-in?lang=en")
    page.locator("[name=name]").fill(dove.name)
    page.locator("[name=password]").fill("not the password")
    page.locator("main [type=submit]").click()
    sweep(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main [type=submit]").click()
    sweep(page)
    page.get_by_role("link", name="I do not have my phone").click()
    sweep(page)


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (Role.SUPERVISOR, ("", "/account", "/audit", "/totals", "/cards", "/cards/sheet", "/workers")),
        (Role.ADMIN, ("/workers", "/audit")),
    ],
)
def test_the_pages_behind_it_are_for_everyone(site, page, role, paths, people):
    site.join(page, f"Walker {role}", role)
    for path in paths:
        page.goto(f"{site.url}/inbox{path}")
        sweep(page)


def test_dialogs_and_menus_are_for_everyone(site, page):
    site.join(page, "Bittern", Role.ADMIN)
    page.goto(f"{site.url}/inbox/workers")
    page.locator(".bar__account summary").click()
    assert faults(page) == []
    page.locator(".bar__account summary").click()
    page.get_by_role("button", name="Invite somebody").click()
    expect(page.get_by_role("dialog", name="Invite somebody")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Invite somebody")).to_be_focused()
    page.locator(".manage summary").first.click()
    sweep(page)


def test_the_first_press_of_tab_offers_to_skip_to_the_page(site, page):
    site.join(page, "Rail")
    page.goto(f"{site.url}/inbox")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to what this page is about")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_what_is_under_the_keyboard_is_always_seen(site, page):
    site.join(page, "Coot", Role.ADMIN)
    page.goto(f"{site.url}/inbox/workers")
    seen = 0
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        if page.evaluate("document.activeElement !== document.body"):
            assert width >= 2, page.evaluate("document.activeElement.outerHTML")
            seen += 1
    assert seen > 6
