"""The home page: finding pipelines, and what their cards offer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.graphs import chain
from tests.support.app_server import Person
from tests.support.chromium import SHIFTS


def cards(page: Page) -> list[str]:
    return page.locator("a[href^='/pipelines/'] strong").all_inner_texts()


def test_pipelines_and_samples_are_found_and_pipelines_renamed_duplicated_and_deleted(open_window, person: Person) -> None:
    for name in ("Home trial 10", "Home trial 2"):
        person.pipeline(chain(name=name))
    page: Page = open_window().new_page()  # nothing is cached
    page.add_init_script(SHIFTS)
    page.goto(person.base)
    expect(page.get_by_role("link", name="Home trial 10")).to_be_visible()
    page.wait_for_timeout(300)  # what comes late would move what is there
    assert page.evaluate("window.shifted ?? 0") < 0.02
    page.get_by_label("Filter pipelines").fill("home TRIAL")
    page.get_by_label("Sort pipelines").select_option("Name")
    expect(page.locator("a[href^='/pipelines/']")).to_have_count(2)
    assert cards(page) == ["Home trial 2", "Home trial 10"]

    page.get_by_role("button", name="Actions for Home trial 2").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("link", name="Home trial 2 copy")).to_be_visible()
    page.get_by_role("button", name="Actions for Home trial 10").click()
    page.get_by_role("menuitem", name="Rename…").click()
    page.get_by_label("Name", exact=True).fill("Home trial 1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Home trial 10")).to_have_count(0)
    assert cards(page) == ["Home trial 1", "Home trial 2", "Home trial 2 copy"]

    page.get_by_role("button", name="Actions for Home trial 2 copy").click()
    page.get_by_role("menuitem", name="Delete…").click()
    page.get_by_role("button", name="Delete pipeline").click()
    expect(page.get_by_role("link", name="Home trial 2 copy")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("Sort pipelines")).to_have_value("name")

    samples = page.get_by_role("region", name="Samples")
    samples.get_by_label("Filter samples").fill("SMOTE customers")
    expect(samples.get_by_role("button")).to_have_count(1)
    expect(samples.get_by_role("button", name="Customer churn")).to_contain_text("Class weights")
    expect(samples.get_by_role("status")).to_have_text(re.compile(r"^1 of \d+ samples$"))
    samples.get_by_label("Task of samples").select_option("Regression")
    expect(samples.get_by_text("No sample matches")).to_be_visible()


def test_a_card_names_the_steps_and_outlines_the_one_that_failed(page: Page, person: Person) -> None:
    pipeline = person.pipeline(chain(("one", "trial.pass_on", {}), ("two", "trial.fail", {}), name="Home broken"))
    assert person.run(pipeline)[1] == "failed"
    page.goto(person.base)
    card = page.locator(f"a[href='/pipelines/{pipeline}']")
    expect(card).to_contain_text("1 step failed")
    expect(card.locator("text")).to_have_count(3)
    assert sorted(card.locator("text").all_text_contents()) == ["Enter Data Manually", "Fail", "Pass On"]
    expect(card.locator("g[data-state]")).to_have_count(1)
    expect(card.locator("g[data-state='failed']")).to_contain_text("Fail")


def test_an_exported_pipeline_is_imported_again(page: Page, person: Person, tmp_path: Path) -> None:
    document: dict[str, Any] = chain(name="Exported")
    made = person.pipeline(document)
    page.goto(person.base)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Actions for Exported").click()
        page.get_by_role("menuitem", name="Export as JSON").click()
    assert saved.value.suggested_filename == "Exported.json"
    file = tmp_path / "Exported.json"
    saved.value.save_as(file)
    assert json.loads(file.read_text()) == person.call("GET", f"/api/pipelines/{made}/graph/")

    broken = tmp_path / "cars.json"
    broken.write_text("a,b\n1,2\n")
    picker = page.locator("input[type=file]")
    picker.set_input_files(broken)
    expect(page.get_by_text("“cars.json” is not JSON")).to_be_visible()
    picker.set_input_files(file)
    page.wait_for_url("**/pipelines/*")
    imported = page.url.rsplit("/", 1)[1]
    assert imported != made
    assert person.call("GET", f"/api/pipelines/{imported}/graph/")["nodes"] == json.loads(file.read_text())["nodes"]


def test_addresses_that_lead_nowhere_say_so(page: Page, person: Person) -> None:
    for path, words in (
        ("/nowhere", "Page"),
        ("/pipelines/nowhere", "Pipeline"),
        ("/datasets/nowhere", "Dataset"),
        ("/runs/nowhere", "Run"),
    ):
        page.goto(person.base + path)
        expect(page.get_by_text(f"{words} not found")).to_be_visible()
