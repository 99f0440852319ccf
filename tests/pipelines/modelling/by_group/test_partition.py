"""Groups of rows: their order, names, slices, and digests."""

import subprocess
import sys
from datetime import date, datetime

import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import LONGEST_KEY
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.by_group.partition import partition
from pipelines.modelling.parallel import Lines

ROWS = pl.DataFrame({"k": ["b", "a", None, "b", "a", "c"], "v": [1.0, 2.0, 3.0, 4.0, 5.0, None]})


def names(**columns):
    return partition(Table(pl.DataFrame(columns)), list(columns)).names


def test_groups_are_in_the_order_of_their_first_row_and_keep_the_order_of_their_rows():
    with reporting_to(lines := Lines()):
        parts = partition(Table(ROWS), ["k"])
    assert parts.names == ("b", "a", "(missing)", "c") and len(parts) == 4
    assert [parts.rows(place)["v"].to_list() for place in range(4)] == [[1, 4], [2, 5], [3], [None]]
    assert parts.order.tolist() == [0, 3, 1, 4, 2, 5] and parts.keys["k"].to_list() == ["b", "a", None, "c"]
    assert "group of their own" in lines.lines[0][0]


def test_names_are_values_of_any_type():
    assert names(a=["Zürich", "東京"], b=[1, 2]) == ("Zürich · 1", "東京 · 2")
    assert names(a=[1.0, 2.0, None]) == ("1", "2", "(missing)")
    assert names(a=[date(2024, 1, 31), date(2024, 2, 29)]) == ("2024-01-31", "2024-02-29")
    assert names(a=[datetime(2024, 1, 31, 12, 30)])[0].startswith("2024-01-31 12:30")
    assert names(a=[True, False]) == ("true", "false") and names(a=["", "x"]) == ("(empty)", "x")
    assert names(a=pl.Series(["u", "v"], dtype=pl.Categorical)) == ("u", "v")


def test_names_that_are_long_or_alike_end_with_a_hash():
    long = names(a=["x" * 300 + "1", "x" * 300 + "2", "y\0"])
    assert len(set(long)) == 3 and all(len(name) <= LONGEST_KEY and "\0" not in name for name in long)
    alike = names(a=["(missing)", None, "p · q", "p"], b=["z", "z", "r", "q · r"])
    assert len(set(alike)) == 4
    assert names(a=["x" * 300 + "2", "w"])[0] == long[1], "a name depends on its own values only"


def test_keys_that_differ_only_in_case_or_spaces_are_groups_of_their_own_and_are_told():
    with reporting_to(lines := Lines()):
        parts = partition(Table(pl.DataFrame({"k": ["Bern", "bern ", "BERN", "Lyon", "Bern"], "v": range(5)})), ["k"])
    assert parts.names == ("Bern", "bern ", "BERN", "Lyon") and parts.rows(0)["v"].to_list() == [0, 4]
    assert any("differ only in spaces or case" in line and "“BERN” and “Bern” and “bern ”" in line for line, *_ in lines.lines)


@pytest.mark.parametrize("values", [[1.5, 1.5, float("nan"), float("nan"), None, None], ["é", "é", "e\u0301", "é", "", None]])
def test_a_table_that_lies_group_by_group_is_not_copied_and_gives_the_same_groups(values):
    frame = pl.DataFrame({"k": values[:2] + values[2:], "v": range(len(values))})
    lying = partition(Table(frame.sort("k", maintain_order=True)), ["k"])
    mixed = partition(Table(frame.sort("k", maintain_order=True).with_columns(v="v")[::-1]), ["k"])
    assert lying.moved is None and lying.order.tolist() == list(range(len(values)))
    assert sorted(lying.names) == sorted(mixed.names) and len(lying) == frame["k"].n_unique()
    assert [lying.rows(place).height for place in range(len(lying))] == [mixed.rows(place).height for place in reversed(range(len(mixed)))]
    assert lying.frame["v"].to_physical().equals(frame.sort("k", maintain_order=True)["v"])


def test_one_group_and_none():
    assert partition(Table(ROWS.with_columns(k=pl.lit("one"))), ["k"]).names == ("one",)
    empty = partition(Table(ROWS.clear()), ["k"])
    assert len(empty) == 0 and empty.starts.tolist() == [0] and list(empty.digests(["v"])) == []


def test_a_digest_is_that_of_the_rows_of_the_group_alone():
    first = list(partition(Table(ROWS), ["k"]).digests(["v"]))
    changed = ROWS.with_columns(v=pl.when(pl.col("v") == 4).then(9.0).otherwise("v"))
    second = list(partition(Table(changed), ["k"]).digests(["v"]))
    assert [a == b for a, b in zip(first, second, strict=True)] == [False, True, True, True]
    moved = partition(Table(ROWS[[5, 1, 4, 0, 3, 2]]), ["k"])
    assert dict(zip(moved.names, moved.digests(["v"]), strict=True)) == dict(zip(("b", "a", "(missing)", "c"), first, strict=True))
    assert next(partition(Table(ROWS[[3, 0]]), ["k"]).digests(["v"])) != first[0], "the order of rows counts"


def test_a_digest_is_the_same_in_another_process():
    code = (
        "import polars as pl; from pipelines.catalogue.ports import Table; from pipelines.modelling.by_group.partition import partition\n"
        "f = pl.DataFrame({'k': ['b'] * 2, 't': ['x', None], 'v': [1.5, 2.5]}); print(next(partition(Table(f), ['k']).digests(['t', 'v'])))"
    )
    told = {subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(told) == 1


def test_categories_are_compared_by_their_text():
    one, two = (pl.Series(["a", "b", "a"], dtype=pl.Enum(order)) for order in (["a", "b"], ["b", "a"]))
    digests = [list(partition(Table(pl.DataFrame({"k": [1, 1, 1], "c": values})), ["k"]).digests(["c"])) for values in (one, two)]
    assert digests[0] == digests[1]


@pytest.mark.parametrize(("by", "code"), [([], "no_groups"), (["v"], "unusable_groups")])
def test_columns_that_name_no_groups_are_refused(by, code):
    with pytest.raises(ModuleError) as caught:
        partition(Table(pl.DataFrame({"v": [[1], [2]]})), by)
    assert caught.value.code == code
