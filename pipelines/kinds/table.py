"""Tables. The engine stores them itself (`pipelines/execution/codecs.py`): their columns and roles are in their records."""

from __future__ import annotations

from pathlib import Path

from pipelines.catalogue.kind import Download, PortKind, Writer
from pipelines.catalogue.ports import Frame, Lazy, Query, Table
from pipelines.catalogue.preprocessing import Preprocessing
from pipelines.catalogue.repeated import Repeated
from pipelines.preview.export import FORMATS, export

TITLES = {"csv": "CSV", "parquet": "Parquet", "xlsx": "Excel (XLSX)"}


def _writer(as_: str) -> Writer[Table]:
    def write(table: Table, file: Path, /, *, raw: bool) -> None:
        export(table.frame, as_, file, raw=raw)

    return write


KIND = PortKind[Table](
    types=(Lazy, Frame, Query, Table, Preprocessing, Repeated),
    title="table",
    example="data.dataset",
    icon="M1 6a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
    colours=("oklch(0.53 0.085 235)", "oklch(0.77 0.085 235)"),
    downloads={as_: Download(TITLES[as_], media_type, _writer(as_)) for as_, media_type in FORMATS.items()},
)
