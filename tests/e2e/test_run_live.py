"""How modules are carried out: where, how often, how much of what; again, to here, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import RUN_PATIENCE, Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person

PASS = "trial.pass_on"


def how(at: Canvas) -> Locator:
    """The folded part of the settings, opened."""
    at.settings.get_by_text("How it runs").click()
    return at.settings


def menu(page: Page, title: str) -> None:
    page.get_by_role("button", name="More run options").click()
    page.get_by_role("menuitem", name=re.compile(f"^{title}")).click()


def last_run(at: Canvas) -> dict[str, Any]:
    newest = at.person.call("GET", f"/api/runs/?pipeline={at.pipeline}")[0]["id"]
    return dict(at.person.call("GET", f"/api/runs/{newest}/"))


def test_how_a_module_runs_is_set_explained_and_kept(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {})))
    at.choose("one")
    settings = how(at)
    settings.get_by_text("Sandbox", exact=True).click()
    settings.get_by_label("Retries", exact=True).fill("3")
    settings.get_by_label("Memory limit", exact=True).fill("12")
    expect(settings.get_by_text("Must be from 64 to 1,048,576.")).to_be_visible()
    settings.get_by_label("Memory limit", exact=True).fill("512")
    at.expect_saved()
    wanted = {"target": "sandbox", "retries": 3, "memory_mb": 512}
    assert at.graph()["nodes"]["one"]["execution"] == wanted
    expect(at.card("one").get_by_role("img", name="In a sandbox. Up to 3 retries. At most 512 MB of memory.")).to_be_visible()
    at.card("one").click(position={"x": 60, "y": 12})
    page.keyboard.press("Control+d")
    at.expect_cards(3)
    at.expect_saved()
    assert at.graph()["nodes"]["one_2"]["execution"] == wanted
    page.keyboard.press("Control+z")
    at.expect_cards(2)
    at.choose("one")
    how(at).get_by_role("button", name="Reset to Worker: Run on").click()
    at.expect_saved()
    assert at.graph()["nodes"]["one"]["execution"] == {"retries": 3, "memory_mb": 512}


def test_a_whole_pipeline_says_how_it_runs_and_a_module_says_otherwise(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {}), ("two", PASS, {})))
    settings = at.settings
    settings.get_by_text("How all modules run").click()
    expect(settings.get_by_text("Defaults for all modules. A module can override them.")).to_be_visible()
    settings.get_by_text("Sandbox", exact=True).click()
    settings.get_by_label("Memory limit", exact=True).fill("512")
    at.expect_saved()
    assert at.graph()["execution"] == {"target": "sandbox", "memory_mb": 512}
    at.choose("one")
    how(at)
    expect(settings.get_by_text("Inherited from the pipeline.")).to_have_count(2)
    expect(settings.get_by_label("Memory limit", exact=True)).to_have_value("512")
    settings.get_by_text("Worker", exact=True).click()
    expect(settings.get_by_text("Inherited from the pipeline.")).to_have_count(1)
    at.expect_saved()
    assert at.graph()["nodes"]["one"]["execution"] == {"target": "worker"}
    at.run()
    at.expect_finished(["source", "one", "two"])
    assert last_run(at)["graph"]["execution"] == {"target": "sandbox", "memory_mb": 512}
    undo = page.get_by_role("button", name="Undo")
    while undo.is_enabled():
        undo.click()
    at.expect_saved()
    graph = at.graph()
    assert "execution" not in graph["nodes"]["one"] and "execution" not in graph


def test_what_fails_for_a_while_is_counted_down_to_and_tried_again(canvas, page: Page, tmp_path: Path) -> None:
    graph = chain(("flaky", "trial.flaky", {"failures": 1, "ledger": str(tmp_path / "tries")}))
    graph["nodes"]["flaky"]["execution"] = {"retries": 1, "backoff_seconds": 6}
    at = canvas(graph)
    at.choose("flaky")
    at.run()
    expect(at.card("flaky")).to_contain_text(re.compile(r"Retrying in \d\s"), timeout=RUN_PATIENCE)
    expect(at.settings.get_by_text(re.compile(r"Temporary failure \(1 time\); retrying in \d\ss"))).to_be_visible()
    at.expect_finished(["flaky"])
    expect(at.settings.get_by_text("Temporary failure (1 time).")).to_be_visible()


def test_a_run_goes_on_from_where_it_failed(canvas, page: Page, tmp_path: Path) -> None:
    at = canvas(
        chain(("before", PASS, {}), ("flaky", "trial.flaky", {"failures": 1, "ledger": str(tmp_path / "tries")}), ("after", PASS, {}))
    )
    at.run()
    at.expect_states(["flaky"], "failed")
    at.expect_states(["after"], "skipped")
    at.card("flaky").get_by_role("button", name="Open the log").click()
    expect(page.get_by_role("tab", name="Log")).to_have_attribute("aria-selected", "true")
    menu(page, "Re-run from failure")
    at.fit()  # the log took the place of the last card
    at.expect_finished(["before", "flaky", "after"])
    at.expect_states(["before"], "reused")


def test_what_is_selected_runs_and_nothing_else(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {}), ("two", PASS, {}), ("three", PASS, {})))
    at.choose("one")
    page.keyboard.down("Shift")
    at.choose("two")
    page.keyboard.up("Shift")
    menu(page, "Run selected")
    at.expect_finished(["source", "one", "two"])
    assert set(last_run(at)["steps"]) == {"source", "one", "two"}
    expect(at.card("three")).to_have_attribute("data-state", "idle")


def test_one_module_is_carried_out_again_and_a_setting_is_why_another_was(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {}), ("two", PASS, {"mark": 31})))
    at.run()
    at.expect_finished(["source", "one", "two"])
    at.card("two").click(button="right")
    page.get_by_role("menuitem", name="Re-run selected (ignore cache)").click()
    expect(at.card("one")).to_have_attribute("data-mark", "reused")
    at.expect_states(["two"], "done")
    assert last_run(at)["force_nodes"] == ["two"]
    at.choose("two")
    at.setting("Mark").fill("32")
    at.expect_saved()
    at.run()
    expect(page.get_by_test_id("run")).to_be_visible()
    expect(at.settings.get_by_text("mark changed from 31 to 32.")).to_be_visible()
    expect(at.settings.get_by_role("link", name="Open the previous run")).to_be_visible()


def test_stopping_at_the_first_failure_is_remembered(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {})))
    more = page.get_by_role("button", name="More run options")
    choice = page.get_by_role("menuitemcheckbox", name="Stop on first failure")
    more.click()
    choice.click()
    page.reload()
    at.expect_saved()
    more.click()
    expect(choice).to_have_attribute("aria-checked", "true")
    page.keyboard.press("Escape")
    at.run()
    at.expect_finished(["one"])
    assert last_run(at)["stop_on_failure"] is True


@pytest.fixture
def limits(person: Person) -> Iterator[str]:
    """The address of the workspace's limits, which are taken away at the end."""
    workspace = person.call("GET", "/api/me/")["workspaces"][0]["id"]
    address = f"/api/workspaces/{workspace}/limits/"
    none = dict.fromkeys(person.call("GET", address)["own"])
    yield address
    person.call("PATCH", address, none)


