"""From a file to an evaluation without a mouse: few keys, and the focus is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain

MOST_KEYS = 60
ROWS = "".join(f"{age},{'yes' if age % 3 else 'no'},{'b' if age % 5 else 'a'}\n" for age in range(18, 98))
EMPTY = {**chain(), "nodes": {}, "edges": []}
FOCUS = "() => document.activeElement === document.body ? 'body' : document.activeElement.getAttribute('data-id') ?? document.activeElement.tagName"


class Keys:
    """A keyboard that counts, and looks where the focus is after each key."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1
            self.page.wait_for_timeout(60)  # a dialog that closes or a card that goes returns the focus by then, if the machine has time
            self.expect_focus(key)

    def expect_focus(self, key: str) -> None:
        """A busy machine gets two seconds: what is looked for is a focus that nobody returns."""
        try:
            self.page.wait_for_function(f"({FOCUS})() !== 'body'", timeout=2000)
        except TimeoutError:
            pytest.fail(f"the focus is lost after key {self.pressed}, {key}")

    def add(self, words: str, node: str) -> None:
        """Add a module by a part of its name; its card has the focus then."""
        self.press("a", *words, "Enter")
        self.expect_card(node)

    def expect_card(self, node: str) -> None:
        expect(self.page.locator(f".react-flow__node[data-id='{node}']")).to_be_focused()


def test_from_a_file_to_an_evaluation_in_few_keys(canvas, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text(f"age,churn,plan\n{ROWS}")
    at: Canvas = canvas(EMPTY)
    keys = Keys(page)
    keys.press("Tab", "Enter")
    expect(page.get_by_role("group", name="Start").get_by_role("button", name="Upload")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        keys.press("Enter")
    chooser.value.set_files(file)
    keys.expect_card("dataset")
    keys.add("split", "split_data")
    keys.add("two logi", "two_class_logistic_regression")
    keys.add("train", "train_model")
    keys.press("Enter")
    expect(at.setting("Label")).to_be_focused()
    keys.press(*"churn", "Enter")
    expect(at.setting("Label")).to_have_value("churn")
    keys.press("Escape")
    keys.expect_card("train_model")
    keys.add("score", "score_model")
    keys.add("evalu", "evaluate_model")
    keys.press("Control+Enter")
    at.expect_finished(["evaluate_model"])
    keys.press("\\")
    expect(at.drawer.get_by_role("figure").first).to_be_visible()
    at.expect_saved()
    assert keys.pressed <= MOST_KEYS
    assert len(at.graph()["edges"]) == 6


def test_tab_goes_through_the_page_and_cards_in_the_order_of_the_flow(canvas, page: Page) -> None:
    graph = chain(("b_last", "trial.pass_on", {}), ("a_first", "trial.pass_on", {}))
    graph["nodes"]["source"]["position"] = [0, 400]
    at: Canvas = canvas(graph)
    page.wait_for_load_state("networkidle")  # parts that are loaded later have their places after the cards
    keys = Keys(page)
    keys.press("Tab")
    expect(page.get_by_role("button", name="Skip to canvas")).to_be_focused()
    keys.press("Enter")
    seen = []
    for _ in range(16):
        here = page.evaluate("() => document.activeElement.closest('.react-flow__node')?.dataset.id ?? null")
        if here and here not in seen:
            seen.append(here)
        keys.press("Tab")
    assert seen == ["source", "b_last", "a_first"]
    expect(page.get_by_role("dialog")).to_have_count(0)
    at.expect_cards(3)


def test_the_focus_goes_on_after_a_delete_a_dialog_and_the_settings(canvas, page: Page) -> None:
    at: Canvas = canvas(chain(("middle", "trial.pass_on", {}), ("last", "trial.pass_on", {})))
    keys = Keys(page)
    at.choose("middle")
    keys.press("Enter")
    expect(at.setting("Mark")).to_be_focused()
    keys.press("Escape")
    keys.expect_card("middle")
    keys.press("o", "Escape")
    keys.expect_card("middle")
    keys.press("a", "Escape")
    keys.expect_card("middle")
    keys.press("Delete")
    keys.expect_card("source")
    expect(at.wire("source.table->last.table")).to_have_count(1)
    keys.press("Control+z")
    at.expect_cards(3)
    expect(at.wire("source.table->last.table")).to_have_count(0)


@pytest.mark.parametrize(("typed", "key", "stays"), [("SIZE", "Tab", "size"), ("siz", "Enter", "size"), ("nope", "Tab", "nope")])
def test_what_is_typed_into_a_list_is_taken_or_stays(canvas, page: Page, typed: str, key: str, stays: str) -> None:
    at: Canvas = canvas(chain(("train", "training.train_model", {})))
    at.choose("train")
    label = at.setting("Label")
    expect(at.settings.get_by_text("Needs a value.")).to_be_visible()
    label.fill(typed)
    label.press(key)
    expect(label).to_have_value(stays)
    expect(at.settings.get_by_text("There is no column “nope” here.")).to_have_count(int(stays == "nope"))
