"""What a script returns, told apart: tables, models, and what the report shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.lineage import Lineage
from pipelines.catalogue.ports import Model, Table
from pipelines.modules.script._models import bare, checked, is_estimator
from pipelines.modules.script._showing import Shown
from pipelines.modules.script._tables import ACCEPTED, frame_of, is_table

MOST_TABLES = 4


def sort_returned(returned: Any, given: Model | None, arrived: Sequence[Table], shown: Shown) -> tuple[list[pl.DataFrame], list[Model]]:
    """The tables and the model that a script returned, at most four and one; what is neither goes to the report.

    Args:
        returned: What the script's function returned.
        given: The connected model, which is known to be usable.
        arrived: The connected tables.
        shown: Takes what the report shows.

    Raises:
        ModuleError: `wrong_return`, for anything else.
    """
    frames, models = [], []
    for value in returned if isinstance(returned, tuple | list) else (returned,):
        if is_table(value):
            frames.append(frame_of(value, arrived))
        elif isinstance(value, Model):
            models.append(value if value is given else checked(value))
        elif is_estimator(value):
            raise bare(value)
        elif not (shown.add(value) or (value is None and (models or not shown.is_empty))):
            raise _wrong("nothing" if value is None else f"a value of type {type(value).__name__}")
    if len(frames) > MOST_TABLES or (not frames and not models and shown.is_empty):
        raise _wrong(f"{len(frames)} tables")
    if len(models) > 1:
        raise _wrong(f"{len(models)} models")
    return frames, models


EACH_ROW = Lineage(
    rows=lambda settings: "same" if settings["each_row"] else None,
    of=lambda settings: ("first",) if settings["each_row"] else None,
    serves=lambda settings: "each" if settings["each_row"] else None,
)  # of a script with the setting “Each row by itself”


def check_rows(first: Table | None, frames: Sequence[pl.DataFrame]) -> None:
    """Check that a script that computes each row by itself returned a row for each.

    Raises:
        ModuleError: `not_each_row`.
    """
    rows = first.frame.height if first else 0
    for height in (frame.height for frame in frames if frame.height != rows):
        raise ModuleError(
            "not_each_row",
            f"The script computes each row by itself, as its settings say, but of {rows:,} rows it made a table of {height:,}.",
            param="each_row",
            remedy="Return a row for each row of the first table, in the same order, or switch “Each row by itself” off.",
        )


def _wrong(what: str) -> ModuleError:
    return ModuleError("wrong_return", f"main returned {what}.", param="code", remedy=ACCEPTED)
