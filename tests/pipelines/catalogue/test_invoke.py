"""Calling a module: tables in the form it asks for, roles carried over by column name."""

from dataclasses import replace
from typing import NamedTuple

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import call, compose
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import ColumnRole, Frame, Lazy, Query, Report, Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read
from tests.pipelines.modules.conftest import Listener

A = Table(pl.DataFrame({"a": [1, 2]}), {"a": ColumnRole("label")})
B = Table(pl.DataFrame({"a": [3], "b": [4]}), {"a": ColumnRole("weight"), "b": ColumnRole("score")})


class Two(NamedTuple):
    one: Frame
    page: Report


def called(function, inputs, **settings):
    return call(read(module("X")(function), "odds.x", Shelf("Odds", 1, 2, "odds")), function, inputs, settings)


@pytest.mark.parametrize(("form", "seen"), [(Lazy, pl.LazyFrame), (Query, Query), (Frame, pl.DataFrame), (Table, Table)])
@pytest.mark.parametrize("given", [A, A.query], ids=["computed", "not yet"])
def test_a_table_comes_in_the_form_that_is_asked_for(form, seen, given):
    got = []

    def function(table) -> Frame:
        got.append(table)
        return pl.DataFrame()

    function.__annotations__["table"] = form
    called(function, {"table": [given]})
    assert isinstance(got[0], seen)


def test_a_lazy_answer_is_collected():
    def function(table: Lazy) -> Lazy:
        return table.select(pl.col("a") * 2)

    assert called(function, {"table": [A]})["table"].frame["a"].to_list() == [2, 4]


def test_a_lazy_answer_may_be_left_a_query_with_roles():
    def function(table: Lazy) -> Lazy:
        return table.with_columns(new=pl.lit(1))

    made = compose(read(module("X")(function), "odds.x", Shelf("Odds", 1, 2, "odds")), function, {"table": [A]}, {})["table"]
    assert isinstance(made, Query) and made.roles == {"a": ColumnRole("label")}


def test_a_query_that_is_handed_on_is_the_table_it_came_from():
    def function(left: Query, right: Query) -> Query:
        return right

    other = Table(pl.DataFrame({"b": [1]}), kept="file")
    assert called(function, {"left": [A], "right": [other]})["table"] is other
    asked = other.query.only(["b"])
    assert called(function, {"left": [A], "right": [asked]})["table"].frame.equals(other.frame)


def test_a_frame_that_is_handed_on_stands_in_the_file_it_stood_in():
    def either(left: Frame, right: Frame, *, take: int = 0) -> Frame:
        return (left, right, right.clone())[take]

    tables = {"left": [replace(A, kept="left")], "right": [replace(B, kept="right")]}
    assert [called(either, tables, take=take)["table"].kept for take in range(3)] == ["left", "right", None]


def test_roles_are_carried_over_by_name_and_the_first_table_wins():
    def function(left: Frame, right: Frame) -> Frame:
        return pl.DataFrame({"b": [1], "a": [2], "new": [3]})

    assert called(function, {"left": [A], "right": [B]})["table"].roles == {"a": ColumnRole("label"), "b": ColumnRole("score")}


def test_a_table_that_sets_roles_keeps_them():
    def function(table: Table) -> Table:
        return table.with_role("a", role="ignored")

    assert called(function, {"table": [A]})["table"].role("a").role == "ignored"


def test_many_inputs_come_in_order_and_an_open_one_as_none():
    def function(table: Frame | None, *more: Frame) -> Frame:
        assert table is None
        return pl.concat(frame.select("a") for frame in more)

    assert called(function, {"more": [B, A]})["table"].frame["a"].to_list() == [3, 1, 2]


def test_several_outputs_are_named_by_port():
    def function(table: Frame, *, share: float) -> Two:
        return Two(table.head(round(share * table.height)), Report("Page", []))

    left = called(function, {"table": [A]}, share=0.5)
    assert (left["one"].frame.height, left["page"].title) == (1, "Page")


def test_too_few_outputs_are_a_fault():
    def function(table: Frame) -> Two:
        return (table,)

    with pytest.raises(ValueError):
        called(function, {"table": [A]})


def test_a_rule_may_say_that_it_cannot_tell():
    def function(table: Frame) -> Frame: ...

    assert called(function, {"table": [A]}) == {"table": None}


@pytest.mark.parametrize("form", [Frame, Lazy])
@pytest.mark.parametrize("name", ["*", "^a$", "^.*$", "nu\0ll"])
def test_a_column_that_cannot_be_told_from_a_pattern_or_stored_is_refused_where_it_is_made(form, name):
    def function(table) -> form:
        return table.rename({"a": name})

    function.__annotations__ = {"table": form, "return": form}
    with pytest.raises(ModuleError) as refused:
        called(function, {"table": [A]})
    assert refused.value.code == "unusable_name" and refused.value.column == name and refused.value.remedy


@pytest.mark.parametrize("name", ["", "^a", "a$", "**", "^", "$", "[a]", "价格 €"])
def test_other_signs_are_fine_in_names(name):
    def function(table: Frame) -> Frame:
        return table.rename({"a": name})

    assert called(function, {"table": [A]})["table"].frame[name].to_list() == [1, 2]


WIDE = pl.DataFrame({"n": pl.Series([1, None, 2**100], dtype=pl.Int128), "u": pl.Series([1, 2, 3], dtype=pl.UInt128), "a": ["x", "y", "z"]})


@pytest.mark.parametrize("form", [Frame, Lazy])
def test_whole_numbers_of_128_bits_become_decimals_and_this_is_said(form):
    def function(table) -> Frame:
        return WIDE.lazy() if form is Lazy else WIDE

    function.__annotations__ |= {"table": form, "return": form}
    with reporting_to(listener := Listener()):
        found = called(function, {"table": [A]})["table"].frame
    assert found.schema == {"n": pl.Decimal(38, 0), "u": pl.Decimal(38, 0), "a": pl.String}
    assert found["n"].to_list() == [1, None, 2**100]
    assert listener.lines == ["Whole numbers of 128 bits are stored as decimals: “n”, “u”."]


def test_those_that_no_decimal_holds_are_refused():
    def function(table: Frame) -> Frame:
        return pl.DataFrame({"n": pl.Series([2**127 - 1], dtype=pl.Int128)})

    with pytest.raises(ModuleError) as wrong:
        called(function, {"table": [A]})
    assert wrong.value.code == "query_failed"


@pytest.mark.parametrize("inside", [pl.col("n").implode(), pl.struct("n", "a").alias("n"), pl.struct(pl.col("u").implode()).alias("n")])
def test_those_in_lists_and_structs_are_refused_with_the_column(inside):
    def function(table: Frame) -> Frame:
        return WIDE.select(inside)

    with pytest.raises(ModuleError) as wrong:
        called(function, {"table": [A]})
    assert (wrong.value.code, wrong.value.column) == ("unusable_type", "n")
