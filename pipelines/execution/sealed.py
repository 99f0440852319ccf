"""Values that are loaded in a sandbox only: models that user code made, and imported ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.catalogue.isolation import trusts_scripts
from pipelines.catalogue.kind import FileKind, kinds
from pipelines.execution.output import Output


@dataclass(frozen=True, eq=False)
class Sealed:
    """A stored value that is not loaded here: its record, its file, and what its kind tells without loading it."""

    output: Output
    data: bytes
    about: Mapping[str, Any]

    @property
    def label(self) -> str:
        """Return the label that a model predicts; empty for other values."""
        return str(self.about.get("label", ""))

    @property
    def features(self) -> Sequence[tuple[str, str]]:
        """Return the features of a model as its name and kind; none for other values."""
        return [(str(name), str(kind)) for name, kind in self.about.get("features", ())]


def is_sealed(output: Output) -> bool:
    """Return whether a value may not be loaded in this process."""
    return output.by_code and not trusts_scripts()


def sealed(output: Output, file: Path) -> Sealed:
    """Return a stored value without loading it.

    Raises:
        ModuleError: When its file is none of its kind.
    """
    kind = kinds()[output.kind]
    assert isinstance(kind, FileKind)
    return Sealed(output, file.read_bytes(), kind.about(file))
