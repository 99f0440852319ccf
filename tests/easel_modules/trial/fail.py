"""Fail: a step that goes wrong in a way of your choice."""

from __future__ import annotations

import os
import signal
from typing import Literal

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame


@module("Fail", columns=lambda table, **_: table)
def fail(table: Frame, *, how: Literal["sentence", "stray", "die"] = "sentence") -> Frame:
    """Go wrong.

    Args:
        table: Any table.
        how: With a sentence, with a stray exception, or by the death of the process.

    Returns:
        Nothing, ever.
    """
    if how == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "stray":
        raise ZeroDivisionError("stray")
    raise ModuleError("told_to_fail", "The step was told to fail.", port="table", remedy="Choose another module.")
