"""Columns are known before anything runs, and settings that name others are told."""

from typing import Annotated, Literal

import polars as pl
import pytest

from pipelines.catalogue.discover import Catalogue, catalogue
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Column, When
from pipelines.catalogue.ports import ColumnRole, Frame, Table
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read
from pipelines.validation.columns import Columns
from tests.support.graph_builder import TABLE, codes, draw

CARS = Table(pl.DataFrame(schema={"make": pl.String, "price": pl.Float64}), {"price": ColumnRole("label")})


def columns(nodes, *edges, find=lambda name, version: CARS if name == "cars" else None):
    return Columns(draw(nodes, *edges), catalogue(), find)


def names(table):
    return None if table is None else table.frame.columns


def test_a_table_without_rows_travels_along_the_edges():
    found = columns({"a": TABLE, "b": "trial.pass_on", "c": "trial.wait"}, "a.table b.table", "b.table c.table")
    assert found.problems == []
    assert {node: {port: names(table) for port, table in ports.items()} for node, ports in found.known.items()} == {
        "a": {"table": ["a", "b"]},
        "b": {"table": ["a", "b"]},
        "c": {"table": ["a", "b"]},
    }


def test_a_table_that_is_handed_on_is_the_one_that_arrived():
    found = columns(
        {"a": ("data.dataset", {"dataset": "cars"}), "b": ("transform.clean_missing", {"mode": "drop_rows"})}, "a.table b.table"
    )
    assert found.known["b"]["table"] is found.known["a"]["table"]


def test_a_data_sets_columns_and_roles_are_known():
    table = columns({"a": ("data.dataset", {"dataset": "cars"})}).known["a"]["table"]
    assert names(table) == ["make", "price"] and table.role("price").role == "label"


def test_the_version_of_a_data_set_is_asked_for():
    asked = []
    columns({"a": ("data.dataset", {"dataset": "cars", "version": 3})}, find=lambda name, version: asked.append((name, version)))
    assert asked == [("cars", 3)]


@pytest.mark.parametrize("source", [("data.dataset", {"dataset": "gone"}), "trial.pass_on"])
def test_what_is_not_known_upstream_is_unknown_downstream_without_a_problem(source):
    found = columns({"a": source, "b": "trial.pass_on"}, "a.table b.table")
    assert found.known["b"] == {"table": None} and found.problems == []


def test_an_open_input_is_unknown():
    assert columns({"a": "trial.gather"}).known["a"] == {"table": None}


SELECT = ("transform.select_columns", {"columns": ["a"]})


def test_a_selector_is_applied_before_running():
    found = columns({"a": TABLE, "b": SELECT, "c": "trial.pass_on"}, "a.table b.table", "b.table c.table")
    assert names(found.known["c"]["table"]) == ["a"]


def test_a_column_that_does_not_arrive_is_told_at_its_setting_and_what_follows_is_unknown():
    wrong = ("transform.select_columns", {"columns": ["a", "gone"]})
    found = columns({"a": TABLE, "b": wrong, "c": "trial.pass_on"}, "a.table b.table", "b.table c.table")
    (problem,) = found.problems
    assert (problem.code, problem.node, problem.port, problem.param, problem.column) == ("unknown_column", "b", "table", "columns", "gone")
    assert problem.words.startswith("Select Columns")
    assert found.known["c"]["table"] is None


def test_a_single_column_setting_is_judged_too():
    nodes = {"a": TABLE, "m": "regression.linear_regression", "t": ("training.train_model", {"label": "gone"})}
    (problem,) = columns(nodes, "a.table t.table", "m.model t.model").problems
    assert (problem.code, problem.node, problem.param, problem.column) == ("unknown_column", "t", "label", "gone")


def test_a_modules_own_refusal_is_placed_at_its_node():
    (problem,) = columns({"a": ("data.enter_data", {"text": "a,b\n1,2,3"})}).problems
    assert (problem.code, problem.node, problem.param) == ("unreadable_text", "a", "text")
    assert problem.words.startswith("Enter Data Manually: ")


GONE = Column("gone")


@module("Odd", columns=lambda table, **_: table)
def odd(table: Frame, *, how: Literal["all", "one"] = "all", column: Annotated[Column, When("how", "one")] = GONE) -> Frame:
    """Odd."""


@module("Faulty", columns=lambda **_: 1 / 0)
def faulty() -> Frame:
    """Faulty."""


def panic(**_):
    raise pl.exceptions.PanicException("panicked")


@module("Panicking", columns=panic)
def panicking() -> Frame:
    """Panicking."""


ODDS = Catalogue(
    {**catalogue().modules, **{f"o.{f.__name__}": read(f, f"o.{f.__name__}", Shelf("O", 1, 2, "o")) for f in (odd, faulty, panicking)}}, {}
)


@pytest.mark.parametrize(("how", "told"), [("all", []), ("one", ["unknown_column"])])
def test_a_setting_is_judged_only_while_it_matters(how, told):
    graph = draw({"a": TABLE, "b": ("o.odd", {"how": how})}, "a.table b.table")
    assert codes(Columns(graph, ODDS, lambda *_: None).problems) == told


@pytest.mark.parametrize("module", ["o.faulty", "o.panicking"])
def test_a_rule_that_stumbles_knows_nothing(module):
    found = Columns(draw({"a": module}), ODDS, lambda *_: None)
    assert (found.known, found.problems) == ({"a": {"table": None}}, [])


def test_a_rule_is_asked_once_for_the_same_settings_and_columns():
    asked = []

    def rule(table, **settings):
        asked.append(settings)
        return table

    @module("Asked", columns=rule)
    def asks(table: Frame, *, mark: int = 0) -> Frame:
        """Give a table on.

        Args:
            table: Any table.
            mark: A number.

        Returns:
            The same table.
        """
        return table

    catalogue_ = Catalogue({**catalogue().modules, "trial.asks": read(asks, "trial.asks", Shelf("Trial", order=1, hue=1))}, {})
    graph = draw(
        {"a": TABLE, "b": "trial.asks", "c": "trial.asks", "d": ("trial.asks", {"mark": 1})},
        "a.table b.table",
        "a.table c.table",
        "a.table d.table",
    )
    for _ in range(2):
        known = Columns(graph, catalogue_, lambda *_: None).known
        assert {node: names(known[node]["table"]) for node in "bcd"} == {node: ["a", "b"] for node in "bcd"}
    assert asked == [{"mark": 0}, {"mark": 1}]
