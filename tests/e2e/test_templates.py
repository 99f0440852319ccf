"""Templates: a pipeline is saved as one on the home page, and another is made from it, with a value of its own."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.graphs import chain
from tests.support.app_server import Person


def test_save_a_template_and_make_a_pipeline_from_it(page: Page, person: Person) -> None:
    graph = chain(("half", "transform.split_data", {"fraction": {"$parameter": "share"}, "seed": 3}), name="Halves of a table")
    graph["parameters"] = {"share": {"type": "number", "default": 0.5, "min": 0, "max": 1, "label": "Share"}}
    person.pipeline(graph)
    page.goto(person.base + "/")
    page.get_by_role("button", name="Actions for Halves of a table").click()
    page.get_by_role("menuitem", name="Save as template…").click()
    dialog = page.get_by_role("dialog", name="Save “Halves of a table” as a template")
    dialog.get_by_label("Name").fill("Halving")
    dialog.get_by_label("Description").fill("Shares rows between two outputs.")
    dialog.get_by_role("button", name="Save template").click()

    templates = page.get_by_role("region", name="Templates")
    card = templates.get_by_role("button", name="Halving Shares rows between two outputs.")
    expect(card).to_contain_text("Version 1 · 2 modules · 1 parameter · used 0 times")
    card.click()
    form = page.get_by_role("dialog", name="New from “Halving”")
    share = form.get_by_label("Share")
    expect(share).to_have_value("0.5")
    share.fill("3")
    expect(form).to_contain_text("At most 1.")
    share.fill("0.25")
    form.get_by_role("button", name="Create pipeline").click()
    panel = page.get_by_role("complementary").filter(has_text="made from the template “Halving”, version 1")
    expect(panel).to_be_visible()
    made = page.url.rsplit("/", 1)[1]
    assert person.call("GET", f"/api/pipelines/{made}/graph/")["parameters"]["share"]["default"] == 0.25
    assert person.call("GET", f"/api/pipelines/{made}/")["made_from"]["name"] == "Halving"
