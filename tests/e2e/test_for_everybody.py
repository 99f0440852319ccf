"""Without a mouse, and for those who see or hear the page another way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.examples import known
from tests.e2e.graphs import chain
from tests.e2e.view import View, tour
from tests.e2e.views import CANVAS, DOOR, PAGES, PHONE
from tests.support.app_server import ROOT, Person

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
# What axe finds in the element, or on the whole page but what floats over it; `rules` is empty for all of them.
# The contrast of a text that lies over or under something else, such as a card on the canvas, is computed from the grounds of what it lies in.
LOOK = """
async ([part, rules]) => {
  const what = part ?? { exclude: ['[data-portal]'] }
  const { violations, incomplete } = await axe.run(what, { resultTypes: ['violations', 'incomplete'], selectors: false, elementRef: true, ...(rules.length ? { runOnly: rules } : {}) })
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const over = (layers) => {
    pen.clearRect(0, 0, 1, 1)
    for (const [colour, opacity] of layers) { pen.globalAlpha = opacity; pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1) }
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3)
  }
  const light = (rgb) => rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0)
  const contrast = (element) => {
    const around = []
    for (let each = element; each; each = each.parentElement) around.unshift(getComputedStyle(each))
    let opacity = 1
    const grounds = around.map((style) => [style.backgroundColor, opacity *= Number(style.opacity)])
    const { fill, color } = around.at(-1)
    const [ground, text] = [over(grounds), over([...grounds, [element.closest('svg') ? fill : color, opacity]])].map(light)
    return (Math.max(ground, text) + 0.05) / (Math.min(ground, text) + 0.05)
  }
  const says = (it) => it.any.concat(it.all, it.none)[0]?.message ?? ''
  const faults = violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((it) => `${id}: ${says(it)} ${it.html.slice(0, 160)}`))
  for (const { element, html } of incomplete.find(({ id }) => id === 'color-contrast')?.nodes ?? []) {
    const ratio = contrast(element)
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(2)}: ${html.slice(0, 160)}`)
  }
  return faults
}
"""
# Remembers every animation that lasts longer than 10 ms, frame by frame.
MOTION = """
window.moved = new Set()
const look = () => {
  for (const each of document.getAnimations()) {
    const { duration, delay } = each.effect.getComputedTiming()
    if (duration + delay > 10) window.moved.add(`${each.animationName ?? each.transitionProperty} of ${each.effect.target?.outerHTML.slice(0, 120)}`)
  }
  requestAnimationFrame(look)
}
look()
"""
MOVING = {"canvas", "run menu", "commands", "outline", "versions", "settings", "report", "running"}
# The rules that depend on the theme.
OF_COLOUR = ["color-contrast", "link-in-text-block"]


def test_a_pipeline_is_drawn_and_run_by_keyboard_alone(canvas, page: Page) -> None:
    at = canvas(chain())
    keys = page.keyboard
    keys.press("a")
    expect(page.get_by_role("combobox", name="Add a module")).to_be_focused()
    keys.type("pass on")
    keys.press("Enter")
    at.expect_cards(2)

    keys.press("o")
    outline = page.get_by_role("dialog", name="Outline")
    entry = outline.get_by_role("button", name="Enter Data Manually")
    tab_to(page, entry)
    keys.press("Enter")
    tab_to(page, outline.get_by_role("combobox", name="to", exact=True))
    fitting = page.get_by_role("listbox", name="to", exact=True)
    keys.press("ArrowDown")
    expect(fitting.get_by_role("option", name="Pass On, Table")).to_be_visible()
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # the list looks for its chosen option in a timer of its own
    keys.press("ArrowDown")
    expect(fitting.locator("[data-combobox-selected]")).to_have_count(1)
    keys.press("Enter")
    expect(outline.get_by_role("button", name="Disconnect")).to_be_visible()
    keys.press("Escape")
    expect(outline).to_have_count(0)
    expect(page.locator(".react-flow__edge")).to_have_count(1)

    keys.press("Control+Enter")
    expect(page.locator("[data-testid^='node-'][data-state='done']")).to_have_count(2, timeout=30_000)
    keys.press("Control+z")
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    keys.press("Control+z")
    at.expect_cards(1)


def tab_to(page: Page, wanted) -> None:
    for _ in range(40):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


@pytest.fixture(scope="module")
def ids(person: Person) -> Iterator[dict[str, str]]:
    """Something to see in every view; what other tests count is taken away again."""
    made = known(person)
    yield made
    person.call("DELETE", f"/api/environments/{made['environment']}/")
    person.call("DELETE", f"/api/datasets/{made['dataset']}/")


@pytest.fixture(autouse=True)
def _no_run_goes_on(person: Person, ids: dict[str, str]) -> Iterator[None]:
    """The next test starts the long run itself."""
    yield
    last = person.call("GET", f"/api/pipelines/{ids['waits']}/")["last_run"]
    if last and last["state"] not in ("done", "failed", "cancelled"):
        person.call("POST", f"/api/runs/{last['id']}/cancel/", {})


@pytest.mark.parametrize("views", [PAGES, CANVAS, PHONE, DOOR], ids=["pages", "canvas", "phone", "door"])
def test_axe_finds_nothing_in_any_view(open_window, person: Person, ids: dict[str, str], views: list[View]) -> None:
    """In one theme, and in the other after a switch; the next view is opened in that."""
    phone = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True} if views is PHONE else {}
    page = open_window(None if views is DOOR else person, bypass_csp=True, **phone).new_page()
    found: list[str] = []
    schemes = ["light", "dark"]
    for view, shown in tour(page, person, ids, views):
        if page.evaluate("() => typeof axe") == "undefined":
            page.add_script_tag(path=AXE)
        part = shown.element_handle() if view.floats else None
        for scheme, rules in zip(schemes, ([], OF_COLOUR), strict=True):
            if rules:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found += [f"{view.name}, {scheme}: {fault}" for fault in page.evaluate(LOOK, [part, rules])]
        schemes.reverse()
    assert found == [], "\n".join(found)


def test_a_page_zoomed_to_400_percent_is_read_downwards_only(page: Page, person: Person, ids: dict[str, str]) -> None:
    """320 px are 1,280 px at 400 %: no page scrolls sideways, and no step of a run loses a part of its name."""
    page.set_viewport_size({"width": 320, "height": 640})
    for view, _ in tour(page, person, ids, [view for view in PAGES if view.name in {"home", "a run", "comparison", "limits"}]):
        wide = page.evaluate(
            "() => [document.documentElement, document.querySelector('#content')].map((it) => it.scrollWidth - it.clientWidth)"
        )
        assert wide == [0, 0], view.name
        cut = page.locator("ol[aria-label='Steps'] span").evaluate_all(
            "all => all.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.textContent)"
        )
        assert cut == [], view.name


def test_nothing_moves_for_those_who_ask_for_no_motion(open_window, person: Person, ids: dict[str, str]) -> None:
    """During a run, and while panels, menus and dialogs open."""
    page = open_window().new_page()
    page.add_init_script(MOTION)
    for _ in tour(page, person, ids, [view for view in CANVAS if view.name in MOVING]):
        assert page.evaluate("() => [...window.moved]") == []
