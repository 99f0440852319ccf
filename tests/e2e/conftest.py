"""One tree and one browser for all tests here; every test draws its own pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, WebError, expect

from tests.e2e.canvas import Canvas
from tests.support.app_server import Person, easel
from tests.support.chromium import chromium, sign_in, window

LONGEST_WAIT = 20_000  # other tests use the machine too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def person() -> Iterator[Person]:
    """The owner of a fresh installation, signed in."""
    with easel({"EASEL_PRIVATE_HOSTS": "127.0.0.1"}) as owner:  # servers of tests are imported from
        yield owner


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One process draws all pages of a window, so that it has what an earlier page compiled."""
    expect.set_options(timeout=LONGEST_WAIT)
    with chromium("--renderer-process-limit=1") as started:
        yield started


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """Whatever goes wrong inside a page fails the test, once its windows are closed."""
    found: list[str] = []
    yield found
    assert found == []


Open = Callable[..., BrowserContext]


@pytest.fixture
def open_window(browser: Browser, person: Person, faults: list[str]) -> Iterator[Open]:
    """Opens windows of the owner, or of somebody else, that share nothing with another."""
    windows: list[BrowserContext] = []

    def make(who: Person | None = person, **how: Any) -> BrowserContext:
        context = window(browser, who, reduced_motion="reduce", **how)
        context.set_default_timeout(LONGEST_WAIT)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        windows.append(context)
        return context

    yield make
    for context in windows:
        context.close()


@pytest.fixture(scope="session")
def lasting_window(browser: Browser, person: Person) -> Iterator[BrowserContext]:
    """A window of the owner with a page that stays, and with it the process: a canvas here takes half the processor time of one in a new
    window, which starts a process and compiles the scripts."""
    context = window(browser, None, reduced_motion="reduce")
    context.set_default_timeout(LONGEST_WAIT)
    context.new_page().goto(f"{person.base}/ready")
    yield context
    context.close()


@pytest.fixture
def page(lasting_window: BrowserContext, person: Person, faults: list[str]) -> Iterator[Page]:
    """A page of the owner. It finds nothing that an earlier test stored. File choosers are intercepted from the start: Playwright does not
    wait until the browser does so."""

    def hear(fault: WebError) -> None:
        faults.append(str(fault.error))

    lasting_window.on("weberror", hear)
    sign_in(lasting_window, person)
    page = lasting_window.new_page()
    page.on("filechooser", lambda _: None)
    yield page
    stays, *others = lasting_window.pages
    for other in others:
        other.close()
    lasting_window.remove_listener("weberror", hear)
    lasting_window.clear_cookies()
    session = lasting_window.new_cdp_session(stays)
    session.send("Storage.clearDataForOrigin", {"origin": person.base, "storageTypes": "all"})
    session.detach()


@pytest.fixture
def canvas(page: Page, person: Person) -> Callable[[dict[str, Any]], Canvas]:
    """Makes a pipeline of a document and opens it."""
    return lambda graph: Canvas(page, person).open(person.pipeline(graph))