def test_limits_are_set_on_the_team_page_and_a_run_says_what_it_waits_for(canvas, page: Page, person: Person, limits: str) -> None:
    page.goto(f"{person.base}/team?tab=limits")
    page.get_by_label("Concurrent runs").fill("0")
    expect(page.get_by_text("Must be a whole number, at least 1. Leave it empty for no limit.")).to_be_visible()
    expect(page.get_by_role("button", name="Save limits")).to_be_disabled()
    page.get_by_label("Concurrent runs").fill("1")
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.url.endswith("/limits/")):
        page.get_by_role("button", name="Save limits").click()
    assert person.call("GET", limits)["in_force"]["runs"] == 1
    long = person.call("POST", f"/api/pipelines/{person.pipeline(chain(('wait', 'trial.wait', {'seconds': 60})))}/runs/", {})
    at = canvas(chain(("one", PASS, {})))
    at.run()
    expect(page.get_by_role("status").filter(has_text="This workspace is limited to 1 concurrent run.")).to_be_visible()
    person.call("POST", f"/api/runs/{long['id']}/cancel/", {})
    at.expect_finished(["one"])


def test_cleaning_up_says_first_what_would_go(page: Page, person: Person, limits: str) -> None:
    page.goto(f"{person.base}/team?tab=limits")
    expect(page.get_by_role("progressbar").first).to_be_attached()
    page.get_by_role("button", name="Clean up…").click()
    dialog = page.get_by_role("dialog", name="Clean up storage")
    expect(dialog.get_by_text(re.compile("Nothing to delete|will be deleted"))).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


