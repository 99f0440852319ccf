"""The panel beside the canvas: the pipeline while nothing is selected, and what a column looks like before it is chosen."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person

PASS = "trial.pass_on"


def test_the_pipeline_shows_its_metric_its_runs_and_its_people(page: Page, person: Person) -> None:
    pipeline = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    person.run(pipeline)
    person.set(pipeline, "split", seed=7)
    person.run(pipeline)
    at = Canvas(page, person).open(pipeline)
    newest, before = (run["headline"] for run in person.call("GET", f"/api/runs/?pipeline={pipeline}"))
    assert newest["value"] != before["value"] and newest["better"] == "low"
    runs = at.settings.get_by_role("region", name="Best mean absolute error over the last 2 runs")
    better = "better" if newest["value"] < before["value"] else "worse"
    expect(runs.get_by_text(re.compile(rf"\({better}\) since the previous run"))).to_be_visible()
    expect(runs.get_by_role("img", name=re.compile("of the last 2 runs"))).to_be_visible()
    expect(runs.get_by_role("listitem")).to_have_count(2)
    expect(at.settings.get_by_role("region", name="People").get_by_text("You", exact=True)).to_be_visible()
    runs.get_by_role("button", name="All 2 runs").click()
    expect(page.get_by_role("tab", name="Runs")).to_have_attribute("aria-selected", "true")
    runs.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("/runs/"))


def test_the_pipeline_lists_its_problems_and_leads_to_them(canvas, page: Page) -> None:
    at = canvas(chain(("split", "transform.split_data", {"stratify_by": "nowhere"})))
    problems = at.settings.get_by_role("region", name="Problems")
    problems.get_by_role("button", name="Show on canvas").click()
    expect(at.setting("Stratify by")).to_be_focused()


def test_an_open_input_offers_what_it_needs(canvas, page: Page) -> None:
    at = canvas(chain(("train", "training.train_model", {})))
    at.choose("train")
    at.settings.get_by_role("button", name="Add an untrained model…").click()
    box = page.get_by_role("dialog", name="Modules that return an untrained model")
    expect(box.get_by_role("option", name="Split Data")).to_have_count(0)
    box.get_by_role("option", name="Linear Regression", exact=True).click()
    expect(at.wire("linear_regression.model->train.untrained")).to_have_count(1)
    at.choose("train")
    expect(at.settings.get_by_role("button", name="Add an untrained model…")).to_have_count(0)


def test_the_last_run_says_its_metric_and_an_edit_makes_the_report_outdated(page: Page, person: Person) -> None:
    pipeline = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    person.run(pipeline)
    at = Canvas(page, person).open(pipeline)
    at.drawer.get_by_role("button", name=re.compile("Mean absolute error")).click()
    expect(at.drawer.get_by_role("heading", name="Evaluate")).to_be_visible()
    expect(at.drawer.get_by_role("status").filter(has_text="Run again to update")).to_have_count(0)
    person.set(pipeline, "split", seed=7)
    expect(at.drawer.get_by_role("status").filter(has_text="Run again to update")).to_be_visible()
    at.drawer.get_by_role("button", name="Run", exact=True).click()
    at.expect_finished(["evaluate"])
    expect(at.drawer.get_by_role("status").filter(has_text="Run again to update")).to_have_count(0)


def test_a_list_of_columns_shows_types_and_how_values_spread(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {}), ("train", "training.train_model", {})))
    at.choose("one")
    at.run()
    at.expect_finished(["one"])
    at.choose("train")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/profile/" in request.url else None)
    at.setting("Label").click()
    size = page.get_by_role("option", name="Number size")
    expect(size.locator("rect")).not_to_have_count(0)
    size.click()
    at.setting("Label").click()
    expect(page.get_by_role("option", name="Number size selected").locator("rect")).not_to_have_count(0)
    assert len(asked) == 1, "asked once, when the list opened"
    expect(at.settings.get_by_role("button", name="Reset: Label")).to_be_visible()
