"""Sub-pipelines: folded, wired, run, entered, with settings of their own, repeated for each group, and unfolded."""

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


SHOPS = "shop,day,sold\n" + "\n".join(f"{shop},{day},{day * day}" for shop in "ab" for day in range(1, 5)) + "\nc,1,\n"


def test_repeat_for_each_group_and_see_what_failed(canvas, page: Page) -> None:
    drawn = chain(
        ("train", "training.train_model", {"label": "sold"}), ("score", "scoring.score_model", {}), ("last", PASS, {}), text=SHOPS
    )
    drawn["nodes"]["learner"] = {"module": "regression.linear_regression", "position": [260, 0]}
    wires = [("learner.model", "train.untrained"), ("source.table", "train.table"), ("train.model", "score.model")]
    at = canvas(drawn | {"edges": [list(wire) for wire in (*wires, ("source.table", "score.table"), ("score.table", "last.table"))]})
    before = at.graph()
    fold(at, "learner", "train", "score")
    at.choose("sub_pipeline")
    at.setting("Repeat for each part of").select_option(label="Enter Data Manually")
    at.settings.get_by_role("button", name="Select columns").click()
    at.settings.get_by_placeholder("Column names").fill("shop")
    page.keyboard.press("Enter")
    card = at.card("sub_pipeline")
    expect(card).to_contain_text("For each shop · 3 modules")
    at.expect_saved()

    at.run()
    expect(card).to_have_attribute("data-state", "failed", timeout=RUN_PATIENCE)
    expect(card).to_contain_text("c: Train Model: The table has no rows with a value of “sold”")
    at.setting("Items that may fail").click()
    page.get_by_role("option", name="All: never stop").click()
    at.expect_saved()
    at.run()
    at.expect_finished(["sub_pipeline", "last"])
    expect(card).to_contain_text("8 × 4")
    card.locator(".react-flow__handle.source[data-handleid='for_each.failures']").click()
    expect(at.drawer.get_by_role("grid")).to_contain_text("no_rows")
    at.choose("sub_pipeline")
    at.drawer.get_by_role("tab", name="Items").click()
    expect(page.get_by_role("group", name="Filter by state").get_by_role("button", name="Failed")).to_have_text("Failed 1")

    at.setting("Repeat for each part of").select_option(label="Nothing: execute it once")
    expect(card).to_contain_text("3 modules")
    page.keyboard.press("Control+Shift+g")
    at.fit()
    at.expect_cards(5)
    at.expect_saved()
    assert {tuple(edge) for edge in at.graph()["edges"]} == {tuple(edge) for edge in before["edges"]}
