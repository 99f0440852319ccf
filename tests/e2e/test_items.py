"""The items of a step that fans out: live, sorted, filtered, and run again where they failed."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import RUN_PATIENCE, Canvas
from tests.e2e.graphs import chain

ITEMS = 3000
BAD = "n7,n400,n1234"


def grid(page: Page) -> Locator:
    return page.get_by_role("grid", name="Items: numbers")


def cells(page: Page, row: int) -> list[str]:
    """The texts of a row, as they are."""
    found = grid(page).locator(f"[aria-rowindex='{row + 1}'] [role=gridcell]")
    expect(found.first).to_be_visible()
    return found.all_inner_texts()


def test_items_are_watched_sorted_filtered_and_run_again_where_they_failed(canvas, page: Page, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    params = {"to": ITEMS, "bad": BAD, "may_fail": 3, "scored": True, "seconds": 0.001, "ledger": str(marks)}
    at: Canvas = canvas(chain(("spread", "trial.spread", params)))
    at.choose("spread")
    expect(at.drawer.get_by_role("tab", name="Items")).to_have_count(0)
    at.run()
    at.drawer.get_by_role("tab", name="Items").click(timeout=RUN_PATIENCE)  # it is there from the start of the fan-out on
    states = page.get_by_role("group", name="Filter by state")
    expect(states.get_by_role("button", name=re.compile("^Running|^Done"))).not_to_have_count(0)
    expect(page.get_by_role("button", name="Run failed items again")).to_have_count(0)
    expect(at.card("spread")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    expect(states.get_by_role("button")).to_have_text(["Done 2,997", "Failed 3"])
    expect(at.card("spread").get_by_role("button", name="Done with gaps: 3 items failed. Show the items")).to_be_visible()
    expect(grid(page)).to_have_attribute("aria-rowcount", str(ITEMS + 1))

    score = grid(page).get_by_role("columnheader", name="score")
    score.get_by_role("button").click()
    expect(score).to_have_attribute("aria-sort", "ascending")
    score.get_by_role("button").click()
    expect(grid(page).locator("[data-mark=best]")).to_have_attribute("aria-rowindex", "2")
    assert cells(page, 1)[3:5] == ["528,529", "0.999009"]
    expect(page.get_by_role("figure").get_by_role("img", name=re.compile("^Best score so far"))).to_be_visible()

    grid(page).focus()
    page.keyboard.press("Control+End")
    expect(grid(page).locator(f"[aria-rowindex='{ITEMS + 1}'] [role=gridcell]").nth(1)).to_have_text("Failed")
    page.get_by_role("button", name="Search numbers").click()
    page.get_by_role("textbox", name="Search numbers").fill("N299")
    expect(grid(page)).to_have_attribute("aria-rowcount", "12")
    page.get_by_role("button", name="Clear search").click()

    states.get_by_role("button", name=re.compile("^Failed")).click()
    expect(grid(page)).to_have_attribute("aria-rowcount", "4")
    grid(page).focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Enter")
    details = page.get_by_role("complementary", name=re.compile("^Item n"))
    expect(details.get_by_role("alert")).to_have_text("The item was told to fail. Choose another number.")
    details.press("Escape")
    expect(details).to_have_count(0)

    assert len(marks.read_text().splitlines()) == ITEMS
    page.get_by_role("button", name="Run failed items again").click()
    expect(states.get_by_role("button")).to_have_text(["Reused 2,997", "Failed 3"], timeout=RUN_PATIENCE)
    expect(at.card("spread")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    assert sorted(line.split()[0] for line in marks.read_text().splitlines()[ITEMS:]) == sorted(BAD.split(","))


def test_the_page_of_a_run_lists_the_items_of_each_fan_out_also_on_a_phone(page: Page, person) -> None:
    pipeline = person.pipeline(chain(("spread", "trial.spread", {"to": 8, "bad": "n7", "may_fail": 1, "waves": 2})))
    person.run(pipeline)
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{person.base}/runs/{run}?node=spread")
    expect(page.get_by_role("list", name="Steps").get_by_role("button", name="Spread")).to_contain_text("Done with gaps")
    page.get_by_role("radiogroup", name="View").get_by_text("Items", exact=True).click()
    expect(page.get_by_role("combobox", name="Part of the step")).to_have_value("1")
    page.get_by_role("combobox", name="Part of the step").select_option("0")
    expect(grid(page).get_by_role("rowheader")).to_have_count(8)
    grid(page).get_by_text("n7", exact=True).click()  # it fails in all tests: a result of another would be reused
    expect(page.get_by_role("complementary", name="Item n7")).to_contain_text("told_to_fail")
    page.get_by_role("button", name="Run failed items again").click()
    expect(page).not_to_have_url(re.compile(run))
    expect(page.get_by_role("group", name="Filter by state").get_by_role("button", name=re.compile("^Reused"))).to_be_visible()
