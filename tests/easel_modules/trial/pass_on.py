"""Pass On: a step that does nothing."""

from __future__ import annotations

from pipelines.catalogue.module import PROBE, module
from pipelines.catalogue.ports import Frame


@module("Pass On", columns=PROBE)
def pass_on(table: Frame, *, mark: int = 0) -> Frame:
    """Give the table on as it is.

    Args:
        table: Any table.
        mark: A number that makes two such steps differ.

    Returns:
        The same table.
    """
    return table
