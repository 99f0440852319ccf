"""One tree and one browser for all tests here; every test draws its own pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.canvas import Canvas
from tests.support.app_server import Person, easel
from tests.support.chromium import chromium, window

LONGEST_WAIT = 20_000  # other tests use the machine too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def person() -> Iterator[Person]:
    """The owner of a fresh installation, signed in."""
    with easel() as owner:
        yield owner


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=LONGEST_WAIT)
    with chromium() as started:
        yield started


Open = Callable[..., BrowserContext]


@pytest.fixture
def open_window(browser: Browser, person: Person) -> Iterator[Open]:
    """Opens windows of the owner, or of somebody else; whatever goes wrong inside a page fails the test."""
    windows: list[BrowserContext] = []
    faults: list[str] = []

    def make(who: Person | None = person, **how: Any) -> BrowserContext:
        context = window(browser, who, reduced_motion="reduce", **how)
        context.set_default_timeout(LONGEST_WAIT)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        windows.append(context)
        return context

    yield make
    for context in windows:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_window: Open) -> Page:
    """A window of the owner. File choosers are intercepted from the start: Playwright does not wait until the browser does so."""
    page = open_window().new_page()
    page.on("filechooser", lambda _: None)
    return page


@pytest.fixture
def canvas(page: Page, person: Person) -> Callable[[dict[str, Any]], Canvas]:
    """Makes a pipeline of a document and opens it."""
    return lambda graph: Canvas(page, person).open(person.pipeline(graph))
