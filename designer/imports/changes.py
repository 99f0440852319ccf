"""What differs between the columns of two versions of a dataset, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.catalogue.phrases import counted, listed

MOST_TYPES = 5


def changed_columns(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which columns are new, gone, of another type, or in another order. A renamed one is gone, and new.

    Args:
        before: The columns of the earlier version, each with `name` and `dtype`.
        after: Those of the later one.
    """
    old, new = ({column["name"]: column["dtype"] for column in each} for each in (before, after))
    found = []
    if added := [name for name in new if name not in old]:
        found.append(f"{counted(len(added), 'new column')}: {listed(added)}.")
    if gone := [name for name in old if name not in new]:
        found.append(f"{counted(len(gone), 'column is', 'columns are')} gone: {listed(gone)}.")
    typed = [f"“{name}” was {old[name]}, is {new[name]}" for name in new if name in old and old[name] != new[name]]
    if typed:
        more = f"; {len(typed) - MOST_TYPES} more" if len(typed) > MOST_TYPES else ""
        found.append(f"{counted(len(typed), 'column has', 'columns have')} another type: {'; '.join(typed[:MOST_TYPES])}{more}.")
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found.append("The columns are in another order.")
    return found
