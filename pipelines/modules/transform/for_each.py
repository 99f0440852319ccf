"""For Each: repeat a sub-pipeline for each group of rows, or for each row."""

from __future__ import annotations

from math import floor
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl

from pipelines.catalogue.fan_out import fan_out, require_few
from pipelines.catalogue.items import Item, Value
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Range, Title, Titles, When
from pipelines.catalogue.ports import Table
from pipelines.catalogue.repeated import GIVEN, Repeated, keys_of
from pipelines.catalogue.reporting import reporting_to
from pipelines.modelling.by_group.partition import Partition, partition
from pipelines.modelling.parallel import Lines
from pipelines.modules.transform._for_each import failures_table, heard, packed, put_together, row_items


class ForEach(NamedTuple):
    """What comes of it.

    Args:
        rows: For the modules to repeat: the rows of one item. Elsewhere: all rows.
        failures: A row for each item that failed: its name, the code of the problem, what was wrong, and the remedy.
    """

    rows: Table
    failures: Table


@module(
    "For Each",
    columns=PROBE,
    icon="repeat",
    aliases=("loop", "map", "repeat", "iterate", "group by", "foreach", "partition", "sub-pipeline"),
    lineage=Lineage(rows="same", of=("table",), fits=False),
)
def for_each(
    table: Repeated,
    *,
    each: Annotated[Literal["group", "row"], Titles(group="Group of rows", row="Row"), Title("For each")] = "group",
    groups: Annotated[Columns | None, Title("Columns of the groups"), When("each", "group")],
    failures: Annotated[
        Literal["none", "number", "share", "all"],
        Titles(none="None: stop at the first", number="A number of them", share="A share of them", all="All: never stop"),
        Title("Items that may fail"),
    ] = "none",
    failed_number: Annotated[int, Title("How many may fail"), Range(0), When("failures", "number")] = 1,
    failed_share: Annotated[float, Title("Share that may fail (%)"), Range(0, 100), When("failures", "share")] = 5.0,
) -> ForEach:
    """Repeat the sub-pipeline that this module is in for each group of rows, or for each row.

    Connect the rows output to the modules to repeat, and fold them together with this module into a sub-pipeline. Modules of the sub-pipeline that read
    the rows, directly or through others, are executed for each item. All else that they read is given to each item as it is.

    What leaves the sub-pipeline is the tables of all items under each other, in the order of the table, with the columns of the groups first; a column of
    the same name is replaced. For each row, that is its number. Of a report, the figures become a table. Trained models become models by group, for Score
    Model by Group: what prepares rows inside is no part of a model, so give it rows that are prepared alike. Other results can be used inside only.

    Rows with the same values in the columns of groups are a group; a missing value is a group of its own. The modules get all columns of the rows.

    Items are executed side by side, and kept one by one: a run that was stopped goes on with the missing ones, failed items are executed again alone, and an
    item whose rows have not changed is not executed again. An item that fails has no rows in the results, and a row in the failures. A table without rows
    gives tables without rows.

    When to use:
        When the same steps should treat each part of a table by itself, such as each shop, each machine or each file of a list.

    Args:
        table: The rows of all items.
        each: What an item is.
        groups: The columns whose values are the groups.
        failures: How many items may fail before the step fails.
        failed_number: If more items fail than this, the step fails.
        failed_share: If more items fail than this share of them, the step fails.

    Example:
        none: Select modules on the canvas together with this one, and fold them into a sub-pipeline.
    """
    keys_head = keys_of(table.rows, {"each": each, "groups": groups})
    if each == "row":
        require_few(table.rows.frame.height, "rows")
        parts = row_items(table.rows)
    else:
        parts = partition(table.rows, groups.pick(table.rows) if groups else [])
    items = _items(parts, table.rows)
    noun = "rows" if each == "row" else "groups"

    def computed(item: Item) -> Value:
        rows, said = table.rows.with_frame(parts.rows(item.payload)), Lines()
        with reporting_to(said):
            tables = table.compute(rows)
        return Value({"rows": rows.frame.height, "said": heard(said)}, packed(tables))

    may_fail = {"none": 0, "number": failed_number, "share": floor(len(items) * failed_share / 100), "all": None}[failures]
    results = fan_out(items, computed, noun=noun, may_fail=may_fail) if table.outputs else []
    heads = table.heads(table.rows.with_frame(table.rows.frame.clear()))
    gathered = put_together(results, parts.keys, keys_head.roles, table, heads)
    return ForEach(table.rows, failures_table(results)) if not gathered else (table.rows, failures_table(results), *gathered)  # type: ignore[return-value]


def _items(parts: Partition, table: Table) -> list[Item]:
    """Return an item for each part. Its content is its rows, with the types and roles of the columns; beside it counts what each item is given."""
    columns: list[Any] = [[name, str(dtype), repr(table.role(name))] for name, dtype in table.frame.schema.items()]
    digests = parts.digests(table.frame.columns)
    content = [pl.__version__, columns]
    return [Item(name, [*content, digest], (GIVEN,), at) for at, (name, digest) in enumerate(zip(parts.names, digests, strict=True))]