def test_an_environment_is_made_watched_chosen_and_deleted(canvas, page: Page, person: Person) -> None:
    page.goto(f"{person.base}/team?tab=environments")
    page.get_by_role("button", name="New environment").click()
    form = page.get_by_role("dialog", name="New environment")
    form.get_by_label("Name").fill("My Maps")
    expect(form.get_by_text("Use up to 60 lowercase letters")).to_be_visible()
    form.get_by_label("Name").fill("maps")
    form.get_by_label("Packages").fill("not a package ==")
    form.get_by_role("button", name="Create and build").click()
    expect(form.get_by_role("alert")).to_contain_text("Line 1")
    form.get_by_label("Packages").fill("networkx>=3")
    page.route(re.compile(r"/log/\?after=0$"), lambda asked: asked.fulfill(json={"text": "one\n", "next": 4, "state": "building"}))
    page.route(re.compile(r"/log/\?after=4$"), lambda asked: asked.fulfill(json={"text": "two\n", "next": 8, "state": "built"}))
    form.get_by_role("button", name="Create and build").click()
    build = page.get_by_role("dialog", name="Build of maps")
    expect(build.get_by_role("log")).to_have_text("one two", use_inner_text=False)
    expect(build.get_by_role("status")).to_have_text("Ready")
    page.keyboard.press("Escape")
    at = canvas(chain(("one", PASS, {})))
    at.choose("one")
    settings = how(at)
    settings.get_by_text("Container", exact=True).click()
    settings.get_by_label("Environment", exact=True).click()
    page.get_by_role("option", name="maps").click()
    at.expect_saved()
    assert at.graph()["nodes"]["one"]["execution"] == {"target": "docker", "environment": "maps"}
    page.goto(f"{person.base}/team?tab=environments")
    page.get_by_role("button", name="Delete maps").click()
    page.get_by_role("button", name="Delete environment").click()
    expect(page.get_by_text("No environments yet")).to_be_visible()


def test_what_was_passed_on_is_computed_when_somebody_looks(canvas, person: Person, tmp_path: Path) -> None:
    rows = 1_300_000
    file = tmp_path / "large.parquet"
    pl.DataFrame({f"c{place}": np.arange(rows) * place for place in range(1, 8)}).write_parquet(file)
    name = person.upload(file)["name"]
    graph = chain(
        ("filter", "transform.filter_rows", {"condition": "greater", "column": "c1", "value": "9"}),
        ("select", "transform.select_columns", {}),
    )
    graph["nodes"]["source"] = {"module": "data.dataset", "params": {"dataset": name}, "position": [0, 0]}
    graph["nodes"]["count"] = {"module": "trial.pass_on", "params": {}, "position": [0, 390]}
    graph["edges"].append(["select.table", "count.table"])
    at = canvas(graph)
    at.run()
    at.expect_finished(["filter", "select", "count"])
    assert last_run(at)["steps"]["filter"]["outputs"]["table"]["deferred"]
    at.choose("filter")
    expect(at.settings.get_by_text("not stored")).to_be_visible()
    at.show("filter", "table")
    expect(at.drawer.get_by_role("grid", name="Rows of Filter rows")).to_be_visible(timeout=60_000)
    expect(at.drawer.get_by_text(f"{rows - 10:,} rows × 7 columns")).to_be_visible()
    expect(at.settings.get_by_text(f"{rows - 10:,} rows × 7 columns")).to_be_visible()
    expect(at.settings.get_by_text("not stored")).to_have_count(0)
