"""Lineage: from a result to its dataset by clicks, a column alone, and the same as a list. Export: what arrives is code, and what cannot is said."""

from __future__ import annotations

import zipfile

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.e2e.graphs import chain

CHAIN = [("half", "transform.split_data", {"fraction": 0.5, "seed": 3})]
EDGES = [["source.table", "half.table"]]


def test_a_result_leads_to_its_origin_and_a_column_is_followed_alone(canvas, page: Page) -> None:
    at = canvas(chain(*CHAIN) | {"edges": EDGES})
    at.run()
    expect(at.card("half")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
    at.show("half", "first")
    at.drawer.get_by_role("link", name="Lineage", exact=True).click()
    expect(page.get_by_role("heading", name="Lineage of Split Data")).to_be_visible()
    graph = page.get_by_role("group", name="Lineage graph")
    expect(graph.get_by_role("button")).to_have_count(2, timeout=RUN_PATIENCE)
    page.get_by_text("List", exact=True).click()
    expect(page.get_by_role("heading", name="Made of")).to_be_visible()
    page.get_by_role("combobox", name="Column").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_text("by the name of the column")).to_be_visible()
    page.get_by_role("listitem").get_by_role("button").first.press("Enter")
    expect(page.get_by_role("heading", name="Used by")).to_be_visible()


def test_a_pipeline_is_exported_as_code_unless_a_node_cannot_be(canvas, page: Page, tmp_path) -> None:
    canvas(chain(*CHAIN) | {"edges": EDGES})
    page.get_by_role("button", name="Pipeline actions").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as Python script").click()
    download.value.save_as(tmp_path / "code.zip")
    (name,) = [name for name in zipfile.ZipFile(tmp_path / "code.zip").namelist() if name.endswith(".py")]
    assert b"run('half', 'transform.split_data'" in zipfile.ZipFile(tmp_path / "code.zip").read(name)

    canvas(chain(("passed", "trial.pass_on", {})))
    page.get_by_role("button", name="Pipeline actions").click()
    page.get_by_role("menuitem", name="Export as notebook").click()
    expect(page.get_by_text("This pipeline cannot be exported as code")).to_be_visible()
    expect(page.get_by_text("passed: Pass On comes from another package, which an exported script cannot hold.")).to_be_visible()
