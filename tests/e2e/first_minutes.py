"""Somebody's first minutes: a file of their own, from upload to two compared models, with the usual mistakes. A picture of each step."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e.canvas import Canvas
from tests.e2e.contact_sheet import Shot, small
from tests.e2e.picture_sheets import finish
from tests.support.app_server import ROOT

if TYPE_CHECKING:
    from tests.e2e.pictures import Camera

WINDOW = (1280, 760)
WIDTH = 660
REMARKS = ("called back", "papers complete", "needs a second look", "returning customer")
KEPT_LABEL = [{"include": "all"}, {"exclude": {"names": ["Status"]}}]
ROWS = 2400


def loans(first: int) -> bytes:
    """A dirty table: row numbers from `first`, dates, empty cells, numbers with words among them, a label with gaps, free text."""
    with (ROOT / "designer/datasets/samples/credit_risk.csv").open() as file:
        rows = list(csv.DictReader(file))[:ROWS]
    out = io.StringIO()
    columns = ["Customer ID", "Applied on", "Status", "Years in job", "Home", "Age", "Income", "Debt", "Amount", "Price", "Remarks"]
    writer = csv.writer(out)
    writer.writerow(columns)
    for at, row in enumerate(rows):
        income = "n/a" if at % 23 == 11 else "unknown" if at % 31 == 7 else row["Income"]
        told = "" if at % 2 else f"{REMARKS[at % 4]}, {REMARKS[at // 4 % 4]}"
        status, age = "" if at % 97 == 5 else row["Status"], "" if at % 19 == 3 else row["Age"]
        values = [f"C-{first + at}", f"{at % 28 + 1:02}/{at % 12 + 1:02}/2024", status, row["Seniority"], row["Home"], age, income]
        writer.writerow([*values, row["Debt"], row["Amount"], row["Price"], told])
    return out.getvalue().encode()


class Minutes:
    """The windows and the pictures of one colour scheme."""

    def __init__(self, camera: Camera) -> None:
        self.camera, self.shots = camera, list[Shot]()
        self.page = camera.page(*WINDOW)
        self.at = Canvas(self.page, camera.person)

    def add(self, title: str, words: str) -> None:
        self.page.wait_for_timeout(400)
        self.shots.append(Shot(f"{len(self.shots) + 1}. {title}", words, small(self.page.screenshot(), WIDTH)))

    def place(self, words: str, title: str) -> None:
        """By keyboard: after the selected card, connected where that is obvious."""
        self.page.keyboard.press("a")
        self.page.get_by_role("combobox", name=re.compile("^(Add|Insert) a module")).fill(words)
        self.page.get_by_role("option").filter(has_text=title).first.wait_for()
        self.page.keyboard.press("Enter")
        expect(self.at.titled(title)).to_be_visible()

    def set(self, node: str, **params: object) -> None:
        self.camera.person.set(self.at.pipeline, node, **params)
        self.at.expect_saved()

    def run(self, *done: str) -> None:
        self.at.run()
        self.at.expect_finished(done)
        self.at.fit()


def first_minutes(camera: Camera) -> None:
    """The pictures of docs/engineering/first-ten-minutes.md."""
    told = Minutes(camera)
    upload(told)
    draw(told)
    mistakes(told)
    mend(told)
    compare_models(told)
    told.page.context.close()
    finish(camera, told.shots, 2, "first-minutes")


def upload(told: Minutes) -> None:
    page = told.page
    page.goto(f"{told.camera.person.base}/datasets")
    page.get_by_role("button", name="Upload", exact=True).wait_for()
    first = 10_000 if told.camera.scheme == "light" else 20_000  # another file, so that nothing is reused
    file = {"name": f"Loans {told.camera.scheme}.csv", "mimeType": "text/csv", "buffer": loans(first)}
    page.locator("input[type=file]").first.set_input_files([file])  # type: ignore[list-item]
    page.get_by_role("link", name=f"Loans {told.camera.scheme}").click()
    page.get_by_role("grid").wait_for()
    told.add("Upload", "what was read, and what is strange about it")
    page.get_by_role("button", name="New pipeline").click()
    told.at.expect_saved()
    told.at.pipeline = page.url.rpartition("/")[2]
    told.at.choose("dataset")


def draw(told: Minutes) -> None:
    told.page.keyboard.press("a")
    expect(told.page.get_by_role("option", name=re.compile("Clean Missing")).first).to_be_visible()
    told.add("Draw", "the file is the first card; what fits after it")
    told.page.keyboard.press("Escape")
    told.place("clean", "Clean Missing Data")
    told.place("split", "Split Data")
    told.place("train model", "Train Model")
    at = told.at
    at.fit()
    at.drag(at.port(at.card("split_data"), "first", "output"), at.port(at.card("train_model"), "untrained", "input"), hold=True)
    told.add("A wrong wire", "refused, with the reason; the port that fits is lit")
    told.page.mouse.up()
    at.fit()
    at.choose("train_model")
    told.place("logistic", "Two-Class Logistic Regression")
    at.fit()
    at.choose("train_model")
    told.place("score model", "Score Model")
    told.place("evaluate", "Evaluate Model")


def mistakes(told: Minutes) -> None:
    at, page = told.at, told.page
    at.fit()
    page.keyboard.press("Escape")
    at.run()
    expect(page.get_by_text("Running without 3 unfinished modules")).to_be_visible()
    at.expect_finished(["split_data"])
    told.add("The label is forgotten", "the run leaves three modules out, the first one first")
    page.locator(".mantine-Notification-closeButton").click()
    at.choose("train_model")
    at.setting("Label").fill("stat")
    told.add("Settings", "columns with type and spread; Enter takes the one that is found")
    at.setting("Label").press("Enter")
    at.expect_saved()
    at.run()
    at.expect_states(["train_model"], "failed")
    page.keyboard.press("Escape")
    at.choose("train_model")
    page.keyboard.press("p")
    expect(at.drawer.get_by_text("Missing texts are now")).to_be_visible()
    told.add("It fails", "problems list the failure, and the warning of the step that caused it")


def mend(told: Minutes) -> None:
    at, page = told.at, told.page
    told.set("clean_missing", columns=KEPT_LABEL)
    at.drawer.get_by_role("button", name="Hide results").click()
    told.run("evaluate_model")
    at.choose("clean_missing")
    at.settings.get_by_role("heading", name="Why it ran").scroll_into_view_if_needed()
    at.settings.get_by_role("link", name="Open the previous run").scroll_into_view_if_needed()
    told.add("It runs", "a done step that warns says of what, and why it ran in the words of the form")
    page.keyboard.press("Escape")
    at.wire("dataset.table->clean_missing.table").click(force=True)
    told.place("edit metadata", "Edit Metadata")
    told.set("edit_metadata", columns=[{"include": {"names": ["Income"]}}], type="number")
    at.run()
    at.expect_states(["edit_metadata"], "failed")
    at.fit()
    at.choose("edit_metadata")
    told.add("Texts as numbers", "refused with row, value and remedy, which leads to the setting")
    told.set("edit_metadata", unreadable="missing")
    told.run("evaluate_model")
    at.choose("train_model")
    told.add("Run again", "the numbers are numbers; what is left out is said")


def compare_models(told: Minutes) -> None:
    at, page = told.at, told.page
    at.choose("train_model")
    at.card("score_model").click(position={"x": 60, "y": 12}, modifiers=["Shift"])
    page.keyboard.press("Control+d")
    expect(at.card("score_model_2")).to_be_visible()
    at.fit()
    told.add("A second model", "copies stand beside, and read what the originals read")
    at.choose("train_model_2")
    told.place("two-class boosted", "Two-Class Boosted Decision Tree")
    at.fit()
    at.connect(at.port(at.card("two_class_boosted_trees"), "model", "output"), at.port(at.card("train_model_2"), "untrained", "input"))
    at.connect(at.port(at.card("score_model_2"), "table", "output"), at.port(at.card("evaluate_model"), "scored", "input"))
    at.expect_saved()
    page.get_by_role("button", name="Tidy up").click()
    told.run("evaluate_model")
    at.run()
    at.expect_states(["evaluate_model"], "reused")
    page.locator(".react-flow__pane").click(position={"x": 20, "y": 20})
    told.add("Run once more", "reused steps keep their warnings; the metric over the runs")
    at.show("evaluate_model", "report")
    at.drawer.get_by_role("button", name="Full screen").click()
    expect(at.drawer.get_by_role("figure").first).to_be_visible()
    told.add("The report", "names the model, and compares it")
