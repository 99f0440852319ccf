"""A large pipeline with everything in view: drawn plainly, and still to be used."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas, middle

STRANDS, DEEP = 22, 12


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
