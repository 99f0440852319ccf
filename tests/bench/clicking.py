"""A real click on Run in Chromium, timed inside the page."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from tests.bench.tree import Person

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

# Resolves with the milliseconds from the click to the first change of a node's state on the canvas.
TIME_A_CLICK = """
() => new Promise((resolve, reject) => {
  const button = document.querySelector('[data-testid="run"]')
  const before = [...document.querySelectorAll('[data-state]')].map((node) => node.dataset.state).join()
  const started = performance.now()
  const watch = new MutationObserver(() => {
    const now = [...document.querySelectorAll('[data-state]')].map((node) => node.dataset.state).join()
    if (now !== before) { watch.disconnect(); resolve(performance.now() - started) }
  })
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] })
  setTimeout(() => reject(new Error('no state changed within 10 s')), 10000)
  button.click()
})
"""


def click_to_first_state(person: Person, pipeline: str, times: int) -> list[float]:
    """Milliseconds from click to first change, once for every click; each run is left to end before the next."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies([{"name": name, "value": value, "url": person.base} for name, value in person.cookies.items()])
        page = context.new_page()
        page.goto(f"{person.base}/pipelines/{pipeline}")
        page.locator("[data-state]").first.wait_for()
        waits = []
        for _ in range(times):
            page.get_by_test_id("run").wait_for()
            waits.append(float(page.evaluate(TIME_A_CLICK)))
            page.wait_for_function("() => [...document.querySelectorAll('[data-state]')].every((node) => node.dataset.state === 'done')")
        browser.close()
    return waits
