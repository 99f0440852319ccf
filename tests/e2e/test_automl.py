"""A search for the best model from an uploaded file: four clicks, a leaderboard that moves, cancel and continue, and the winner on the canvas."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import RUN_PATIENCE, Canvas
from tests.support.app_server import Person

PATIENCE = 4 * RUN_PATIENCE  # a search takes the seconds that it is given, and longer on a busy machine
BEST = "training.train_best_model"
QUICK = {"label": "sold", "seconds": 3600, "trials": 4, "learners": "linear, nearest_neighbors"}


def shop(file: Path, rows: int = 240, gaps: int = 0) -> Path:
    """A file with a number that depends on its columns; the first rows lack their kind."""
    lines = [
        f"{at % 7},{(at * 5) % 11},{('a', 'b', 'c')[at % 3] if at >= gaps else ''},{3 * (at % 7) - (at * 5) % 11 + (at * 7919) % 5}.5"
        for at in range(rows)
    ]
    file.write_text("price,visits,kind,sold\n" + "\n".join(lines) + "\n")
    return file


def board(page: Page) -> Locator:
    """The rows of models that were validated."""
    return page.get_by_role("region", name="Leaderboard").locator("tbody tr[data-state=done]")


def pipeline_of(person: Person, dataset: str, **params: object) -> str:
    nodes = {
        "data": {"module": "data.dataset", "params": {"dataset": dataset}, "position": [0, 0]},
        "best_model": {"module": BEST, "params": {**QUICK, **params}, "position": [0, 140]},
    }
    return person.pipeline({"format": 1, "name": "Shop", "nodes": nodes, "edges": [["data.table", "best_model.table"]]})


def test_four_clicks_from_a_file_to_a_leaderboard_that_moves(page: Page, person: Person, tmp_path: Path) -> None:
    clicks = 0

    def click(on: Locator) -> None:
        nonlocal clicks
        on.click()
        clicks += 1

    page.goto(person.base)
    page.get_by_role("link", name="Train best model").click()
    form = page.get_by_role("form", name="New search")
    go = form.get_by_role("button", name="Go", exact=True)
    expect(go).to_be_disabled()
    with page.expect_file_chooser() as coming:
        click(form.get_by_role("button", name="Upload a file", exact=True))
    coming.value.set_files(shop(tmp_path / "My shop.csv"))
    expect(form.get_by_role("radio", name=re.compile("^My shop"))).to_be_checked()
    click(form.get_by_role("group", name="What to predict").get_by_role("radio", name="sold"))
    click(form.get_by_role("radio", name="1 minute"))
    click(go)
    assert clicks == 4

    expect(page).to_have_url(re.compile("/automl/"))
    expect(page.get_by_role("heading", name="Best model for sold")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Time of the search")).to_be_visible()
    expect(board(page)).not_to_have_count(0, timeout=PATIENCE)
    first = board(page).count()
    page.wait_for_function("many => document.querySelectorAll('tbody tr[data-state=done]').length > many", arg=first, timeout=PATIENCE)
    expect(board(page).first.get_by_role("rowheader")).to_contain_text(re.compile(r"[A-Z][\w ]+ \d+"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible(timeout=PATIENCE)


def asked_for(item: Any) -> str | None:
    """What a trial tries; None for one that was given up early, whose value is of use to its search only."""
    asked = {name: value for name, value in item["asked"].items() if not name.startswith("~")}
    return None if "stopped" in (item["figures"] or {}) else json.dumps(asked, sort_keys=True)


def test_what_was_finished_before_a_cancel_is_not_done_again(page: Page, person: Person, tmp_path: Path) -> None:
    dataset = person.upload(shop(tmp_path / "Cancelled.csv", rows=250))["name"]  # rows of its own: a result of another test would be reused
    pipeline = pipeline_of(person, dataset, trials=200, learners="linear", patience=None)
    run = person.call("POST", f"/api/pipelines/{pipeline}/runs/", {})["id"]
    page.goto(f"{person.base}/automl/{run}")
    expect(board(page)).not_to_have_count(0, timeout=PATIENCE)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Continue").click(timeout=PATIENCE)
    expect(page).not_to_have_url(re.compile(run))
    expect(page.get_by_text(re.compile(r"\d+ known from before"))).to_be_visible(timeout=PATIENCE)
    again = page.url.rpartition("/")[2].partition("?")[0]
    address = "/api/runs/{}/steps/best_model/items/?limit=500"
    finished = {asked_for(item) for item in person.call("GET", address.format(run))["items"] if item["state"] == "done"} - {None}
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Continue")).to_be_visible(timeout=PATIENCE)
    second = person.call("GET", address.format(again))["items"]
    assert finished and not finished & {asked_for(item) for item in second if item["state"] == "done"}


def test_the_winner_opens_on_the_canvas_and_gives_the_figure_of_the_leaderboard(page: Page, person: Person, tmp_path: Path) -> None:
    dataset = person.upload(shop(tmp_path / "Winner.csv", gaps=5))["name"]
    pipeline = pipeline_of(person, dataset)
    assert person.run(pipeline)[1] == "done"
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    page.goto(f"{person.base}/automl/{run}")
    result = page.get_by_role("region", name="Result")
    expect(result).to_contain_text("Root mean squared error on new rows")
    expect(page.get_by_role("region", name="Guardrails")).to_contain_text("checks passed")
    expect(page.get_by_role("region", name="What the winner uses")).to_contain_text("Partial dependence")
    last = board(page).last
    name = last.get_by_role("rowheader").locator("b").inner_text()
    last.get_by_role("button").press("Enter")
    page.get_by_role("button", name="Open as pipeline").press("Enter")
    expect(page).to_have_url(re.compile("/pipelines/"))
    row = person.call("GET", f"/api/pipelines/{page.url.rpartition('/')[2]}/graph/")
    assert row["name"] == f"{name} of Shop" and row["nodes"]["model_01"]["title"] == name
    page.go_back()
    page.get_by_role("link", name="See the rows where kind is missing").click()
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "6")  # with the header
    page.go_back()
    page.get_by_role("button", name="Open the winner as a pipeline").click()
    expect(page).to_have_url(re.compile("/pipelines/"))
    canvas = Canvas(page, person)
    canvas.expect_saved()
    canvas.run()
    canvas.expect_finished(["validate", "train"])
    opened = page.url.rpartition("/")[2]
    graph = person.call("GET", f"/api/pipelines/{opened}/graph/")
    assert graph["nodes"]["data"]["params"] == {"dataset": dataset} and BEST not in {node["module"] for node in graph["nodes"].values()}
    made = person.call("GET", f"/api/pipelines/{opened}/runs/")[0]["id"]
    told = [
        person.call("GET", f"/api/runs/{of}/outputs/{node}/report/report/")["metrics"][0]["metrics"]
        for of, node in ((run, "best_model"), (made, "validate"))
    ]
    assert abs(told[1]["root_mean_squared_error"] / told[0]["mean_over_folds"] - 1) < 1e-5


def sales(file: Path) -> Path:
    """Weekly values of two series with a trend."""
    start = date(2023, 1, 2)
    lines = [
        f"{start + timedelta(weeks=at)},{name},{100 + slope * at + (at * 7919) % 9}"
        for name, slope in (("north", 2), ("south", -1))
        for at in range(60)
    ]
    file.write_text("week,area,sold\n" + "\n".join(lines) + "\n")
    return file


def test_a_forecast_is_searched_within_a_time_and_its_winner_opens(page: Page, person: Person, tmp_path: Path) -> None:
    dataset = person.upload(sales(tmp_path / "Sales.csv"))
    page.goto(f"{person.base}/automl?dataset={dataset['id']}&seconds=8")
    form = page.get_by_role("form", name="New search")
    form.locator("summary").click()
    form.get_by_text("A forecast", exact=True).click()
    expect(form.get_by_role("combobox", name="Column of times")).to_have_value("week")
    form.get_by_role("combobox", name="Columns that name a series").fill("area")
    page.keyboard.press("Enter")
    form.get_by_role("textbox", name="Periods to forecast").fill("4")
    form.get_by_role("group", name="What to forecast").get_by_role("radio", name="sold").click()
    form.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("heading", name="Best forecast of sold")).to_be_visible()
    expect(board(page)).not_to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_role("region", name="Result")).to_contain_text("MASE in the future", timeout=PATIENCE)
    expect(page.get_by_role("region", name="What it forecasts")).to_contain_text("Show as a table", timeout=PATIENCE)
    expect(page.get_by_role("region", name="How good the winner is")).to_contain_text("Error by step")
    page.get_by_role("button", name="Open the winner as a pipeline").click()
    expect(page).to_have_url(re.compile("/pipelines/"))
    graph = person.call("GET", f"/api/pipelines/{page.url.rpartition('/')[2]}/graph/")
    assert {"prepare", "compare", "estimate", "train", "forecast"} <= graph["nodes"].keys()
