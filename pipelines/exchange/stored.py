"""Models as Easel stores them, looked at without loading them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.kind import FileKind, kinds

KIND = "model"  # the port kind of trained models


def checked_facts(file: Path) -> dict[str, Any]:
    """Return the facts of a stored model, whose types are checked.

    Raises:
        ModuleError: `broken_output` when the file is no model, `untrusted_type` when it has types that are not allowed.
    """
    kind = kinds()[KIND]
    assert isinstance(kind, FileKind) and kind.check and kind.about
    try:
        kind.check(file)
        return dict(kind.about(file))
    except ModuleError:
        raise
    except Exception as wrong:  # of a file that is not what the process said
        words = "The isolated process gave something that is no model."
        raise ModuleError("broken_output", words, remedy="Import a model of another format.") from wrong
