"""One real line for all the conversations; tests that break things start their own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.inbox_site import PASSWORD, InboxSite
from tests.e2e.running_line import Phone, RunningLine

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    running = RunningLine(tmp_path_factory.mktemp("line"))
    yield running
    assert running.stop() in {0, -2, 130}


@pytest.fixture
def own_line(tmp_path: Path) -> Iterator[RunningLine]:
    running = RunningLine(tmp_path / "line")
    yield running
    running.stop()


@pytest.fixture
def phone(line: RunningLine) -> Phone:
    return Phone(line)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser for every test that looks at a page."""
    if not CHROMIUM.exists() and os.environ.get("CI_BROWSER_REQUIRED") != "1":
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxSite]:
    """The web process alone: the inbox needs no more."""
    made = InboxSite(tmp_path_factory.mktemp("inbox"))
    yield made
    made.stop()
    said = made.log.read_text()
    for secret in (PASSWORD, "/invitation/", "+1206555", "hungry near 98104", "Heron", "Otter"):
        assert secret not in said


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[[], Page]]:
    """Browsers that know nothing of each other. A script's error, or a refused one, fails the test."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def made() -> Page:
        context = chromium.new_context(viewport={"width": 1180, "height": 760}, locale="en-US")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
        return page

    yield made
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def page(new_page: Callable[[], Page]) -> Page:
    """One browser."""
    return new_page()


@pytest.fixture
def people(site: InboxSite) -> None:
    """Who has texted within a month."""
    site.be_texted(60)
