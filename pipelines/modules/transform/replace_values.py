"""Replace Values: replace values by other values or by missing ones."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.columns import ALL, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Multiline, Title, Titles
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._replacing import replaced, table_pairs, typed_pairs

ALIASES = ("Convert to Dataset", "Replace Discrete Values", "recode", "map values", "set to missing", "find and replace", "substitute")


@module("Replace Values", icon="replace", columns=PROBE, aliases=ALIASES, lineage=Lineage(rows="same", of=("table",)))
def replace_values(
    table: Table,
    mapping: Table | None = None,
    *,
    columns: Columns = ALL,
    pairs: Annotated[str, Title("Replacements"), Multiline()] = "? =>",
    match_case: bool = True,
    others: Annotated[
        Literal["keep", "missing"], Title("Other values"), Titles(keep="Keep", missing="Replace with missing values")
    ] = "keep",
) -> Table:
    """Replace values that match a whole cell, such as “?” with a missing value.

    Values are read as the type of each column, and the type is kept: in a numeric column, 1 and 1.0 are the same, and an old value that is not a
    number matches nothing. A new value that the type cannot hold is an error. All replacements happen at once, so two values can be swapped. The
    log shows how many values of each column were replaced, and which old values were not found.

    When to use:
        To correct spellings, to turn codes into words, or to mark a sign such as “?” as missing.

    Args:
        table: The table with the values.
        mapping: A table with the old values in its first column and the new values in its second one. If connected, the list of replacements is not used.
        columns: The columns in which to replace values.
        pairs: One replacement per line: old => new. Nothing after the arrow is a missing value; nothing before it replaces missing values. Double
            quotes keep spaces around a value.
        match_case: Whether texts are compared case-sensitively.
        others: What to do with all other values of these columns.

    Returns:
        The table with the new values.

    Example:
        columns: ["make"]
        pairs: "alfa-romero => alfa-romeo"
    """
    wanted = typed_pairs(pairs) if mapping is None else table_pairs(mapping.frame)
    able = [column for column in columns.pick(table) if _can_hold(table, column, columns.named())]
    results = {column: replaced(table.frame[column], wanted, match_case, others == "keep") for column in able}
    met = {old for result in results.values() for old in result.met}
    if counts := [f"“{column}” ({result.count:,})" for column, result in results.items() if result.count]:
        more = f" and {len(counts) - 20} more columns" if len(counts) > 20 else ""
        log(f"Replaced values: {', '.join(counts[:20])}{more}.")
    if table.frame.height and (absent := [old or "a missing value" for old in wanted if old not in met]):
        log(f"Not found: {listed(absent)}.", "warning")
    return table.with_frame(table.frame.with_columns(result.values for result in results.values()))


def _can_hold(table: Table, column: str, named: list[str]) -> bool:
    if kind_of(table.frame[column].dtype) != "other":
        return True
    if column not in named:
        return False
    raise ModuleError(
        "wrong_type",
        f"“{column}” has type {table.frame[column].dtype}, whose values cannot be replaced.",
        column=column,
        param="columns",
        port="table",
        remedy="Select columns of numbers, texts, dates or booleans.",
    )
