"""Parameters: a setting becomes one, a run is given another value, and the setting gets its own value back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.e2e.graphs import chain

CHAIN = [("half", "transform.split_data", {"fraction": 0.5, "seed": 3})]
EDGES = [["source.table", "half.table"]]


def test_promote_run_with_another_value_and_release(canvas, page: Page) -> None:
    at = canvas(chain(*CHAIN) | {"edges": EDGES})
    at.run()
    expect(at.card("half")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    at.choose("half")
    at.settings.get_by_role("button", name="Parameter for Fraction").click()
    page.get_by_role("menuitem", name="Make it a parameter of the pipeline").click()
    expect(at.settings.get_by_text("From the parameter Fraction")).to_be_visible()
    expect(at.card("half")).to_contain_text("from fraction")
    at.expect_saved()
    assert at.graph()["nodes"]["half"]["params"] == {"fraction": {"$parameter": "fraction"}, "seed": 3}
    assert at.graph()["parameters"]["fraction"]["default"] == 0.5

    # The run asks for values; the step runs again for another one only.
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="Run with these values")
    expect(dialog.get_by_role("textbox", name="Fraction")).to_have_value("0.5")
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(at.card("half")).to_have_attribute("data-mark", "reused", timeout=RUN_PATIENCE)
    page.keyboard.press("Control+Enter")
    dialog.get_by_role("textbox", name="Fraction").fill("0.25")
    page.keyboard.press("Enter")
    expect(at.card("half")).to_have_attribute("data-mark", "done", timeout=RUN_PATIENCE)

    # The panel of the pipeline has it, under another name too.
    at.settings.get_by_role("button", name="Fraction", exact=True).click()
    parameter = page.get_by_role("group", name="Parameter Fraction")
    expect(parameter).to_contain_text("drives 1 setting")
    parameter.get_by_text("fraction, number").click()
    parameter.get_by_label("Name").fill("share")
    parameter.get_by_label("Name").press("Enter")
    expect(at.card("half")).to_contain_text("from share")
    parameter.get_by_role("button", name="Remove the parameter").click()
    at.expect_saved()
    assert (at.graph()["parameters"], at.graph()["nodes"]["half"]["params"]) == ({}, {"fraction": 0.5, "seed": 3})
    page.keyboard.press("Control+z")
    expect(at.card("half")).to_contain_text("from share")


def test_a_run_is_verified_and_has_a_receipt(canvas, page: Page) -> None:
    at = canvas(chain(*CHAIN) | {"edges": EDGES})
    at.run()
    expect(at.card("half")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    page.locator("a[href^='/runs/']").first.click()
    expect(page.get_by_role("link", name="Receipt")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Receipt").click()
    assert '"digest"' in download.value.path().read_text()
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("status").filter(has_text="All 2 steps gave the same results")).to_be_visible(timeout=RUN_PATIENCE)
