"""Edit Metadata: change what columns are: type, categories, role and name."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Title, Titles, When
from pipelines.catalogue.ports import Table
from pipelines.modelling.lookalikes import tell_lookalikes
from pipelines.modelling.parallel import parallel_map
from pipelines.modules.transform._casting import DataType, cast
from pipelines.modules.transform._naming import separated

ROWS = Lineage(
    rows="same",
    derives=lambda given, table: {
        new: [(0, old)] for old, new in zip(given["columns"].ordered(table), separated(given["new_names"]), strict=False)
    },
)
ALIASES = ("rename", "cast", "convert type", "change type", "categorical", "label", "role")


@module("Edit Metadata", icon="tag", columns=PROBE, aliases=ALIASES, lineage=ROWS)
def edit_metadata(
    table: Table,
    *,
    columns: Columns = ALL,
    type: DataType = "unchanged",
    datetime_format: Annotated[str, When("type", "datetime", "text")] = "",
    unreadable: Annotated[
        Literal["stop", "missing"],
        Title("If conversion fails"),
        Titles(stop="Stop with an error", missing="Replace with missing"),
        When("type", "integer", "number", "boolean", "datetime"),
    ] = "stop",
    categorical: Annotated[Literal["unchanged", "categorical", "not_categorical"], Titles(not_categorical="Not categorical")] = "unchanged",
    role: Literal["unchanged", "feature", "label", "score", "weight", "ignored"] = "unchanged",
    positive_class: Annotated[str, When("role", "score")] = "",
    new_names: str = "",
) -> Table:
    """Change the type, role or name of columns.

    Models learn from columns with the role feature, predict the label and skip ignored columns. All columns start as features. Evaluate Model
    compares a column with the role score with the label, whatever produced it.

    When to use:
        When an upload got a type wrong, or to say which column is the label, the weight or to be ignored.

    Args:
        table: The table whose columns to change.
        columns: The columns to change.
        type: The new type of the values.
        datetime_format: The text format of dates and times, such as %d.%m.%Y %H:%M; if empty, common formats are detected. 03/04/2024 is read month
            first, unless the column can only be read day first; the log reports ambiguous columns.
        unreadable: What to do with a value that cannot be converted.
        categorical: Whether to treat the values as categories, even if they are numbers.
        role: The role of the columns.
        positive_class: For scores that are probabilities, the class they refer to, such as 1 or yes; empty for predicted numbers.
        new_names: The new column names, separated by commas, in the order of the columns; if empty, names do not change. Put a name that contains a
            comma in double quotes: "Height, cm", weight.

    Returns:
        The table with the changed columns.

    Example:
        columns: ["num-of-doors"]
        categorical: "categorical"
    """
    chosen = columns.ordered(table)
    if type != "unchanged":
        frame = table.frame
        changed = parallel_map(lambda column: cast(frame[column], type, datetime_format, unreadable == "missing"), chosen, frame.height)
        table = table.with_frame(frame.with_columns(changed))
    for column in chosen:
        table = _marked(table, column, categorical, role, positive_class)
        if role == "label" or categorical == "categorical":
            tell_lookalikes(table.frame[column])
    return _renamed(table, chosen, new_names)


def _marked(table: Table, column: str, categorical: str, role: str, positive: str) -> Table:
    if categorical == "categorical":
        table = table.with_role(column, categorical=True)
    elif categorical == "not_categorical":
        if table.frame.schema[column] in (pl.Categorical, pl.Enum):
            table = table.with_frame(table.frame.with_columns(pl.col(column).cast(pl.String)))
        table = table.with_role(column, categorical=False)
    if role == "unchanged":
        return table
    return table.with_role(column, role=role, positive=positive or None if role == "score" else None, model=None, task=None)


def _renamed(table: Table, chosen: list[str], new_names: str) -> Table:
    names = separated(new_names)
    if not names:
        return table
    if len(names) != len(chosen):
        raise ModuleError(
            "wrong_number_of_names",
            f"{len(chosen)} {'column is' if len(chosen) == 1 else 'columns are'} selected, but "
            f"{len(names)} new {'name is' if len(names) == 1 else 'names are'} given.",
            param="new_names",
            remedy='Enter one name for each column, separated by commas; put a name that contains a comma in double quotes, such as "Height, cm".',
        )
    new = dict(zip(chosen, names, strict=True))
    after = [new.get(column, column) for column in table.frame.columns]
    if twice := next((name for name in after if after.count(name) > 1), None):
        raise ModuleError(
            "duplicate_column", f"Two columns would be named “{twice}”.", param="new_names", column=twice, remedy="Enter another name."
        )
    return Table(table.frame.rename(new), {new.get(column, column): role for column, role in table.roles.items()})
