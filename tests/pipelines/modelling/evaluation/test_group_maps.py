"""The map of groups by two columns, and the figure by the number of rows."""

import polars as pl

from pipelines.modelling.evaluation.group_maps import MOST_ACROSS, MOST_DOWN, REST, maps
from pipelines.modelling.task import Metric

ERROR = Metric("mae", "MAE", "low")


def grid(down, across):
    keys = pl.DataFrame(
        {"store": [a for a in range(down) for _ in range(across)], "brand": [f"b{b}" for _ in range(down) for b in range(across)]}
    )
    return keys, [a + b / 100 for a in range(down) for b in range(across)]


def shown(keys, values, metric=ERROR, rows=None):
    return {block["role"]: block for block in maps(keys, values, rows or [10 + place for place in range(keys.height)], metric)}


def test_a_cell_holds_the_figure_of_its_group_and_the_worst_values_come_first():
    keys, values = grid(3, 2)
    block = shown(keys, [*values[:-1], None])["groups_map"]
    cells = {(cell["down"], cell["across"]): cell["value"] for cell in block["spec"]["data"]["values"]}
    assert cells == {("0", "b0"): 0.0, ("0", "b1"): 0.01, ("1", "b0"): 1.0, ("1", "b1"): 1.01, ("2", "b0"): 2.0}
    assert block["spec"]["encoding"]["y"]["sort"] == ["2", "1", "0"]


def test_of_many_values_the_worst_are_shown_and_the_mean_of_the_others():
    keys, values = grid(70, 50)
    block = shown(keys, values)["groups_map"]
    axes = block["spec"]["encoding"]
    assert (len(axes["y"]["sort"]), len(axes["x"]["sort"])) == (MOST_DOWN, MOST_ACROSS)
    assert axes["y"]["sort"][:2] == ["69", "68"] and axes["y"]["sort"][-1] == REST
    corner = next(cell for cell in block["spec"]["data"]["values"] if (cell["down"], cell["across"]) == (REST, REST))
    assert corner["groups"] == 11 * 11 and corner["value"] == 5 + 0.05
    assert "Of 70 values of “store” the 59 worst are shown" in block["description"]


def test_of_a_figure_that_is_better_high_the_lowest_is_the_worst():
    keys, values = grid(3, 2)
    encoding = shown(keys, values, Metric("r2", "R²", "high"))["groups_map"]["spec"]["encoding"]
    assert encoding["y"]["sort"] == ["0", "1", "2"] and encoding["opacity"]["scale"]["range"] == [0.9, 0.06]


def test_one_column_of_groups_has_the_figure_by_rows_only_and_equal_groups_have_neither():
    keys, values = grid(5, 1)
    blocks = shown(keys, values)
    assert list(blocks) == ["groups_by_rows"] and len(blocks["groups_by_rows"]["spec"]["data"]["values"]) == 5
    assert not shown(keys, values, rows=[7] * 5)
    assert not shown(keys, [None] * 5)
