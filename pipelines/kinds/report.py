"""Reports: the result of an evaluation, as JSON."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipelines.catalogue.kind import FileKind
from pipelines.catalogue.ports import Report


def _write(report: Report, file: Path) -> None:
    file.write_bytes(msgspec.json.encode({"title": report.title, "blocks": report.blocks, "metrics": report.metrics}))


def _read(file: Path) -> Report:
    return Report(**msgspec.json.decode(file.read_bytes()))


KIND = FileKind[Report](
    types=(Report,),
    title="report",
    icon="M1.5 11V5h2.6v6Zm3.2 0V1h2.6v10Zm3.2 0V7h2.6v4Z",
    colours=("oklch(0.51 0.095 170)", "oklch(0.79 0.1 170)"),
    write=_write,
    read=_read,
    report=lambda report: report,
)
