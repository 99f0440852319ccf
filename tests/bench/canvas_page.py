"""The page of the canvas in Chromium without a GPU: how soon it can be used, how much it loads, and how smoothly a thousand cards move."""

from __future__ import annotations

from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page

from tests.bench import drawings
from tests.bench.report import Figures
from tests.support.app_server import Person
from tests.support.chromium import SHIFTS, chromium, window

COLUMNS, ACROSS, DOWN = 32, 300, 110
OPENINGS, ROUNDS = 7, 3
SHOWN = "(cards) => document.querySelectorAll('[data-testid^=\"node-\"]').length >= cards"
CARDS = "document.querySelectorAll('[data-testid^=\"node-\"]').length >= 8"
REST = ("[role=toolbar][aria-label=Canvas]", 'input[placeholder="Search modules"]', "[role=tab]")
ALL = " && ".join([CARDS, *(f"document.querySelector('{part}')" for part in REST)])
# The milliseconds from the navigation until something is there, at the end of the frame that draws it.
WHEN = """
() => new Promise((resolve) => {{
  const look = () => ({shown} ? setTimeout(() => resolve(performance.now())) : requestAnimationFrame(look))
  look()
}})
"""
LOADED = "() => performance.getEntries().reduce((sum, entry) => sum + (entry.transferSize ?? 0), 0)"
COUNT = """
() => {
  window.frames_at = []
  const tick = (at) => { window.frames_at.push(at); window.frame = requestAnimationFrame(tick) }
  requestAnimationFrame(tick)
}
"""
COUNTED = "() => { cancelAnimationFrame(window.frame); const at = window.frames_at; return (at.length - 1) / (at.at(-1) - at[0]) * 1000 }"
DRAG = """
async ([dx, dy, steps]) => {
  const pane = document.querySelector('.react-flow__pane')
  const { left, top } = pane.getBoundingClientRect()
  let [x, y] = [left + 600, top + 400]
  const fire = (type, on) => on.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, view: window, buttons: 1 }))
  fire('mousedown', pane)
  for (let step = 0; step < steps; step += 1) {
    const way = step < steps / 2 ? -1 : 1
    ;[x, y] = [x + way * dx, y + way * dy]
    fire('mousemove', window)
    await new Promise(requestAnimationFrame)
  }
  fire('mouseup', window)
}
"""
WHEEL = """
async ([by, steps]) => {
  const pane = document.querySelector('.react-flow__pane')
  for (let step = 0; step < steps; step += 1) {
    const deltaY = step < steps / 2 ? by : -by
    pane.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: 700, clientY: 450, bubbles: true, cancelable: true, view: window }))
    await new Promise(requestAnimationFrame)
  }
}
"""


def measure(person: Person) -> Figures:
    """Open the sample with an empty cache, and move the view over a thousand cards; an empty canvas is the baseline."""
    sample = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    with chromium() as browser:
        opened = [_open(browser, person, sample) for _ in range(OPENINGS)]
        empty = _moves(browser, person, drawings.chain(1), 1)
        full = _moves(browser, person, _grid(1000), 20)
    return {
        **{f"canvas_{name}": median(each[name] for each in opened) for name in opened[0]},
        **{f"canvas_{name}_frames_per_second": rate for name, rate in full.items()},
        **{f"canvas_{name}_ratio_to_empty": rate / empty[name] for name, rate in full.items()},
    }


def _grid(cards: int) -> dict[str, Any]:
    drawn: dict[str, Any] = dict(drawings.mixed(cards))
    for at, node in enumerate(drawn["nodes"].values()):
        node["position"] = [ACROSS * (at % COLUMNS), DOWN * (at // COLUMNS)]
    return drawn


def _open(browser: Browser, person: Person, pipeline: str) -> Figures:
    context = window(browser, person)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    page.goto(f"{person.base}/pipelines/{pipeline}", wait_until="commit")
    usable, complete = page.evaluate(WHEN.format(shown=CARDS)), page.evaluate(WHEN.format(shown=ALL))
    page.wait_for_load_state("networkidle")
    found = {"usable_ms": usable, "complete_ms": complete, "loaded_kb": page.evaluate(LOADED) / 1000}
    found |= {"layout_shift": page.evaluate("() => window.shifted")}
    context.close()
    return found


def _moves(browser: Browser, person: Person, drawn: Any, cards: int) -> Figures:
    context = window(browser, person)
    page = context.new_page()
    page.goto(f"{person.base}/pipelines/{person.pipeline(drawn)}")
    page.wait_for_function(SHOWN, arg=cards)
    page.wait_for_load_state("networkidle")
    rates = {
        "pan": median(_rate(page, DRAG, [10, 6, 120]) for _ in range(ROUNDS)),
        "zoom": median(_rate(page, WHEEL, [40, 60]) for _ in range(ROUNDS)),
    }
    page.get_by_role("toolbar", name="Canvas").get_by_role("button", name="Zoom to fit").click()
    page.wait_for_timeout(500)  # the view moves there
    rates["far_pan"] = median(_rate(page, DRAG, [4, 3, 120]) for _ in range(ROUNDS))
    context.close()
    return rates


def _rate(page: Page, move: str, by: list[int]) -> float:
    """Frames a second while the view moves."""
    page.evaluate(COUNT)
    page.evaluate(move, by)
    return float(page.evaluate(COUNTED))
