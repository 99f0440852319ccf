"""Replace Values: put other values, or missing ones, in the place of values."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.columns import ALL, kind_of
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Multiline, Titles
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.modules.transform._replacing import replaced, table_pairs, typed_pairs

ALIASES = ("Convert to Dataset", "Replace Discrete Values", "recode", "map values", "set to missing", "find and replace", "substitute")


@module("Replace Values", icon="replace", columns=PROBE, aliases=ALIASES)
def replace_values(
    table: Table,
    mapping: Table | None = None,
    *,
    columns: Columns = ALL,
    pairs: Annotated[str, Multiline()] = "? =>",
    match_case: bool = True,
    others: Annotated[Literal["keep", "missing"], Titles(keep="Keep them", missing="Make them missing")] = "keep",
) -> Table:
    """Put other values in the place of certain values, such as a missing value for every "?".

    A value is replaced where the whole cell is the old value. Values are read as each column's own type, which stays: in a column of numbers, 1 and 1.0
    are the same, and an old value that is no number is not there. A new value that is none of the column's type is an error. All pairs are replaced at
    once, so two values can be swapped. The log says how many values of each column were replaced, and which old values were nowhere.

    Args:
        table: The table with the values.
        mapping: A table of values: the first column holds old values, the second one new values. It takes the place of the pairs.
        columns: The columns whose values to replace.
        pairs: One pair in a line, such as: old => new. Nothing after the arrow stands for a missing value, and nothing before it replaces missing values;
            double quotes keep spaces around a value.
        match_case: Whether capital and small letters differ in texts.
        others: What happens to all other values of these columns.

    Returns:
        The table with the new values.
    """
    wanted = typed_pairs(pairs) if mapping is None else table_pairs(mapping.frame)
    able = [column for column in columns.pick(table) if _can_hold(table, column, columns.named())]
    results = {column: replaced(table.frame[column], wanted, match_case, others == "keep") for column in able}
    met = {old for result in results.values() for old in result.met}
    if counts := [f"'{column}' ({result.count:,})" for column, result in results.items() if result.count]:
        more = f" and {len(counts) - 20} more columns" if len(counts) > 20 else ""
        log(f"Values were replaced: {', '.join(counts[:20])}{more}.")
    if table.frame.height and (absent := [old or "a missing value" for old in wanted if old not in met]):
        log(f"Not found in these columns: {listed(absent)}.", "warning")
    return table.with_frame(table.frame.with_columns(result.values for result in results.values()))


def _can_hold(table: Table, column: str, named: list[str]) -> bool:
    if kind_of(table.frame[column].dtype) != "other":
        return True
    if column not in named:
        return False
    raise ModuleError(
        "wrong_type",
        f"'{column}' holds {table.frame[column].dtype} values, which are not replaced.",
        column=column,
        param="columns",
        port="table",
        remedy="Choose columns of numbers, texts, dates or booleans.",
    )
