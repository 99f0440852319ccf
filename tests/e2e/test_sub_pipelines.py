"""Sub-pipelines: folded, wired, run, entered, with settings of their own, and unfolded."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE, Canvas
from tests.e2e.graphs import chain

PASS = "trial.pass_on"
CHAIN = [("first", PASS, {}), ("half", "transform.split_data", {"fraction": 0.5}), ("last", PASS, {})]
EDGES = [["source.table", "first.table"], ["first.table", "half.table"], ["half.first", "last.table"]]


def fold(at: Canvas, *nodes: str) -> None:
    at.choose(nodes[0])
    for node in nodes[1:]:
        at.card(node).click(position={"x": 60, "y": 12}, modifiers=["Shift"])
    at.page.keyboard.press("Control+g")


def test_fold_run_enter_promote_and_unfold(canvas, page: Page) -> None:
    at = canvas(chain(*CHAIN) | {"edges": EDGES})
    before = at.graph()
    fold(at, "first", "last")
    expect(page.get_by_text("“Split Data” is between the selected modules. Select it too, then fold.")).to_be_visible()
    fold(at, "first", "half", "last")
    at.expect_cards(2)
    card = at.card("sub_pipeline")
    expect(card).to_contain_text("3 modules")

    at.run()
    expect(card).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    card.locator(".react-flow__handle.source[data-handleid='last.table']").click()
    expect(at.drawer.get_by_role("grid")).to_be_visible()

    page.locator(".react-flow__node[data-id='sub_pipeline']").focus()
    page.keyboard.press("Enter")
    at.expect_cards(3)
    crumbs = page.get_by_role("navigation", name="Sub-pipeline")
    expect(crumbs).to_contain_text("Sub-pipeline 1")
    at.choose("half")
    at.settings.get_by_role("button", name="Show on the card of “Sub-pipeline 1”: Fraction").click()
    page.go_back()
    at.expect_cards(2)

    at.choose("sub_pipeline")
    at.setting("Fraction").fill("0.25")
    at.setting("Fraction").press("Tab")
    at.expect_saved()
    page.reload()
    at.expect_cards(2)
    at.choose("sub_pipeline")
    expect(at.setting("Fraction")).to_have_value("0.25")

    page.keyboard.press("Control+Shift+g")
    at.fit()
    at.expect_cards(4)
    at.expect_saved()
    after = at.graph()
    assert after["nodes"].pop("half")["params"] == {"fraction": 0.25}
    del before["nodes"]["half"]
    assert after == before
