"""A large pipeline with everything in view: drawn plainly, and still to be used."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas, middle

STRANDS, DEEP = 22, 12
CARDS = "[data-testid^='node-']"
UNFINISHED = f"{CARDS}:not(:has(.react-flow__handle))"
# Drags the ground to the left, frame by frame; the most cards without ports in any of them.
PAN = """
async (unfinished) => {
  const pane = document.querySelector('.react-flow__pane')
  const fire = (type, on, clientX) => on.dispatchEvent(new MouseEvent(type, { clientX, clientY: 500, bubbles: true, cancelable: true, view: window, buttons: 1 }))
  let most = 0
  fire('mousedown', pane, 700)
  for (let step = 1; step <= 60; step += 1) {
    fire('mousemove', window, 700 - 20 * step)
    await new Promise(requestAnimationFrame)
    most = Math.max(most, document.querySelectorAll(unfinished).length)
  }
  fire('mouseup', window, -500)
  return most
}
"""
# The wires that are missing between cards in view.
UNWIRED = """
() => {
  const here = new Set([...document.querySelectorAll('.react-flow__node')].map((node) => node.dataset.id))
  const next = (id) => id.replace(/[0-9]+$/, (step) => Number(step) + 1)
  return [...here].filter((id) => here.has(next(id)) && !document.querySelector(`.react-flow__edge[data-id="${id}.table->${next(id)}.table"]`))
}
"""


def strands() -> dict[str, Any]:
    """Chains side by side, too wide to be read whole."""
    nodes: dict[str, Any] = {}
    edges = []
    for strand in range(STRANDS):
        for step in range(DEEP):
            module = "trial.pass_on" if step else "data.enter_data"
            nodes[f"s{strand}_{step}"] = {
                "module": module,
                "params": {} if step else {"text": "a\n1\n"},
                "position": [strand * 260, step * 300],
            }
            if step:
                edges.append([f"s{strand}_{step - 1}.table", f"s{strand}_{step}.table"])
    return {"format": 1, "name": "Strands", "nodes": nodes, "edges": edges, "parameters": {}, "frames": [], "notes": []}


def test_far_out_the_wires_are_one_drawing_and_cards_are_still_chosen_and_deleted(canvas, page: Page) -> None:
    at: Canvas = canvas(strands())
    at.fit()
    at.expect_cards(STRANDS * DEEP)
    wires = page.locator(".react-flow__edge")
    expect(page.get_by_test_id("far-wires").locator("path")).to_have_count(1)
    expect(wires).to_have_count(0)
    page.mouse.click(*middle(at.card("s3_4")))
    expect(at.settings.get_by_label("Title")).to_be_visible()
    page.keyboard.press("Delete")
    at.expect_saved()
    assert ["s3_3.table", "s3_5.table"] in at.graph()["edges"]
    page.keyboard.press("Control+z")
    expect(at.card("s3_4")).to_have_attribute("data-selected", "true")
    page.keyboard.press("Shift+F")
    expect(at.wire("s3_3.table->s3_4.table")).to_be_visible()
    expect(page.get_by_test_id("far-wires")).to_have_count(0)
    at.expect_saved()


def test_what_comes_into_view_is_drawn_plainly_until_the_view_rests(canvas, page: Page) -> None:
    canvas(strands())
    before = set(page.locator(CARDS).evaluate_all("(cards) => cards.map((card) => card.dataset.testid)"))
    assert page.evaluate(PAN, UNFINISHED) > 0
    expect(page.locator(UNFINISHED)).to_have_count(0)
    assert not before & set(page.locator(CARDS).evaluate_all("(cards) => cards.map((card) => card.dataset.testid)"))
    assert page.evaluate(UNWIRED) == []
