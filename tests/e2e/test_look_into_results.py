"""Rows, columns, reports and downloads of what ran."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person

INCOME_ROWS = 32_561


@pytest.fixture(scope="module")
def income(browser: Browser, person: Person) -> str:
    """The income sample, run once."""
    pipeline = str(person.call("POST", "/api/samples/income/open/", {})["id"])
    assert person.run(pipeline)[1] == "done"
    return pipeline


@pytest.fixture
def results(page: Page, person: Person, income: str) -> Canvas:
    return Canvas(page, person).open(income)


def test_every_row_can_be_reached(results: Canvas, page: Page) -> None:
    results.show("original", "table")
    grid = results.drawer.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", str(INCOME_ROWS + 1))
    grid.focus()
    page.keyboard.press("Control+End")
    last = grid.get_by_role("row").filter(has=page.get_by_role("rowheader", name="32,561", exact=True))
    expect(last.get_by_role("gridcell").last).to_have_text(">50K")
    grid.evaluate("box => box.scrollTop = 0")
    first = grid.get_by_role("row").filter(has=page.get_by_role("rowheader", name="1", exact=True))
    expect(first.get_by_role("gridcell").last).to_have_text("<=50K")


def test_sort_filter_and_search(results: Canvas, page: Page) -> None:
    results.show("original", "table")
    grid = results.drawer.get_by_role("grid")
    age = grid.locator("[role='columnheader'][aria-colindex='2']")
    age.get_by_title("age (").click()
    expect(age).to_have_attribute("aria-sort", "ascending")
    expect(cell(grid, 1)).to_have_text("17")
    age.get_by_title("age (").click()
    expect(cell(grid, 1)).to_have_text("90")

    age.get_by_role("button", name=re.compile("[Ff]ilter")).click()
    page.get_by_role("combobox", name="age").select_option("<")
    page.get_by_label("Value", exact=True).fill("18")
    page.get_by_role("dialog", name="Filter age").get_by_role("button", name="Filter", exact=True).click()
    expect(results.drawer.get_by_role("status")).to_contain_text("395 of 32,561 rows")
    expect(cell(grid, 1)).to_have_text("17")

    results.drawer.get_by_role("button", name="Search text columns").click()
    results.drawer.get_by_role("textbox", name="Search text columns").fill("no such words")
    expect(results.drawer.get_by_text("No row matches")).to_be_visible()
    results.drawer.get_by_role("button", name="Clear search and filters").click()
    expect(results.drawer.get_by_role("status")).to_contain_text("32,561 rows")


def test_column_statistics(results: Canvas, page: Page) -> None:
    results.show("original", "table")
    results.drawer.get_by_role("button", name="Column statistics").click()
    aside = results.drawer.get_by_role("complementary", name="Column statistics")
    expect(aside.get_by_role("img", name="Histogram of age")).to_be_visible()
    facts = dict(zip(aside.get_by_role("term").all_inner_texts(), aside.get_by_role("definition").all_inner_texts(), strict=True))
    assert (facts["Minimum"], facts["Median"], facts["Maximum"], facts["Missing"]) == ("17", "37", "90", "0 (0.0\u00a0%)")


def test_a_table_downloads_as_csv(results: Canvas, page: Page, tmp_path: Path) -> None:
    results.show("select", "table")
    results.drawer.get_by_role("button", name="Download").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="CSV").click()
    coming.value.save_as(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert set(rows[0]) == {"relationship", "marital-status", "capital-gain", "education", "education-num", "income"}
    assert len(rows) == INCOME_ROWS + 1


def test_the_threshold_moves_every_figure(results: Canvas, page: Page) -> None:
    results.show("evaluate", "report")
    report = results.drawer.get_by_role("article")
    expect(report.get_by_role("figure", name="ROC").locator("svg, canvas").first).to_be_visible()
    current = report.get_by_role("figure", name="ROC").locator("svg").get_by_text("0.50", exact=True)
    expect(current).to_be_attached()
    matrix = report.get_by_role("table", name=re.compile("^Confusion matrix"))
    before, accuracy = matrix.inner_text(), accuracy_of(report)
    report.get_by_role("slider", name="Threshold").focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    expect(report.get_by_text("Rows scored at or above 0.70 are predicted >50K.")).to_be_visible()
    expect(report.get_by_role("textbox", name="Value of the threshold")).to_have_value("0.70")
    expect(report.get_by_role("figure", name="ROC").locator("svg").get_by_text("0.70", exact=True)).to_be_attached()
    expect(current).to_have_count(0)
    assert matrix.inner_text() != before
    assert accuracy_of(report) != accuracy
    assert re.search(r"^0\.\d{4} to 0\.\d{4}$", tile(report, "Accuracy").locator("dd > span").last.inner_text()), "the interval of Wilson"
    numbers = [int(text.replace(",", "")) for text in matrix.locator("td strong").all_inner_texts()]
    assert sum(numbers) == 16_281
    assert float(accuracy_of(report)) == pytest.approx((numbers[0] + numbers[3]) / 16_281, abs=5e-5)


def test_regression_figures_and_coefficients(page: Page, person: Person) -> None:
    pipeline = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    at = Canvas(page, person).open(pipeline)
    at.run()
    at.expect_finished(["evaluate"])
    at.show("evaluate", "report")
    for title in ("Mean absolute error", "Root mean squared error", "R²"):
        expect(tile(at.drawer.get_by_role("article"), title)).to_contain_text(re.compile(r"\d to [\d,.]+"))
    at.show("train", "model")
    at.drawer.get_by_role("button", name=re.compile("^Show all")).last.click()
    expect(at.drawer.get_by_role("row").filter(has_text="horsepower").first).to_be_visible()


def test_results_come_back_after_a_reload(results: Canvas, page: Page) -> None:
    results.show("select", "table")
    expect(results.drawer.get_by_role("grid")).to_be_visible()
    page.reload()
    results.expect_saved()
    expect(results.drawer.get_by_role("grid", name="Rows of Five features and the label")).to_have_attribute("aria-colcount", "7")


def test_a_run_has_an_address_of_its_own(page: Page, person: Person, income: str) -> None:
    run = person.call("GET", f"/api/pipelines/{income}/runs/")[0]["id"]
    page.goto(f"{person.base}/runs/{run}?node=evaluate")
    expect(page.get_by_role("heading", name="Evaluate", level=2)).to_be_visible()


def test_runs_are_compared_on_a_page_of_their_own(page: Page, person: Person) -> None:
    pipeline = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    person.run(pipeline)
    person.set(pipeline, "split", fraction=0.5)
    person.run(pipeline)
    runs = [run["id"] for run in person.call("GET", f"/api/pipelines/{pipeline}/runs/")]
    page.goto(f"{person.base}/runs/compare?run={runs[0]}&run={runs[1]}")
    settings, figures = page.get_by_role("region", name="Settings that differ"), page.get_by_role("region", name="Metrics")
    expect(settings.get_by_role("row").filter(has_text="fraction")).to_contain_text("0.5")
    r2 = figures.get_by_role("row").filter(has_text="R²")
    expect(r2.get_by_role("cell").nth(1)).to_contain_text("baseline")
    expect(r2.get_by_role("cell").nth(0)).to_contain_text(re.compile(r"[▲▼] [+−]0\.\d+"))
    page.get_by_role("button", name="Make baseline").click()
    expect(r2.get_by_role("cell").nth(0)).to_contain_text("baseline")
    expect(page).to_have_url(re.compile(f"baseline={runs[0]}"))


def cell(grid: Locator, row: int) -> Locator:
    """The first cell of a row, counted from one."""
    return grid.locator(f"[role='row'][aria-rowindex='{row + 1}']").get_by_role("gridcell").first


def tile(report: Locator, title: str) -> Locator:
    """The tile of a metric."""
    return (
        report.get_by_label(re.compile("^Metrics of"))
        .locator("div")
        .filter(has=report.page.get_by_role("term").get_by_text(title, exact=True))
    )


def accuracy_of(report: Locator) -> str:
    return tile(report, "Accuracy").locator("dd > span").first.inner_text()


def test_a_kind_without_a_view_of_its_own_is_named_drawn_and_downloaded(page: Page, person: Person, tmp_path: Path) -> None:
    nodes = {
        "jot": {"module": "trial.jot", "params": {"text": "é"}, "position": [0, 0]},
        "recite": {"module": "trial.recite", "params": {}, "position": [0, 200]},
    }
    pipeline = person.pipeline({**chain(), "nodes": nodes, "edges": [["jot.note", "recite.note"]]})
    assert person.run(pipeline)[1] == "done"
    results = Canvas(page, person).open(pipeline)
    port = results.port(results.card("jot"), "note", "output")
    expect(port).to_have_attribute("aria-label", "Note: a note")
    expect(port.locator("path").last).to_have_attribute("d", "M2 0.8h5.2L10 3.6v7.6H2Z")
    assert port.locator("svg").evaluate("icon => getComputedStyle(icon).color") == "rgb(88, 97, 108)"
    results.show("jot", "note")
    expect(results.drawer).to_contain_text("This is a note of 2 B")
    results.drawer.get_by_role("button", name="Download").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="Text").click()
    coming.value.save_as(tmp_path / "note.txt")
    assert (coming.value.suggested_filename, (tmp_path / "note.txt").read_text()) == ("jot.note.txt", "é")


def test_a_series_is_found_by_typing_and_its_forecast_is_read_with_the_keyboard(canvas, page: Page) -> None:
    rows = "\n".join(f"shop {shop},{week},{10 + shop + week % 4 + week // 4}" for shop in range(120) for week in range(12))
    graph = chain(text=f"shop,week,sold\n{rows}")
    graph["nodes"] |= {
        "method": {"module": "forecasting.baseline", "params": {"season": 4}, "position": [300, 0]},
        "train": {
            "module": "forecasting.train_forecasting",
            "params": {"time": "week", "value": "sold", "series": ["shop"], "horizon": 3},
            "position": [0, 130],
        },
        "ahead": {"module": "forecasting.forecast", "params": {}, "position": [0, 260]},
    }
    graph["edges"] = [["source.table", "train.table"], ["method.method", "train.method"], ["train.forecaster", "ahead.forecaster"]]
    at: Canvas = canvas(graph)
    at.run()
    at.expect_finished(["ahead"])
    at.show("ahead", "report")
    expect(at.drawer).to_contain_text("1 of 120 series")
    picker = at.drawer.get_by_role("combobox", name="Series")
    picker.fill("no such shop")
    expect(page.get_by_text("No series has this name.")).to_be_visible()
    picker.fill("shop 117")
    picker.press("Enter")
    chart = at.drawer.get_by_role("img", name="shop 117: history and forecast")
    expect(chart).to_have_accessible_name(re.compile("week 12 · Forecast 129 · Lower 80 128 · Upper 80 130"))
    chart.press("ArrowRight")
    expect(chart).to_have_accessible_name(re.compile("week 13 · Forecast 130"))
    chart.press("Home")
    expect(chart).to_have_accessible_name(re.compile("week 0 · sold 127"))
    at.drawer.get_by_role("button", name="Show as a table").click()
    expect(at.drawer.get_by_role("table")).to_contain_text("Upper 95")
