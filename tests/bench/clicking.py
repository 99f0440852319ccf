"""A real click on Run in Chromium, timed inside the page."""

from __future__ import annotations

from tests.support.app_server import Person
from tests.support.chromium import chromium, window

# Resolves with the milliseconds from the click to the first change of a node's state on the canvas (queued), and to the first message of
# the server: a node that is no longer queued.
TIME_A_CLICK = """
() => new Promise((resolve, reject) => {
  const states = () => [...document.querySelectorAll(':not(svg)[data-state]')].map((node) => node.dataset.state)
  const before = states().join()
  const started = performance.now()
  let first = null
  const watch = new MutationObserver(() => {
    const now = states()
    if (first === null && now.join() !== before) first = performance.now() - started
    if (first !== null && now.some((state) => state !== 'waiting')) { watch.disconnect(); resolve([first, performance.now() - started]) }
  })
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] })
  setTimeout(() => reject(new Error('no state changed within 10 s')), 10000)
  document.querySelector('[data-testid="run"]').click()
})
"""
ALL_DONE = "() => [...document.querySelectorAll(':not(svg)[data-state]')].every((node) => ['done', 'reused'].includes(node.dataset.state))"


def click_to_first_state(person: Person, pipeline: str, times: int) -> list[tuple[float, float]]:
    """Milliseconds from each click to the first change and to the server's first message; a setting changes before each, so a step runs."""
    with chromium() as browser:
        page = window(browser, person).new_page()
        page.goto(f"{person.base}/pipelines/{pipeline}")
        page.get_by_test_id("run").click()
        page.wait_for_function(ALL_DONE)
        waits = []
        for seed in range(1, times + 1):
            page.get_by_test_id("run").wait_for()
            person.set(pipeline, "split", seed=seed)
            page.locator("[aria-label='The result is outdated']").first.wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)  # as a user does: the check after the edit has finished
            first, answered = page.evaluate(TIME_A_CLICK)
            waits.append((float(first), float(answered)))
            page.wait_for_function(ALL_DONE)
    return waits
