"""Many models with groups that fail: watched, listed with their reason, and trained again alone after the data is mended."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE, Canvas

GROUPS, ROWS, BAD = 40, 12, "shop 7"


def rows(*bad: str) -> str:
    known = {f"shop {group}": group for group in range(GROUPS)}
    lines = [
        f"{shop},{row * 7 % 11},{'' if shop in bad else number + row * 3 % 10}" for shop, number in known.items() for row in range(ROWS)
    ]
    return "\n".join(["shop,x,sales", *lines])


def document() -> dict[str, Any]:
    train = {"label": "sales", "groups": ["shop"], "compare": True}
    nodes = {
        "source": {"module": "data.enter_data", "params": {"text": rows(BAD)}, "position": [0, 0]},
        "learner": {"module": "regression.linear_regression", "params": {}, "position": [300, 0]},
        "train": {"module": "training.train_model_by_group", "params": train, "position": [150, 130]},
    }
    edges = [["source.table", "train.table"], ["learner.model", "train.untrained"]]
    return {"format": 1, "name": "Shops", "nodes": nodes, "edges": edges, "parameters": {}, "frames": [], "notes": []}


def test_groups_that_fail_are_listed_and_trained_again_alone_once_the_data_is_mended(canvas, page: Page, person) -> None:
    at: Canvas = canvas(document())
    at.choose("train")
    at.run()
    at.drawer.get_by_role("tab", name="Items").click(timeout=RUN_PATIENCE)
    expect(at.card("train")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    page.get_by_role("combobox", name="Part of the step").select_option("0")
    states = page.get_by_role("group", name="Filter by state")
    expect(states.get_by_role("button")).to_have_text([f"Done {GROUPS - 1}", "Failed 1"])
    states.get_by_role("button", name=re.compile("^Failed")).click()
    grid = page.get_by_role("grid", name="Items: groups")
    expect(grid).to_have_attribute("aria-rowcount", "2")
    grid.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    details = page.get_by_role("complementary", name=f"Item {BAD}")
    expect(details).to_contain_text("no_rows")
    expect(details.get_by_role("alert")).to_contain_text("Add rows.")
    details.press("Escape")
    states.get_by_role("button", name=re.compile("^Failed")).click()

    at.show("train", "models")
    for title in ("By group beside others", "Worst groups by WAPE", "Groups that failed"):
        expect(at.drawer.get_by_role("region", name=title, exact=True)).to_be_visible()
    expect(at.drawer.locator("figure").filter(has_text="Groups by WAPE").locator("svg, canvas").first).to_be_visible()

    person.set(at.pipeline, "source", text=rows())
    at.choose("train")
    expect(at.card("train").get_by_label("The result is outdated")).to_be_visible()
    at.run()
    expect(at.card("train")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    at.drawer.get_by_role("tab", name="Items").click()
    page.get_by_role("combobox", name="Part of the step").select_option("0")
    expect(states.get_by_role("button")).to_have_text(["Done 1", f"Reused {GROUPS - 1}"], timeout=RUN_PATIENCE)
