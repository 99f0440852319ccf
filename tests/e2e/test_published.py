"""A published pipeline: published from a run, started on its page and by the program of the page, a new version, and back."""

from __future__ import annotations

import json
import subprocess

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.support.app_server import Person

DOCUMENT = {
    "name": "Halves",
    "nodes": {
        "cars": {"module": "data.dataset", "params": {"dataset": "automobile_price"}},
        "half": {"module": "transform.split_data", "params": {"fraction": {"$parameter": "share"}}},
    },
    "edges": [["cars.table", "half.table"]],
    "parameters": {"share": {"type": "number", "default": 0.5, "min": 0, "max": 1, "label": "Share"}},
}


def test_publish_run_call_a_new_version_and_back(person: Person, page: Page) -> None:
    pipeline = person.pipeline(DOCUMENT)
    assert person.run(pipeline)[1] == "done"
    (run,) = person.call("GET", f"/api/pipelines/{pipeline}/runs/")
    page.goto(f"{person.base}/runs/{run['id']}")
    page.get_by_role("link", name="Publish as address").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("halves")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name="halves")).to_be_visible()
    expect(page.get_by_text("No runs yet")).to_be_visible()

    # A wrong value is refused with its name; a right one runs.
    page.get_by_role("button", name="Run now").first.click()
    dialog.get_by_label("Share").fill("7")
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(dialog).to_contain_text("The parameter Share must be at most 1")
    dialog.get_by_label("Share").fill("0.25")
    dialog.get_by_role("button", name="Run", exact=True).click()
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("Done", timeout=RUN_PATIENCE)
    expect(row).to_contain_text("automobile_price, version 1")
    expect(row.get_by_role("link", name="half.first.csv")).to_be_visible()

    # A key, and the program for curl with it, twice: one run.
    page.get_by_role("tab", name="Keys").click()
    page.get_by_label("Client").fill("Nightly")
    page.get_by_role("button", name="Create key").click()
    key = page.get_by_label("Key for Nightly").input_value()
    page.get_by_role("tab", name="Use").click()
    program = page.locator("[data-program]").inner_text().replace("YOUR_KEY", key)
    first, again = (
        json.loads(subprocess.run(["bash", "-c", program + " -s --fail"], capture_output=True, check=True).stdout) for _ in range(2)
    )
    assert first["id"] == again["id"] and first["parameters"]["share"] == {"value": 0.5, "source": "request"}
    page.get_by_role("tab", name="Runs").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("key Nightly")

    # A new version is the default, and the earlier one is again.
    page.get_by_role("button", name="Publish a version").click()
    dialog.get_by_label("Reason").fill("More rows")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Version 2 is the default")).to_be_visible()
    page.get_by_role("tab", name="Versions").click()
    page.get_by_role("button", name="Make version 1 the default").click()
    expect(page.get_by_role("rowheader", name="Version 1 (default)")).to_be_visible()
    expect(page.get_by_role("cell", name="More rows")).to_be_visible()

    # A schedule runs it, and says which version comes next.
    page.goto(f"{person.base}/schedules")
    page.get_by_role("button", name="New schedule").click()
    form = page.get_by_role("dialog", name="New schedule")
    form.get_by_label("Name").fill("Each morning")
    form.get_by_label("Pipeline").select_option(label="halves")
    form.get_by_label("Share").fill("0.75")
    form.get_by_role("button", name="Create").click()
    scheduled = page.get_by_role("row", name="Each morning")
    expect(scheduled).to_contain_text("Version 1, the default")
    scheduled.get_by_role("button", name="Actions for Each morning").click()
    page.get_by_role("menuitem", name="Run now").click()
    expect(scheduled.get_by_role("link", name="Done")).to_be_visible(timeout=RUN_PATIENCE)
    scheduled.get_by_role("link", name="halves").click()
    expect(page.locator("tbody tr").first).to_contain_text("schedule Each morning")
    (made,) = person.call("GET", "/api/schedules/")
    person.call("DELETE", f"/api/schedules/{made['id']}/")
