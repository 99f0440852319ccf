"""A newcomer opens the sample, draws on it, and runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas, middle
from tests.e2e.graphs import chain
from tests.support.app_server import ROOT, Person

SAMPLE = ["cars", "select", "clean", "split", "learner", "train", "score", "evaluate"]


def sign_in_link(person: Person, *email: str) -> str:
    """What `manage.py sign_in_link` prints."""
    command = [sys.executable, "manage.py", "sign_in_link", *email, "--base", person.base]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "EASEL_HOME": str(person.home)}, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def sample(person: Person, slug: str = "automobile_price") -> str:
    return str(person.call("POST", f"/api/samples/{slug}/open/", {})["id"])


def test_the_link_signs_in_once_and_the_sample_opens_from_home(open_window, person: Person) -> None:
    link = sign_in_link(person)
    page = open_window(None).new_page()
    page.goto(link)
    page.get_by_role("button", name=re.compile(r"^Automobile price(?! \()")).click()
    expect(page.get_by_label("Name of the pipeline")).to_have_value(re.compile("^Automobile price"))
    Canvas(page, person).expect_cards(len(SAMPLE))
    again = open_window(None).new_page()
    again.goto(link)
    expect(again.get_by_text("This link has been used or has expired.")).to_be_visible()


def test_the_start_link_opens_the_first_sample(page: Page, person: Person) -> None:
    page.goto(person.base)
    expect(page.get_by_role("link").filter(has_text="Automobile price").first).to_be_visible()


def test_a_module_is_dragged_in_and_wired_port_to_port(canvas, page: Page) -> None:
    at = canvas(chain(("pass", "trial.pass_on", {})))
    page.get_by_role("searchbox", name="Search modules").fill("select columns")
    entry = page.get_by_role("button", name="Select Columns", exact=True)
    x, y = middle(at.card("pass"))
    at.drag(entry, (x, y + 120))
    card = at.titled("Select Columns")
    expect(card).to_be_visible()
    at.connect(at.port(at.card("pass"), "table", "output"), at.port(card, "table", "input"))
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    at.expect_saved()
    assert len(at.graph()["edges"]) == 2


def test_a_wire_of_the_wrong_kind_or_in_a_ring_is_refused_with_the_reason(canvas, page: Page) -> None:
    graph = chain(("one", "trial.pass_on", {}), ("two", "trial.pass_on", {}))
    graph["nodes"]["train"] = {"module": "training.train_model", "params": {}, "position": [300, 200]}
    at = canvas(graph)
    at.connect(at.port(at.card("one"), "table", "output"), at.port(at.card("train"), "untrained", "input"))
    expect(page.get_by_text("Train Model accepts an untrained model here, but this is a table.")).to_be_visible()
    at.connect(at.port(at.card("two"), "table", "output"), at.port(at.card("one"), "table", "input"))
    expect(page.get_by_text("Pass On already feeds Pass On, so this would create a loop.")).to_be_visible()
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    assert len(at.graph()["edges"]) == 2


def test_a_wire_between_two_inputs_is_refused(canvas, page: Page) -> None:
    graph = chain(("one", "trial.pass_on", {}))
    graph["nodes"]["aside"] = {"module": "trial.pass_on", "params": {}, "position": [300, 130]}
    at = canvas(graph)
    at.connect(at.port(at.card("aside"), "table", "input"), at.port(at.card("one"), "table", "input"))
    expect(page.get_by_text("Two inputs cannot be connected.")).to_be_visible()
    at.expect_saved()
    assert at.graph()["edges"] == [["source.table", "one.table"]]


def test_a_module_dropped_on_a_wire_is_put_between(canvas, page: Page) -> None:
    at = canvas(chain(("one", "trial.pass_on", {})))
    page.get_by_role("searchbox", name="Search modules").fill("split data")
    (x, top), (_, bottom) = middle(at.card("source")), middle(at.card("one"))
    at.drag(page.get_by_role("button", name="Split Data"), (x, (top + bottom) / 2))
    at.expect_cards(3)
    at.expect_saved()
    graph = at.graph()
    assert sorted(graph["edges"]) == [["source.table", "split_data.table"], ["split_data.first", "one.table"]]
    assert graph["nodes"]["one"]["position"][1] > graph["nodes"]["split_data"]["position"][1] + 60
    page.keyboard.press("Control+z")
    at.expect_cards(2)
    expect(at.wire("source.table->one.table")).to_have_count(1)


def test_a_loose_card_dropped_on_a_wire_is_put_between_in_one_step(canvas, page: Page) -> None:
    graph = chain(("one", "trial.pass_on", {}))
    graph["nodes"]["loose"] = {"module": "trial.pass_on", "params": {}, "position": [320, 0]}
    graph["nodes"]["one"]["position"] = [0, 240]
    at = canvas(graph)
    (x, top), (_, bottom) = middle(at.card("source")), middle(at.card("one"))
    at.drag(at.card("loose"), (x, (top + bottom) / 2), hold=True)
    expect(at.wire("source.table->one.table").locator("path[data-over]")).to_have_count(1)
    page.mouse.up()
    expect(at.wire("source.table->loose.table")).to_have_count(1)
    expect(at.wire("loose.table->one.table")).to_have_count(1)
    expect(at.wire("source.table->one.table")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(at.wire("source.table->one.table")).to_have_count(1)
    at.expect_saved()
    assert at.graph()["nodes"]["loose"]["position"] == [320, 0]


def test_unfinished_cards_are_grey_and_the_rest_runs(canvas, page: Page) -> None:
    graph = chain(("one", "trial.pass_on", {}))
    graph["nodes"]["norm"] = {"module": "transform.normalize", "params": {}, "position": [320, 0]}
    at = canvas(graph)
    expect(at.card("norm")).to_have_attribute("data-unfinished", "true")
    at.run()
    expect(page.get_by_text("Running without 1 unfinished module")).to_be_visible()
    at.expect_finished(["source", "one"])
    page.get_by_role("tab", name="Problems").click()
    expect(at.drawer.get_by_text("The last run left out 1 unfinished module: Normalize Data.")).to_be_visible()
    expect(at.drawer.get_by_label("Not finished")).to_have_count(1)


def test_columns_are_offered_before_anything_ran(canvas, page: Page) -> None:
    at = canvas(chain(("train", "training.train_model", {})))
    at.choose("train")
    expect(at.setting("Label")).to_have_attribute("placeholder", "Select a column")
    at.setting("Label").click()
    expect(page.get_by_role("option")).to_have_text([re.compile("^id"), re.compile("^kind"), re.compile("^size")])
    page.get_by_role("option", name="size").click()
    expect(at.setting("Label")).to_have_value("size")
    at.expect_saved()
    assert at.graph()["nodes"]["train"]["params"] == {"label": "size"}


def test_run_again_and_run_what_changed(page: Page, person: Person) -> None:
    at = Canvas(page, person).open(sample(person))
    at.run()
    at.expect_finished(SAMPLE)
    expect(at.card("cars").get_by_role("button", name="205 × 26")).to_be_visible()

    at.run()
    at.expect_states(SAMPLE, "reused")

    at.choose("split")
    at.setting("Fraction").fill("0.61")
    at.expect_stale("split", "train", "score", "evaluate")
    expect(at.card("clean").get_by_label("The result is outdated")).to_have_count(0)
    at.run()
    at.expect_states(["split", "train", "score", "evaluate"], "done")
    expect(at.card("evaluate").get_by_role("img", name="Done")).to_be_visible()
    at.expect_states(["cars", "select", "clean", "learner"], "reused")
    expect(page.get_by_label("The result is outdated")).to_have_count(0)


def test_the_plus_of_a_wire_puts_a_module_between(canvas, page: Page) -> None:
    graph = chain(("one", "trial.pass_on", {}))
    graph["nodes"]["one"]["position"] = [0, 200]
    at = canvas(graph)
    page.mouse.move(*middle(at.wire("source.table->one.table").locator("path").first))
    page.get_by_role("button", name="Insert a module").click()
    page.get_by_role("combobox", name="Insert a module").fill("split data")
    page.keyboard.press("Enter")
    at.expect_saved()
    assert sorted(at.graph()["edges"]) == [["source.table", "split_data.table"], ["split_data.first", "one.table"]]


# What a card shows beyond its own height or beside its width; a sub-pixel more is rounding.
SPILLS = """
cards => cards.filter(card => {
  const outer = card.getBoundingClientRect()
  const [title, line] = [card.querySelector('[class*=title]'), card.querySelector('[class*=line]')]
  const cut = title.scrollHeight > title.clientHeight + 1
  return cut || [title, line].some(part => part && part.getBoundingClientRect().bottom > outer.bottom - 3)
}).map(card => card.dataset.testid)
"""


def test_no_title_is_cut_and_every_card_holds_its_words(canvas, page: Page, person: Person) -> None:
    modules = [module["id"] for module in person.call("GET", "/api/modules/")["modules"]]
    places = {id.replace(".", "_"): (id, [300 * (at % 10), 120 * (at // 10)]) for at, id in enumerate(modules)}
    nodes = {node: {"module": id, "params": {}, "position": place} for node, (id, place) in places.items()}
    for title in (
        "WWW MMM WWW MMM WWW",
        "customers_of_the_last_four_quarters",
        "Gewöhnliche kleinste Quadrate",
        "a b c d e f g h i j k l m n o p",
    ):
        nodes[f"own_{len(nodes)}"] = {
            "module": "trial.pass_on",
            "params": {},
            "position": [-320, 120 * (len(nodes) - len(modules))],
            "title": title,
        }
    at = canvas({**chain(), "nodes": nodes, "edges": []})
    page.set_viewport_size({"width": 2560, "height": 1600})
    at.fit()
    page.evaluate("() => document.fonts.ready")
    cards = page.locator("[data-testid^='node-'][data-distance='near']")
    expect(cards).to_have_count(len(nodes))
    assert cards.evaluate_all(SPILLS) == []
