"""The Trouble panel of the phone page in a real Chromium."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from simulated_world import PHONE, until

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = pytest.mark.browser


@pytest.fixture
def page(twilio):
    if not CHROMIUM.exists() and os.environ.get("CI_BROWSER_REQUIRED") != "1":
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{twilio.url}/phone?number={PHONE.replace('+', '%2B')}")
        yield page
        browser.close()
        assert wrong == []


def test_trouble_is_ordered_seen_and_taken_back_on_the_phone_page(twilio, line, page):
    page.get_by_text("Trouble", exact=True).click()
    expect(page.get_by_text("Nothing is set to go wrong.")).to_be_visible()
    page.get_by_label("What goes wrong").select_option(label="A text comes to the line twice at once")
    page.get_by_label("How often").fill("3")
    page.get_by_role("button", name="Order it").click()
    expect(page.get_by_text("twice at once (3 more).")).to_be_visible()
    page.get_by_label("Text message").fill("hello")
    page.get_by_label("Text message").press("Enter")
    until(lambda: len(line.forms("/twilio/sms")) == 2)
    expect(page.get_by_text("twice at once (2 more).")).to_be_visible()
    page.get_by_role("button", name="No more trouble").click()
    expect(page.get_by_text("Nothing is set to go wrong.")).to_be_visible()

    assert twilio.get("/faults") == {}


def test_every_trouble_of_the_panel_is_one_that_can_be_ordered(twilio, page):
    page.get_by_text("Trouble", exact=True).click()
    choice = page.get_by_label("What goes wrong")
    names = choice.locator("option").all_text_contents()
    assert len(names) > 15
    for name in names:
        choice.select_option(label=name)
        page.get_by_role("button", name="Order it").click()
        expect(page.get_by_text(f"{name} (1 more)")).to_be_visible()
    page.get_by_role("button", name="No more trouble").click()
