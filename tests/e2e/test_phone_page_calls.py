"""Calls on the phone page in a real Chromium: both legs are answered, keys pressed and declined by hand."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_phone_page import ANSWER_MS, bubbles, page, text  # noqa: F401 - fixtures

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

BY_HAND = "Ask me: Answer, keys, Hang up"


def two_phones(page: Page, line, person: str, home: str) -> None:  # noqa: F811
    page.goto(f"{line.simulator_url}/phone?number=%2B{person}&second=%2B{home}")
    expect(page.locator(".phone")).to_have_count(2)
    for setting in page.get_by_label("When it rings").all():
        setting.select_option(label=BY_HAND)


def asks_for_a_call(page: Page, home: str) -> None:  # noqa: F811
    for body, answer in (
        (f"call my mom {home[1:]}", "What name"),
        ("danny", "Danny would like to talk with you"),
        ("yes", "Calling you now"),
    ):
        text(page, body)
        said = page.locator(".phone").nth(0).locator(".bubble.out").filter(has_text=answer)
        expect(said.first).to_be_visible(timeout=ANSWER_MS)


def call_of(page: Page, phone: int):  # noqa: F811
    return page.locator(".phone").nth(phone).locator(".call")


def press(page: Page, phone: int, name: str) -> None:  # noqa: F811
    call_of(page, phone).get_by_role("button", name=name, exact=True).click(timeout=ANSWER_MS)


def test_a_call_home_is_answered_and_accepted_by_hand_on_both_phones(line, page):  # noqa: F811
    two_phones(page, line, "12065550171", "12065550172")
    asks_for_a_call(page, "12065550172")
    expect(call_of(page, 0)).to_contain_text("is calling", timeout=ANSWER_MS)
    press(page, 0, "Answer")
    press(page, 0, "Press 1")
    expect(call_of(page, 1)).to_contain_text("(206) 555-0100 is calling", timeout=ANSWER_MS)
    press(page, 1, "Answer")
    expect(call_of(page, 1)).to_contain_text("Danny would like to talk with you")
    press(page, 1, "Press 1")
    expect(call_of(page, 1)).to_contain_text("You are connected", timeout=ANSWER_MS)
    press(page, 0, "Hang up")
    expect(bubbles(page, "out").filter(has_text="However it went")).to_be_visible(timeout=ANSWER_MS)


def test_home_declines_by_hand_and_the_person_is_told(line, page):  # noqa: F811
    two_phones(page, line, "12065550173", "12065550174")
    asks_for_a_call(page, "12065550174")
    press(page, 0, "Answer")
    press(page, 0, "Press 1")
    press(page, 1, "Decline")
    expect(bubbles(page, "out").filter(has_text="phone was busy")).to_be_visible(timeout=ANSWER_MS)


def test_the_person_declines_by_hand(line, page):  # noqa: F811
    two_phones(page, line, "12065550175", "12065550176")
    asks_for_a_call(page, "12065550176")
    press(page, 0, "Decline")
    expect(bubbles(page, "out").filter(has_text="we didn't connect")).to_be_visible(timeout=ANSWER_MS)


def test_the_line_is_called_from_the_page_and_its_menu_answered_by_key(line, page):  # noqa: F811
    page.goto(f"{line.simulator_url}/phone?number=%2B12065550177")
    page.get_by_role("button", name="Call the line").click()
    expect(call_of(page, 0)).to_contain_text("hang up and call 911", timeout=ANSWER_MS)
    press(page, 0, "Press 4")
    expect(call_of(page, 0)).to_contain_text("Nobody on our team can pick up right now", timeout=ANSWER_MS)
