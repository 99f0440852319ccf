"""Files become datasets: through the chooser, dropped on the canvas, and refused with a reason."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.graphs import chain
from tests.e2e.test_edit import PASTE
from tests.support.app_server import Person

# Drops a file on what is in the middle of the canvas.
DROP = """
([name, text]) => {
  const data = new DataTransfer()
  data.items.add(new File([text], name, { type: 'text/csv' }))
  const onto = document.querySelector('.react-flow__pane')
  const box = onto.getBoundingClientRect()
  const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2, bubbles: true, cancelable: true, dataTransfer: data }
  onto.dispatchEvent(new DragEvent('dragover', at))
  onto.dispatchEvent(new DragEvent('drop', at))
}
"""


def test_a_csv_is_uploaded_and_looked_at(page: Page, person: Person, tmp_path: Path) -> None:
    file = tmp_path / "Weather Berlin.csv"
    file.write_text("day,degrees\n2024-01-01,3.5\n2024-01-02,\n2024-01-03,4.0\n")
    page.goto(f"{person.base}/datasets")
    upload(page, file)
    row = page.get_by_role("row").filter(has_text="Weather Berlin")
    expect(row.get_by_role("cell").nth(2)).to_have_text("3")
    row.get_by_role("link").click()
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", "4")
    expect(page.get_by_role("gridcell").filter(has_text="4.0").first).to_be_visible()
    page.get_by_role("button", name="New pipeline").click()
    expect(page.get_by_test_id("node-dataset")).to_contain_text("Weather Berlin")


def test_how_text_is_read_is_chosen(page: Page, person: Person, tmp_path: Path) -> None:
    file = tmp_path / "readings.csv"
    file.write_text("day,degrees,what\n03/04/2024,-9,a\n05/06/2024,3.5,gone\n")
    page.goto(f"{person.base}/datasets")
    page.get_by_role("button", name="Upload with options").click()
    page.get_by_role("textbox", name="Missing values").fill("-9, gone")
    page.get_by_role("switch", name="Also in text columns").check()
    page.get_by_role("combobox", name="Order in dates such as 03/04/2024").select_option("Day first")
    with page.expect_file_chooser() as coming:
        page.get_by_role("button", name="Select files").click()
    coming.value.set_files(file)
    page.get_by_role("link", name="readings").click()
    expect(page.get_by_text("Column “degrees”: 1 \u00d7 “-9” was read as missing.")).to_be_visible()
    expect(page.get_by_text("Column “what”: 1 \u00d7 “gone” was read as missing.")).to_be_visible()
    expect(page.get_by_text("Column “day” was read as dates, day first, as set in the upload options.")).to_be_visible()
    expect(page.get_by_role("button", name="Upload new version with options")).to_be_visible()


def test_a_broken_csv_is_refused_with_a_sentence(page: Page, person: Person, tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_bytes(b'a,b\n1,2,3,4\n"never closed\n\x00\xff\xfe')
    page.goto(f"{person.base}/datasets")
    upload(page, file)
    words = page.get_by_role("alert").inner_text()
    assert words.startswith("broken.csv: ")
    assert words.rstrip().endswith(".")
    assert not {"Traceback", "Exception", "Error(", "polars", "None"} & set(words.split())
    page.get_by_role("button", name="Dismiss broken.csv").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_an_empty_file_and_a_picture_are_refused(page: Page, person: Person, tmp_path: Path) -> None:
    page.goto(f"{person.base}/datasets")
    (tmp_path / "empty.csv").write_text("")
    upload(page, tmp_path / "empty.csv")
    expect(page.get_by_role("alert")).to_contain_text("empty.csv: ")


def test_a_file_dropped_on_the_canvas_becomes_a_node_that_runs(canvas, page: Page) -> None:
    at = canvas({**chain(), "nodes": {}, "edges": []})
    page.evaluate(DROP, ["dropped table.csv", "a,b\n1,x\n2,y\n"])
    expect(page.get_by_text("Ready as")).to_be_visible()
    at.expect_cards(1)
    at.expect_saved()
    (node,) = at.graph()["nodes"]
    at.run()
    at.expect_finished([node])
    expect(at.card(node).get_by_role("button", name="2 × 2")).to_be_visible()
    expect(at.card(node)).to_contain_text("dropped table")


def test_a_dropped_file_of_another_kind_is_refused(canvas, page: Page) -> None:
    at = canvas(chain())
    page.evaluate(DROP, ["holiday.png", "no table"])
    expect(page.get_by_text("This file type is not supported.")).to_be_visible()
    at.expect_cards(1)


def test_pasted_rows_become_a_table_and_other_text_is_answered(canvas, page: Page) -> None:
    at = canvas({**chain(), "nodes": {}, "edges": []})
    page.evaluate(PASTE, "hello")
    expect(page.get_by_text("The clipboard contains neither modules nor a table.")).to_be_visible()
    page.evaluate(PASTE, "a\tb\n1\tx, y\n2\tz\n")
    expect(page.get_by_text("2 rows, 2 columns.")).to_be_visible()
    expect(at.titled("Pasted table")).to_be_visible()
    at.run()
    at.expect_finished(["enter_data"])
    expect(at.card("enter_data").get_by_role("button", name="2 × 2")).to_be_visible()


def test_a_file_held_over_the_canvas_marks_it(canvas, page: Page) -> None:
    canvas(chain())
    page.evaluate(DROP.replace("onto.dispatchEvent(new DragEvent('drop', at))", ""), ["held.csv", "a,b"])
    expect(page.get_by_text("Drop to add the file")).to_be_visible()


def upload(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as coming:
        page.get_by_role("button", name="Upload", exact=True).click()
    coming.value.set_files(file)


def test_rows_are_looked_at_before_the_first_run(canvas, page: Page) -> None:
    at = canvas({**chain(), "nodes": {}})
    page.evaluate(DROP, ["loans.csv", "repaid,amount\nyes,800\nno,2000\nyes,\n"])
    expect(at.titled("loans")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="3 rows × 2 columns")).to_be_visible()
    at.settings.get_by_role("button", name="3 rows × 2 columns · Show rows").click()
    expect(at.drawer.get_by_role("grid", name="Rows of loans")).to_have_attribute("aria-rowcount", "4")
    expect(at.drawer.get_by_role("gridcell", name="2000")).to_be_visible()


def test_rows_that_cannot_be_fetched_are_not_counted_as_none(canvas, page: Page) -> None:
    at = canvas({**chain(), "nodes": {}})
    page.evaluate(DROP, ["unreachable.csv", "a,b\n1,2\n"])
    expect(at.titled("unreachable")).to_be_visible()
    page.route("**/rows/**", lambda route: route.abort())
    at.settings.get_by_role("button", name="Show rows").click()
    expect(at.drawer.get_by_role("alert")).to_contain_text("The server did not answer.")
    expect(at.drawer.get_by_text("0 rows")).to_have_count(0)
    page.unroute("**/rows/**")
    at.drawer.get_by_role("button", name="Try again").click()
    expect(at.drawer.get_by_role("grid")).to_have_attribute("aria-rowcount", "2")
