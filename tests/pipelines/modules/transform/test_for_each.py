"""For Each by itself: names of items, what it says, and tables put together; its runs are in tests/pipelines/execution/test_repetition.py."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.items import Failure, ItemResult
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.catalogue.repeated import Repeated
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.modelling.parallel import Lines
from pipelines.modules.transform._for_each import MOST_LINES, packed, put_together, row_items
from pipelines.modules.transform.for_each import for_each
from tests.support.module_runner import run

SALES = pl.DataFrame({"shop": ["a", "b", "a"], "sold": [1, 2, 3]})


def repeated(compute, *, names=("Out",), heads=lambda _: (None,), table=SALES, **settings):
    """The gathered tables of a sub-pipeline that is a function, and what is said."""
    lines = Lines()
    given = {"each": "group", "groups": ["shop"], **settings}
    read = catalogue().modules["transform.for_each"].read_settings(given)
    with reporting_to(lines):
        found = for_each(Repeated(Table(table), names, compute, heads), **read)
    return found, [line for line, _, _ in lines.lines]


def test_by_itself_it_gives_the_rows_on_and_no_failures():
    found = run("transform.for_each", {"groups": ["shop"]}, table=SALES)
    assert found["rows"].frame.equals(SALES) and found["failures"].frame.is_empty()


@pytest.mark.parametrize(("settings", "code"), [({}, "no_groups"), ({"groups": ["none"]}, "unknown_column")])
def test_columns_of_groups_are_needed(settings, code):
    with pytest.raises(ModuleError) as caught:
        run("transform.for_each", settings, table=SALES)
    assert caught.value.code == code and caught.value.param == "groups"


def test_rows_are_named_by_their_values_and_equal_ones_are_told_apart():
    frame = pl.DataFrame({"a": ["x", "x", None, "", "x (2)", "x"], "deep": [[1]] * 6})
    assert row_items(Table(frame)).names == ("x", "x (3)", "(missing)", "(empty)", "x (2)", "x (4)")
    assert row_items(Table(frame.select("deep"))).names[:2] == ("row", "row (2)")
    long = row_items(Table(pl.DataFrame({name: ["y\0" + "z" * 500] for name in "abcdef"}))).names[0]
    assert "\0" not in long and len(long) < 200


def test_too_many_rows_are_refused_with_both_figures():
    with pytest.raises(ModuleError, match="There are 100,001 rows, and a step may have 100,000"):
        run("transform.for_each", {"each": "row"}, table=pl.DataFrame({"a": range(100_001)}))


def test_roles_and_values_of_the_groups_come_first():
    def compute(rows):
        return [Table(rows.frame.with_columns(shop=pl.lit(9)), {"sold": ColumnRole("label")})]

    (_, _, out), said = repeated(compute)
    assert out.frame.rows() == [("a", 1), ("a", 3), ("b", 2)] and out.role("sold").role == "label"
    assert said == ["Out: the values of “shop” are those of the items."]


def test_unlike_columns_are_told_and_filled():
    def compute(rows):
        first = rows.frame["shop"][0]
        return [Table(pl.DataFrame({"n": [1] if first == "a" else [0.5], first: [first]}))]

    (_, _, out), said = repeated(compute)
    assert out.frame.rows() == [("a", 1.0, "a", None), ("b", 0.5, None, "b")]
    assert any("not every item has the column “a”, “b”" in line for line in said) and any(
        "“n” has different types" in line for line in said
    )


def test_columns_that_no_type_holds_are_an_error_with_a_remedy():
    with pytest.raises(ModuleError) as caught:
        repeated(lambda rows: [Table(pl.DataFrame({"n": [rows.frame["sold"].to_list()] if rows.frame.height > 1 else [True]}))])
    assert caught.value.code == "unlike_items" and caught.value.remedy


def test_what_modules_say_of_many_items_is_said_once():
    table = pl.DataFrame({"shop": list(range(50)), "sold": list(range(50))})

    def compute(rows):
        log("“x” was left out.", "warning")
        log(f"{rows.frame['sold'][0]} is odd.") if rows.frame["sold"][0] % 2 else None
        return [rows]

    _, said = repeated(compute, table=table)
    assert said[0] == "“x” was left out. (50 items)" and len(said) <= MOST_LINES + 2
    assert any("further lines of the items" in line for line in said)


def test_without_an_item_the_known_columns_are_given():
    head = Table(pl.DataFrame(schema={"out": pl.Int8}))
    failed = [ItemResult("a", failure=Failure("bad", "Bad."))]
    (known, unknown) = put_together(failed, SALES.head(1).select("shop"), {}, Repeated(head, ["one", "two"]), [head, None])
    assert dict(known.frame.schema) == {"shop": pl.String, "out": pl.Int8} and unknown.frame.columns == ["shop"]


def test_packed_tables_keep_types_and_roles():
    table = Table(pl.DataFrame({"c": pl.Series(["u"], dtype=pl.Categorical)}), {"c": ColumnRole(categorical=True)})
    result = ItemResult("a", figures={"said": []}, blob=lambda: packed([table]))
    (found,) = put_together([result], SALES.head(1).select("shop"), {"shop": ColumnRole("ignored")}, Repeated(table, ["one"]), [None])
    assert (
        dict(found.frame.schema) == {"shop": pl.String, "c": pl.Categorical}
        and found.is_categorical("c")
        and found.role("shop").role == "ignored"
    )
