"""The directory's pages in a real Chromium: by keyboard, without a script, and for everyone (axe)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.db import writing
from bot.models import DailyCount
from bot.staff.roles import Role
from services_directory.importing import import_directory
from services_directory.models import ServiceSearch
from services_directory.verification import report_closed
from tests.e2e.inbox_site import InboxSite
from tests.e2e.running_line import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.browser]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDE, NARROW = {"width": 1180, "height": 760}, {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def browser(chromium):
    return chromium


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = InboxSite(tmp_path_factory.mktemp("site"))
    with writing(running.engine) as session:
        sample = ROOT / "services_directory" / "data" / "sample"
        import_directory(session, Path(sample), "sample", datetime.now(UTC).date())
    yield running
    running.stop()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=WIDE, locale="en-US")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    yield page
    context.close()
    assert wrong == []


def sweep(page: Page) -> None:
    """Nothing is wrong in light and dark, wide and narrow, and nothing sticks out at the side."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            answer = Axe().run(page, options=RULES).response
            faults = [
                f"{one['id']}: {node['target']} {node.get('failureSummary')}"
                for one in answer["violations"]
                for node in one["nodes"]
            ]
            assert faults == [], f"{page.url} {scheme} {size}"
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (page.url, size)
    page.set_viewport_size({"width": WIDE["width"] // 2, "height": WIDE["height"] // 2})
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"] // 2
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")


def ask(page: Page, text: str) -> None:
    page.get_by_label("A text, as somebody would send it").fill(text)
    page.get_by_label("A text, as somebody would send it").press("Tab")
    page.get_by_role("button", name="Show the answer").press("Enter")
    expect(page.get_by_role("heading", name="The answer, word for word")).to_be_visible()


def test_a_supervisor_asks_opens_a_listing_and_corrects_its_hours(site, page):
    site.join(page, "Heron", Role.SUPERVISOR)
    page.goto(f"{site.url}/inbox/directory")
    sweep(page)
    ask(page, "hungry near 98104, i have a dog")
    sweep(page)
    expect(page.locator("blockquote[lang=es]").first).to_contain_text("98104")
    page.locator("tbody tr th a").first.click()
    sweep(page)
    page.get_by_text("Correct the hours").click()
    page.get_by_label("Hours every week").fill("sometimes")
    page.get_by_role("button", name="Tell these hours").click()
    expect(page.get_by_role("alert").first).to_contain_text("cannot be read for sure")
    expect(page.get_by_label("Hours every week")).to_have_value("sometimes")
    sweep(page)
    page.get_by_label("Hours every week").fill("Mon-Sun 10am-2pm")
    page.get_by_role("button", name="Tell these hours").click()
    expect(page.get_by_text("The line tells it so from now on.")).to_be_visible()
    expect(page.get_by_text("10am to 2pm").first).to_be_visible()
    sweep(page)


def test_a_worker_does_a_task_without_any_script(site, browser):
    with writing(site.engine) as session:
        at = session.query(ServiceSearch.service_at_location_id).order_by(ServiceSearch.id).first()[0]
        report_closed(session, at, "somebody", datetime.now(UTC).date())
    context = browser.new_context(viewport=NARROW, java_script_enabled=False)
    page = context.new_page()
    site.join(page, "Plover")
    page.goto(f"{site.url}/inbox/directory/tasks")
    page.get_by_role("button", name="Take").click()
    page.get_by_label("What I found").select_option("hours")
    page.get_by_label("Note").fill("opens at eleven now")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("opens at eleven now")).to_be_visible()
    context.close()


def test_the_numbers_are_for_everyone(site, page):
    today = datetime.now(UTC).date()
    usual = {"counted:": 3, "texts:out": 500, "places:found": 80, "places:none": 5, "answered:texts": 400}
    usual |= {"needs:food": 40, "needs:treatment": 3, "zip3:981": 33}
    with writing(site.engine) as session:
        for back in range(1, 91):
            moving = {"texts:in": 400 + back % 7 * 30, "people:texted": 3 * back % 60}
            moving |= {"answered:median": 1100 + back, "answered:slow": 2300 + 9 * back}
            moving |= {"emergencies:overdose": back % 3}
            for name, count in {**usual, **moving}.items():
                measure, part = name.split(":")
                day = today - timedelta(days=back)
                session.merge(DailyCount(day=day, measure=measure, part=part, count=count))
    site.join(page, "Stilt", Role.SUPERVISOR)
    for days in (7, 90):
        page.goto(f"{site.url}/inbox/numbers?days={days}")
        page.get_by_text("As a table").first.click()
        sweep(page)
    expect(page.get_by_role("img", name="Texts")).to_be_visible()


def test_the_tasks_are_for_everyone_in_spanish_too(site, browser, page):
    site.join(page, "Egret", Role.SUPERVISOR)
    page.goto(f"{site.url}/inbox/directory/tasks")
    sweep(page)
    page.goto(f"{site.url}/inbox/account")
    page.locator("form[action$='/language'] select").select_option("es")
    page.locator("form[action$='/language'] button").click()
    for path in ("directory", "directory/tasks"):
        page.goto(f"{site.url}/inbox/{path}")
        expect(page.locator("html")).to_have_attribute("lang", "es")
        sweep(page)
