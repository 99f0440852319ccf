"""Flaky: a step that fails a few times before it succeeds, as what lies behind a network does."""

from __future__ import annotations

from pathlib import Path

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame


@module("Flaky", columns=lambda table, **_: table)
def flaky(table: Frame, *, failures: int = 1, ledger: str = "") -> Frame:
    """Fail, then give the table on.

    Args:
        table: Any table.
        failures: How often it fails.
        ledger: A file that counts the tries.

    Returns:
        The same table.
    """
    if ledger:
        with Path(ledger).open("a") as file:
            file.write("try\n")
        if Path(ledger).read_text().count("try") <= failures:
            raise ModuleError("not_now", "It does not answer now.", transient=True)
    return table
