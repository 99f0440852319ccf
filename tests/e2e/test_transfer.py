"""A file of another program becomes a version on the page of models, a second one stands beside it, and what is no model says why."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.support.app_server import Person
from tests.support.foreign_models import lightgbm_text, pickled, pipeline, skops_of


def test_import_two_files_and_compare_them(page: Page, person: Person, tmp_path: Path) -> None:
    for name, content in (("bad.pkl", pickled()), ("bought.skops", skops_of(pipeline())), ("trees.txt", lightgbm_text())):
        (tmp_path / name).write_bytes(content)
    page.goto(f"{person.base}/models")
    page.get_by_role("button", name="Import", exact=True).click()
    dialog = page.get_by_role("dialog", name="Import a model")
    dialog.locator("input[type=file]").set_input_files(tmp_path / "bad.pkl")
    expect(dialog.get_by_label("Name")).to_have_value("bad")
    dialog.get_by_label("Name").fill("bought")
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("never read", exact=False).last).to_be_visible(timeout=RUN_PATIENCE)
    expect(dialog.get_by_text("skops.io.dump")).to_be_visible()

    dialog.locator("input[type=file]").set_input_files(tmp_path / "bought.skops")
    dialog.get_by_text("What the file does not say").click()
    dialog.get_by_label("Label").fill("bought")
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("Imported as")).to_be_visible(timeout=RUN_PATIENCE)
    expect(dialog.get_by_text("refuses rows with missing values")).to_be_visible()
    dialog.get_by_role("link", name="bought, version 1").click()
    expect(page.get_by_text("bought.skops (skops)")).to_be_visible()
    expect(page.get_by_role("row", name="make Input text")).to_be_visible()

    page.get_by_role("button", name="Import a version").click()
    dialog.locator("input[type=file]").set_input_files(tmp_path / "trees.txt")
    dialog.get_by_text("What the file does not say").click()
    dialog.get_by_label("Classes").fill("no, yes")
    dialog.get_by_role("button", name="Import", exact=True).click()
    expect(dialog.get_by_text("bought, version 2")).to_be_visible(timeout=RUN_PATIENCE)
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    page.get_by_label("Compare version 1").check()
    page.get_by_label("Compare version 2").check()
    page.get_by_role("button", name="Compare 2 versions").click()
    expect(page.get_by_role("region", name="Versions")).to_contain_text("LightGBM")
