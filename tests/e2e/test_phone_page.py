"""The phone page in a real Chromium, against the whole line."""

import re

import pytest
from playwright.sync_api import Page, expect

ANSWER_MS = 20_000
NUMBERS = [f"+120655501{last}" for last in (61, 62, 63, 64, 65)]

pytestmark = [pytest.mark.e2e, pytest.mark.browser]


@pytest.fixture
def page(chromium, line):
    # A second phone takes any number: none may show what other tests have texted from it.
    line.http.post(f"{line.simulator_url}/simulator/reset", timeout=10).raise_for_status()
    context = chromium.new_context(viewport={"width": 1200, "height": 860}, locale="en-US")
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    yield page
    context.close()
    assert wrong == []


def open_phone(page: Page, line, number: str) -> None:
    page.goto(f"{line.simulator_url}/phone?number={number.replace('+', '%2B')}")


def bubbles(page: Page, direction: str):
    return page.locator(f".bubble.{direction}")


def text(page: Page, body: str, phone: int = 0) -> None:
    field = page.get_by_label("Text message").nth(phone)
    field.fill(body)
    field.press("Enter")


def test_a_text_from_the_phone_page_is_answered_with_places_nearby(line, page, tmp_path):
    open_phone(page, line, NUMBERS[0])
    text(page, "hungry near 98104")

    expect(bubbles(page, "in").filter(has_text="hungry near 98104")).to_be_visible()
    expect(bubbles(page, "out").filter(has_text="Near 98104")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_label("Text message")).to_have_value("")
    page.screenshot(path=tmp_path / "phone.png")
    assert (tmp_path / "phone.png").stat().st_size > 0


def test_two_phones_on_one_page_keep_their_own_texts_and_numbers(line, page):
    open_phone(page, line, NUMBERS[1])
    page.get_by_role("button", name="Add a second phone").click()
    expect(page.locator(".phone")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"second=%2B120655501\d\d"))
    text(page, "hello from the second", phone=1)

    second = page.locator(".phone").nth(1)
    expect(second.locator(".bubble.in")).to_have_text(re.compile("hello from the second"))
    expect(second.locator(".bubble.out").first).to_be_visible(timeout=ANSWER_MS)
    expect(page.locator(".phone").nth(0).locator(".bubble")).to_have_count(0)
    page.reload()
    expect(page.locator(".phone").nth(1).locator(".bubble.in")).to_have_count(1)


def test_a_text_that_could_not_be_sent_stays_in_the_field_and_says_so(line, page):
    open_phone(page, line, NUMBERS[2])
    page.route("**/texts", lambda route: route.abort())
    text(page, "please wait for me")

    expect(page.get_by_role("alert")).to_contain_text("nothing was sent")
    expect(page.get_by_label("Text message")).to_have_value("please wait for me")
    page.unroute("**/texts")
    page.get_by_role("button", name="Send").click()
    expect(bubbles(page, "in").filter(has_text="please wait for me")).to_be_visible(timeout=ANSWER_MS)
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_a_narrow_screen(line, page, scheme, tmp_path):
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme=scheme)
    open_phone(page, line, NUMBERS[3])

    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.screenshot(path=tmp_path / f"narrow-{scheme}.png")


def test_a_markup_in_a_text_is_shown_as_it_was_written(line, page):
    open_phone(page, line, NUMBERS[4])
    text(page, "<img src=x onerror=alert(1)> <b>hi</b>")

    expect(bubbles(page, "in")).to_contain_text("<img src=x onerror=alert(1)> <b>hi</b>")
    expect(page.locator(".bubble img")).to_have_count(0)
