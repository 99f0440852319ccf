"""The sample datasets of Easel: files beside this one, described by their README."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError

from designer.datasets.ingest import file_digest, store_table
from designer.datasets.models import SAMPLES, Dataset, DatasetVersion
from designer.datasets.parsing.parse import Options, parse
from designer.datasets.services import append_version, make
from pipelines import flow

log = logging.getLogger(__name__)
FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    """A file of the folder, and its description in the README."""

    file: Path
    what: str
    source: str

    @property
    def name(self) -> str:
        """The name in graphs."""
        return self.file.stem

    @property
    def title(self) -> str:
        """The display name."""
        return self.name.replace("_", " ").capitalize()


def described(folder: Path = FOLDER) -> Iterator[Sample]:
    """The samples of a folder: one per row in the table of its README."""
    for line in (folder / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and (file := folder / cells[0]).is_file():
            yield Sample(file, cells[2], cells[3])


def ensure_samples(folder: Path = FOLDER) -> int:
    """Register and store every sample; returns how many were parsed. Safe at every start, and from several processes."""
    newest = {version.dataset.name: version for version in _versions()}
    read = 0
    for sample in described(folder):
        version, digest = newest.get(sample.name), file_digest(sample.file)
        if version is None or version.file_digest != digest or not flow.store(SAMPLES).has(version.digest):
            _register(sample, version)
            read += 1
    return read


def _versions() -> list[DatasetVersion]:
    """The samples' versions, oldest first, so that the newest of a name comes last."""
    return list(DatasetVersion.objects.filter(dataset__workspace=None).select_related("dataset").order_by("number"))


def _read_here(file: Path, format_: str, out: Path, options: Options) -> dict[str, Any]:
    """Our own files need no child process, whose start takes longer than the parsing."""
    return parse(file, format_, out, options=options).as_json()


def _register(sample: Sample, version: DatasetVersion | None) -> None:
    stored = store_table(SAMPLES, sample.file, sample.file.name, _read_here)
    if version is not None:
        if version.digest != stored.digest:
            append_version(version.dataset, stored, None)
        return
    if Dataset.objects.filter(workspace=None, name=sample.name).exists():
        return  # another process registered it first
    try:
        make(None, sample.name, sample.title, f"{sample.what[:1].upper()}{sample.what[1:]}. {sample.source}"[:500], stored, None)
    except IntegrityError:
        log.info("sample %s was registered by another process", sample.name)
