"""Fitted transformations: a name and JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipelines.catalogue.kind import FileKind, Loader
from pipelines.catalogue.ports import Transform


def _write(transform: Transform, file: Path) -> None:
    file.write_bytes(msgspec.json.encode({"name": transform.name, "state": transform.state}))


def _read(file: Path) -> Transform:
    return Transform(**msgspec.json.decode(file.read_bytes()))


KIND = FileKind[Transform](
    types=(Transform,),
    title="transformation",
    example="transform.normalize",
    icon="M2.75 1.25h6.5a1.5 1.5 0 0 1 1.5 1.5v6.5a1.5 1.5 0 0 1-1.5 1.5h-6.5a1.5 1.5 0 0 1-1.5-1.5v-6.5a1.5 1.5 0 0 1 1.5-1.5Z",
    colours=("oklch(0.56 0.12 60)", "oklch(0.8 0.12 70)"),
    fitted=True,
    applied_by="transform.apply_transformation",
    write=_write,
    read=_read,
    loader=Loader(
        id="data.load_transformation",
        title="Load Transformation",
        icon="transfer-in",
        when="To change new data as another pipeline changed its training rows.",
        goes_to="Apply Transformation, which does to new rows what was fitted on the training rows",
        aliases=("Transforms", "import transformation"),
    ),
)
