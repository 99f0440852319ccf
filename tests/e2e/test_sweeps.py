"""A sweep: one parameter with three values, started on the canvas, watched and compared on its page."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.support.app_server import Person

PATIENCE = 3 * RUN_PATIENCE


def test_sweep_three_values_of_a_sample_and_compare(page: Page, person: Person, canvas) -> None:
    id = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    graph = person.call("GET", f"/api/pipelines/{id}/graph/")
    (split,) = [node for node, drawn in graph["nodes"].items() if drawn["module"] == "transform.split_data"]
    graph["nodes"][split]["params"]["fraction"] = {"$parameter": "share"}
    graph["parameters"] = {"share": {"type": "number", "default": 0.7, "min": 0, "max": 1, "label": "Share"}}
    at = canvas(graph)

    at.run()
    dialog = page.get_by_role("dialog", name="Run with these values")
    dialog.get_by_text("Several values").click()
    share = dialog.get_by_label("Share")
    expect(share).to_have_value("0.7")
    share.fill("0.6, 2")
    expect(dialog).to_contain_text("2 is more than 1, the most.")
    expect(dialog.get_by_role("button", name="Run", exact=True)).to_be_disabled()
    share.fill("0.6..0.8 step 0.1")
    expect(dialog.get_by_role("status")).to_have_text("3 runs. What does not differ is executed once.")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Sweep of")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="3 of 3 runs over")).to_be_visible(timeout=PATIENCE)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.filter(has_text="best")).to_have_count(1)
    expect(page.locator("canvas, svg.marks").first).to_be_visible()

    sweep = person.call("GET", f"/api/sweeps/{page.url.rsplit('/', 1)[1]}/")
    table, before = sweep["table"], [node for node in graph["nodes"] if upstream_of(graph, split, node)]
    assert [run["values"] for run in table["runs"]] == [{"share": value} for value in (0.6, 0.7, 0.8)]
    for node in before:
        steps = [person.call("GET", f"/api/runs/{run['run']}/")["steps"][node] for run in table["runs"]]
        assert [step["reused"] for step in steps].count(False) <= 1, (
            f"{node} is executed once at most, since other tests may have executed it: {json.dumps(steps)[:500]}"
        )

    # Sorted by a press on the figure, the best is first.
    figure = table["figures"][0]["title"]
    page.get_by_role("button", name=figure, exact=True).click()
    expect(rows.first).to_contain_text("best")
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("link", name="Sweep", exact=True)).to_be_visible()
    page.get_by_role("link", name="Runs", exact=True).click()
    page.get_by_role("link", name="Sweeps").click()
    expect(page.locator("tbody tr").first).to_contain_text("3 of 3")


def upstream_of(graph: dict, of: str, node: str) -> bool:
    """Whether a node comes before another one."""
    feeds = {start.split(".")[0] for start, end in graph["edges"] if end.split(".")[0] == of}
    return node in feeds or any(upstream_of(graph, each, node) for each in feeds)
