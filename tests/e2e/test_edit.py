"""Undo, copy, delete, coming back, and working in two windows."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person

PASS = "trial.pass_on"

# Pastes a text on the canvas, as from another program.
PASTE = """
(text) => {
  const data = new DataTransfer()
  data.setData('text/plain', text)
  document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
}
"""


def test_undo_and_redo_one_step_at_a_time(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {}), ("two", PASS, {})))
    at.choose("two")
    page.keyboard.press("Delete")
    at.expect_cards(2)
    at.choose("one")
    page.keyboard.press("Delete")
    at.expect_cards(1)
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    page.keyboard.press("Control+z")
    at.expect_cards(2)
    page.keyboard.press("Control+z")
    at.expect_cards(3)
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    page.keyboard.press("Control+Shift+z")
    at.expect_cards(2)
    page.get_by_role("button", name="Undo").click()
    at.expect_cards(3)
    at.expect_saved()
    assert set(at.graph()["nodes"]) == {"source", "one", "two"}


def test_a_wrong_number_stays_with_its_sentence_until_it_is_given_up(canvas, page: Page) -> None:
    at = canvas(chain(("half", "transform.split_data", {"fraction": 0.5})))
    at.choose("half")
    field = at.setting("Fraction")
    field.fill("7")
    field.blur()
    expect(field).to_have_value("7")
    expect(at.settings.get_by_text("Must be from 0 to 1.")).to_be_visible()
    field.press("Escape")
    expect(field).to_have_value("0.5")
    assert at.graph()["nodes"]["half"]["params"]["fraction"] == 0.5


def test_the_selection_follows_undo(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {}), ("two", PASS, {})))
    at.choose("one")
    page.keyboard.press("Control+d")
    at.expect_cards(4)
    page.keyboard.press("Control+z")
    at.expect_cards(3)
    at.card("two").click(position={"x": 60, "y": 12}, modifiers=["Shift"])
    expect(page.get_by_text("2 modules selected")).to_be_visible()


def test_copy_and_paste_keeps_settings_and_inner_wires(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {"mark": 7}), ("two", PASS, {})))
    at.choose("one")
    at.card("two").click(position={"x": 60, "y": 12}, modifiers=["Shift"])
    expect(page.get_by_text("2 modules selected")).to_be_visible()
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    at.expect_cards(5)
    at.expect_saved()
    graph = at.graph()
    assert sorted(node["params"].get("mark", 0) for node in graph["nodes"].values() if node["module"] == PASS) == [0, 0, 7, 7]
    assert len(graph["edges"]) == 3


def test_a_reload_comes_back_to_graph_states_and_choice(canvas, page: Page) -> None:
    at = canvas(chain(("one", PASS, {"mark": 3})))
    at.run()
    at.expect_finished(["source", "one"])
    at.choose("one")
    page.reload()
    at.expect_saved()
    at.expect_cards(2)
    at.expect_finished(["source", "one"])
    expect(at.card("one")).to_have_attribute("data-selected", "true")
    expect(at.setting("Mark")).to_have_value("3")


def test_two_windows_see_each_other_and_converge(canvas, open_window, page: Page, person: Person) -> None:
    here = canvas(chain(("one", PASS, {}), ("two", PASS, {})))
    there = Canvas(open_window().new_page(), person).open(here.pipeline)
    expect(page.get_by_role("group", name="Also here")).to_be_visible()
    here.choose("one")
    there.choose("two")
    here.setting("Mark").fill("11")
    there.setting("Mark").fill("22")
    there.choose("one")
    expect(there.setting("Mark")).to_have_value("11")
    here.choose("two")
    expect(here.setting("Mark")).to_have_value("22")
    here.page.keyboard.press("Escape")
    for at in (here, there):
        at.expect_saved()
    nodes = here.graph()["nodes"]
    assert (nodes["one"]["params"], nodes["two"]["params"]) == ({"mark": 11}, {"mark": 22})
    there.page.close()
    expect(page.get_by_role("group", name="Also here")).to_have_count(0)


def test_a_run_started_in_one_window_is_seen_in_the_other(canvas, open_window, person: Person) -> None:
    here = canvas(chain(("one", PASS, {})))
    there = Canvas(open_window().new_page(), person).open(here.pipeline)
    here.run()
    there.expect_finished(["source", "one"])


def test_a_large_graph_pasted_at_once_and_undone_in_one_step(canvas, page: Page) -> None:
    big = chain(*((f"n{at}", PASS, {"mark": at}) for at in range(299)))
    at = canvas(chain())
    page.evaluate(PASTE, json.dumps(big))
    at.expect_saved()
    page.wait_for_function("() => document.querySelectorAll('[data-testid^=node-]').length > 0")
    expect(page.get_by_text("300 modules selected")).to_be_visible()
    assert len(at.graph()["nodes"]) == 301
    page.keyboard.press("Control+z")
    at.expect_saved()
    assert len(at.graph()["nodes"]) == 1
