"""Clean tables of many kinds raise nothing; every planted fault is named, with the rows that it is about."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import Table
from pipelines.modelling.guardrails import guardrails
from pipelines.preview.rows import rows
from tests.support.planted import BASES, CLEAN, EITHER, FAULTS, PLAN, SHIFTS, found


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_table_raises_nothing(name):
    assert found(*CLEAN[name](np.random.default_rng(11))) == {}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_named(name):
    id, kinds, plant = FAULTS[name]
    draw = np.random.default_rng(12)
    frame, task = BASES[kinds.split()[0]](draw)
    assert {*EITHER.get(id, (id,))} & found(plant(frame, draw), task).keys()


@pytest.mark.parametrize("name", SHIFTS)
def test_a_table_to_validate_by_that_differs_is_named(name):
    draw = np.random.default_rng(13)
    (frame, task), (later, _) = BASES["c2"](draw), BASES["c2"](draw)
    later = SHIFTS[name](later, draw)
    assert ("drift" in found(frame, task, later)) == (name not in ("same", "numbers no longer related"))


@pytest.mark.parametrize("rows", [700, 60])  # a table much smaller than the other is judged as well
def test_that_columns_are_related_otherwise_is_seen_by_all_of_them_together(rows):
    base = np.random.default_rng(14).normal(size=1_000)
    frame = pl.DataFrame({"a": base, "b": base + 0.1, "c": np.random.default_rng(15).normal(size=1_000)})
    frame = frame.with_columns(label=pl.when(pl.col("c") > 0).then(pl.lit("x")).otherwise(pl.lit("y")))
    rails = guardrails(Table(frame), "label", "two_class", PLAN, Table(frame.with_columns(pl.col("b").shuffle(seed=1)).head(rows)))
    drift = next(rail for rail in rails if rail.id == "drift")
    assert drift.state == "alerted" and {"a", "b"} <= {*drift.columns} and drift.figures["auc"] > 0.7
    assert (
        next(rail for rail in guardrails(Table(frame), "label", "two_class", PLAN, Table(frame.tail(rows))) if rail.id == "drift").figures[
            "auc"
        ]
        < 0.6
    )


def test_validation_rows_among_the_others_are_counted():
    draw = np.random.default_rng(16)
    (frame, task), (later, _) = BASES["c"](draw), BASES["c"](draw)
    mixed = pl.concat([later.head(300), frame.head(40)])
    assert "shared_rows" not in found(frame, task, later)
    assert "40 validation rows" in found(frame, task, mixed)["shared_rows"]


def test_validation_rows_are_among_the_others_though_a_column_is_written_otherwise_in_some():
    draw = np.random.default_rng(16)
    frame, task = BASES["c"](draw)
    frame = frame.with_columns(kind=pl.Series(draw.choice(["a", "b"], frame.height)))
    later = frame.head(400).with_columns(kind=pl.when(pl.int_range(400) % 4 == 0).then(pl.lit("a ")).otherwise("kind"))
    assert "300 validation rows" in found(frame, task, later)["shared_rows"]


def where(name, base):
    draw = np.random.default_rng(17)
    id, _, plant = FAULTS[name]
    frame, task = BASES[base](draw)
    frame = plant(frame, draw)
    rail = next(rail for rail in guardrails(Table(frame), "label", task, PLAN) if rail.id == id)
    return frame, rail, rail.as_json()["rows"]


@pytest.mark.parametrize(
    ("name", "base"), [("label missing", "c"), ("label missing as ?", "c"), ("class of three rows", "m"), ("typos in the label", "r")]
)
def test_a_filter_shows_exactly_the_rows(name, base):
    frame, rail, shown = where(name, base)
    assert rows(frame, filters=shown["filters"]).total == rail.figures["rows"]


@pytest.mark.parametrize(("name", "base"), [("missing values", "r"), ("codes of missing", "c"), ("one in fifty", "c")])
def test_the_rows_of_a_filter_are_those_of_the_column(name, base):
    frame, rail, shown = where(name, base)
    column = rail.columns[0]
    wanted = {
        "missing values": pl.col(column).is_null(),
        "codes of missing": pl.col(column) == -999,
        "one in fifty": pl.col("label") == "yes",
    }
    assert rows(frame, filters=shown["filters"]).total == frame.filter(wanted[name]).height > 0


def test_decimal_commas_are_told_before_they_are_removed():
    rng = np.random.default_rng(1)
    plain = [f"{value:.2f}" for value in rng.gamma(2, 50, 200)]
    frame = pl.DataFrame({"a": plain, "b": [each.replace(".", ",") if at % 4 else each for at, each in enumerate(plain)]})
    frame = frame.with_columns(c=pl.Series([f"{at + 1},{at:03}" for at in range(200)]), label=pl.Series(rng.normal(size=200)))
    words = next(rail.words for rail in guardrails(Table(frame), "label", "regression", PLAN) if rail.id == "numbers_as_text")
    assert "“b” has a decimal comma in 150 rows" in words and words.count("decimal comma") == 1


def test_points_that_separate_thousands_go_before_a_decimal_comma_becomes_a_point():
    rng = np.random.default_rng(1)
    written = [f"{value:,.2f}".translate(str.maketrans(",.", ".,")) for value in rng.gamma(2, 900, 200)]
    thousands = sum("." in each for each in written)
    frame = pl.DataFrame(dict.fromkeys("abcde", written)).with_columns(
        when=pl.Series([f"2020-01-{at % 28 + 1:02} 10:00:00,{at:06}" for at in range(200)]), label=pl.Series(rng.normal(size=200))
    )
    words = next(rail.words for rail in guardrails(Table(frame), "label", "regression", PLAN) if rail.id == "numbers_as_text")
    assert 0 < thousands < 200 and "“a” has a decimal comma in 200 rows" in words and "“when” has a" not in words
    assert "replace(replace(column, '.', ''), ',', '.')" in words and "The same holds for “d”, “e”." in words


def test_values_that_are_infinite_only_have_no_rows_to_show():
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({"a": rng.normal(size=200), "b": rng.normal(size=200), "label": rng.normal(size=200)})
    infinite = frame.with_columns(a=pl.when(pl.int_range(200) < 9).then(float("inf")).otherwise("a"))
    gaps = infinite.with_columns(b=pl.when(pl.int_range(200) < 3).then(None).otherwise("b"))
    wheres = [
        next(rail.where for rail in guardrails(Table(each), "label", "regression", PLAN) if rail.id == "missing_values")
        for each in (infinite, gaps)
    ]
    assert wheres[0] is None and wheres[1] is not None
    assert rows(gaps, filters=wheres[1].filters).total == 3


def test_copies_and_what_is_no_number_are_told_by_their_row_numbers():
    frame, _, shown = where("copies of rows", "c")
    places = [number - 1 for number in shown["numbers"]]
    assert len(places) == 20 and frame.is_duplicated().gather(places).all()
    frame, _, shown = where("numbers with words", "c")
    assert {frame["planted"][number - 1] for number in shown["numbers"]} == {"unknown"}


def test_times_and_keys_are_shown_in_order():
    assert where("time", "c")[2]["sort"] == "planted" and where("repeated key", "c")[2]["sort"] == "patient_id"
