"""Edit Metadata: change what columns are: type, categories, role and name."""

from __future__ import annotations

import csv
from typing import Annotated, Literal

import polars as pl

from pipelines.catalogue.columns import ALL
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.params import Columns, Titles, When
from pipelines.catalogue.ports import Table
from pipelines.modules.transform._casting import DataType, cast
from pipelines.modules.transform._lookalikes import tell_lookalikes


@module(
    "Edit Metadata", icon="tag", columns=PROBE, aliases=("rename", "cast", "convert type", "change type", "categorical", "label", "role")
)
def edit_metadata(
    table: Table,
    *,
    columns: Columns = ALL,
    type: DataType = "unchanged",
    datetime_format: Annotated[str, When("type", "datetime", "text")] = "",
    unreadable: Annotated[
        Literal["stop", "missing"],
        Titles(stop="Stop and say which", missing="Make it missing"),
        When("type", "integer", "number", "boolean", "datetime"),
    ] = "stop",
    categorical: Annotated[Literal["unchanged", "categorical", "not_categorical"], Titles(not_categorical="Not categorical")] = "unchanged",
    role: Literal["unchanged", "feature", "label", "score", "weight", "ignored"] = "unchanged",
    positive_class: Annotated[str, When("role", "score")] = "",
    new_names: str = "",
) -> Table:
    """Change the type, role or name of columns.

    A learner uses columns with the role feature, predicts the label, and looks at no ignored column. All columns start as features.
    Evaluate Model judges a column with the role score, of whatever origin, against the label.

    Args:
        table: The table whose columns to change.
        columns: The columns to change.
        type: What the values are turned into.
        datetime_format: How dates and times are written as text, such as %d.%m.%Y %H:%M; empty for the usual ways. Of 03/04/2024 the month
            comes first, unless a column can only be read with the day first; the log says what is unclear.
        unreadable: What to do with a value that cannot be turned into the type.
        categorical: Whether the values are names of categories, even where they are numbers.
        role: What the columns are for.
        positive_class: Of scores that are probabilities the class they speak of, such as 1 or yes; empty for predicted numbers.
        new_names: New names for the columns, separated by commas, in the order of the columns; empty keeps them. A name that has a comma stands in
            double quotes: "Height, cm", weight.

    Returns:
        The table with changed columns.
    """
    chosen = columns.ordered(table)
    if type != "unchanged":
        changed = [cast(table.frame[column], type, datetime_format, unreadable == "missing") for column in chosen]
        table = table.with_frame(table.frame.with_columns(changed))
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
    parts = next(csv.reader([new_names], skipinitialspace=True), [])
    names = [name.strip() for name in parts if name.strip()]
    if not names:
        return table
    if len(names) != len(chosen):
        raise ModuleError(
            "wrong_number_of_names",
            f"{len(chosen)} {'column is' if len(chosen) == 1 else 'columns are'} chosen, but "
            f"{len(names)} new {'name is' if len(names) == 1 else 'names are'} given.",
            param="new_names",
            remedy='Give one name for each column, separated by commas; put a name that has a comma in double quotes, such as "Height, cm".',
        )
    new = dict(zip(chosen, names, strict=True))
    after = [new.get(column, column) for column in table.frame.columns]
    if twice := next((name for name in after if after.count(name) > 1), None):
        raise ModuleError(
            "duplicate_column", f"Two columns would be called '{twice}'.", param="new_names", column=twice, remedy="Choose another name."
        )
    return Table(table.frame.rename(new), {new.get(column, column): role for column, role in table.roles.items()})
