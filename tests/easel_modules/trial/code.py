"""Code: whatever Python a test wants to see carried out in a closed place."""

from __future__ import annotations

from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame


@module("Code", runs_code=True, columns=lambda table, **_: table)
def code(table: Frame, *, text: str = "") -> Frame:
    """Run Python, then give the table on.

    Args:
        table: Any table.
        text: The Python; it sees the table.

    Returns:
        What the code calls `table` at its end.
    """
    seen = {"table": table}
    exec(text, seen)
    return seen["table"]
