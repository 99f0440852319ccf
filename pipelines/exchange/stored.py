"""Models as Easel stores them, looked at without loading them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.kind import FileKind, kinds
from pipelines.serving.signature import Signature

KIND = "model"  # the port kind of trained models
DTYPE = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|String|Boolean|Date|Time|Datetime\([^()]*\)")
LONGEST_NAME, MOST_FACTS = 200, 4 * 1024**2  # characters of a name, bytes of all facts as JSON


def checked_facts(file: Path) -> dict[str, Any]:
    """Return the facts of a stored model, whose types are checked.

    Raises:
        ModuleError: `broken_output` when the file is no model, `untrusted_type` when it has types that are not allowed.
    """
    kind = kinds()[KIND]
    assert isinstance(kind, FileKind) and kind.check
    try:
        kind.check(file)
        return dict(kind.about(file))
    except ModuleError:
        raise
    except Exception as wrong:  # of a file that is not what the process said
        raise broken() from wrong


def check_signature(signature: Signature, facts: dict[str, Any]) -> None:
    """Check that a signature that an isolated process gave is that of a model, and that both are of a size that can be shown.

    Raises:
        ModuleError: `broken_output`.
    """
    names, columns = [name for name, _ in facts["features"]], (*signature.inputs, *signature.outputs)
    of_model = [column.name for column in signature.inputs] == names and all(DTYPE.fullmatch(column.dtype) for column in columns)
    if not of_model or len(facts["name"]) > LONGEST_NAME or len(msgspec.json.encode([facts, signature])) > MOST_FACTS:
        raise broken()


def broken() -> ModuleError:
    """Return the refusal of what an isolated process gave."""
    words = "The isolated process gave something that is no model, or one with more inputs and names than can be shown."
    return ModuleError("broken_output", words, remedy="Use a smaller model, or another format.")
