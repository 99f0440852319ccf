"""A real click on Run in Chromium, timed inside the page."""

from __future__ import annotations

from tests.chromium import chromium, window
from tests.tree import Person

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
    with chromium() as browser:
        page = window(browser, person).new_page()
        page.goto(f"{person.base}/pipelines/{pipeline}")
        page.locator("[data-state]").first.wait_for()
        waits = []
        for _ in range(times):
            page.get_by_test_id("run").wait_for()
            waits.append(float(page.evaluate(TIME_A_CLICK)))
            page.wait_for_function("() => [...document.querySelectorAll('[data-state]')].every((node) => node.dataset.state === 'done')")
    return waits
