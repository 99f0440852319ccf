"""Debian's Chromium, configured for every browser test and measurement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.support.app_server import Person

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Sums the layout shifts that no input caused, from the first frame on.
SHIFTS = """
window.shifted = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({ type: 'layout-shift', buffered: true })
"""


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser with a profile of its own."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield browser
        browser.close()


def window(
    browser: Browser, person: Person | None, *, scheme: str = "light", width: int = 1440, height: int = 900, **more: Any
) -> BrowserContext:
    """A window with a signed-in or an anonymous user."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)  # type: ignore[arg-type]
    if person:
        sign_in(context, person)
    return context


def sign_in(context: BrowserContext, person: Person) -> None:
    """Give a window somebody's session."""
    context.add_cookies([{"name": name, "value": value, "url": person.base} for name, value in person.cookies.items()])
