"""Modules are listed by being there; former names lead to present ones."""

from functools import cache
from typing import Literal

import pytest

from pipelines.catalogue import discover
from pipelines.catalogue.discover import Catalogue, catalogue, find
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read
from tests.support.graph_builder import draw

SHELF = Shelf("Odds", order=1, hue=2, id="odds")


@module(
    "New",
    former=("odds.old",),
    former_ports={"table": ("data",), "first": ("out",)},
    former_params={"share": "fraction"},
    former_values={"how": {"head": "first"}},
)
def new(table: Frame, *, fraction: float = 0.5, how: Literal["first", "last"] = "first") -> Frame:
    """New."""


NEW = read(new, "odds.new", SHELF)
CATALOGUE = Catalogue({"odds.new": NEW}, {"odds.old": "odds.new"})


def test_every_file_of_every_shelf_is_a_module_but_helpers():
    found = catalogue().modules
    assert {"data.enter_data", "transform.split_data", "trial.wait"} <= found.keys()
    assert not any("._" in id for id in found)
    assert found["trial.wait"].shelf.id == "trial"


@pytest.fixture
def unread(monkeypatch):
    """The catalogue of a process that has read no module yet."""
    monkeypatch.setattr(discover, "catalogue", cache(catalogue.__wrapped__))
    return discover.catalogue


@pytest.mark.parametrize("id", ["transform.split_data", "trial.wait"])
def test_one_module_is_found_without_reading_the_others(unread, id):
    found = find(id)
    assert (found.id, found.title, found.params) == (id, catalogue().modules[id].title, catalogue().modules[id].params)
    assert unread.cache_info().currsize == 0


@pytest.mark.parametrize("id", ["", "trial", "trial.", ".wait", "trial._odd", "kinds.note", "no.such"])
def test_what_is_no_module_is_not_found(id):
    assert find(id) is None


def test_what_loads_saved_values_is_in_no_file_and_is_found_too(unread):
    assert find("data.load_trained_model").id == "data.load_trained_model"


def test_a_former_id_finds_the_module():
    assert CATALOGUE.get("odds.old") is NEW and CATALOGUE.get("odds.new") is NEW
    assert CATALOGUE.get("odds.never") is None


def test_old_names_of_modules_ports_settings_and_choices_become_present_ones():
    graph = CATALOGUE.with_current_names(
        draw({"a": ("odds.old", {"share": 0.1, "how": "head"}), "b": ("odds.new", {"how": "last"})}, "a.table b.data")
    )
    assert graph.nodes["a"].module == "odds.new"
    assert (graph.nodes["a"].params, graph.nodes["b"].params) == ({"fraction": 0.1, "how": "first"}, {"how": "last"})
    assert [edge.place for edge in graph.edges] == [("a.table", "b.table")]


def test_two_edges_that_become_one_are_one():
    graph = CATALOGUE.with_current_names(draw({"a": "odds.new", "b": "odds.new"}, "a.table b.data", "a.table b.table"))
    assert [edge.place for edge in graph.edges] == [("a.table", "b.table")]


def test_what_nobody_knows_is_left_as_it_is():
    graph = draw({"a": ("who.knows", {"share": 1})}, "a.x ghost.data")
    assert CATALOGUE.with_current_names(graph) == graph
