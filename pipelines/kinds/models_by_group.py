"""A model for each group of rows, as one value: a table of the groups, and the models one after the other, each read when it is asked for."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import msgspec
import polars as pl

from pipelines.catalogue.kind import Download, FileKind, Loader
from pipelines.catalogue.ports import Model, Report
from pipelines.kinds._stored_models import check_stored, model_of

ABOUT, KEYS, FACTS, MODELS = "easel.json", "keys.arrow", "facts.arrow", "models.bin"
GROUP, BYTES = "group", "bytes"  # columns of the facts: the name of a group, the length of its model
LOCAL_HEADER = 30  # bytes, before the name of a member


def _no_blob(_: int) -> bytes:
    return b""


@dataclass(frozen=True)
class Lags:
    """That models are sums of earlier values: their facts have the columns `coefficients`, the constant first, and `latest`, the last values in time."""

    time: str
    back: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ModelsByGroup:
    """A model for each group of rows.

    Args:
        name: The learner.
        task: The id of the task that it was trained for.
        label: The column that the models predict.
        by: The columns whose values are the groups.
        keys: The values of these columns, a row for each group that has a model.
        facts: Of each group its name, rows, figures, a fingerprint of its rows, and the length of its model in bytes.
        blob: Returns the stored model of a group, by its place.
        settings: The settings of the learner.
        lags: Set where models are sums of earlier values; they have no blobs then.
        report: What the training found.
    """

    name: str
    task: str
    label: str
    by: tuple[str, ...]
    keys: pl.DataFrame = field(default_factory=pl.DataFrame)
    facts: pl.DataFrame = field(default_factory=pl.DataFrame)
    blob: Callable[[int], bytes] = _no_blob
    settings: Mapping[str, Any] = field(default_factory=dict)
    lags: Lags | None = None
    report: Report | None = None

    def model(self, place: int) -> Model:
        """Return the model of a group.

        Raises:
            UntrustedType: When the stored model is none, or contains a type that is not allowed.
        """
        return model_of(self.blob(place), self.name, self.task, self.label)


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of the models beside their table."""

    name: str
    task: str
    label: str
    by: tuple[str, ...]
    settings: dict[str, Any]
    lags: tuple[str, tuple[int, ...]] | None


@dataclass(frozen=True)
class _Stored:
    """The models of a file, which is mapped into memory: it may be deleted meanwhile."""

    mapped: mmap.mmap
    starts: tuple[int, ...]

    def __call__(self, place: int) -> bytes:
        return self.mapped[self.starts[place] : self.starts[place + 1]]


def _write(models: ModelsByGroup, file: Path) -> None:
    """Write an archive, model by model; equal values give equal bytes."""
    lags = None if models.lags is None else (models.lags.time, models.lags.back)
    about = About(models.name, models.task, models.label, models.by, dict(models.settings), lags)
    with ZipFile(file, "w", ZIP_STORED) as archive:
        archive.writestr(ZipInfo(ABOUT), msgspec.json.encode(about))
        for name, frame in ((KEYS, models.keys), (FACTS, models.facts)):
            archive.writestr(ZipInfo(name), frame.write_ipc(None, compression="zstd").getvalue())
        with archive.open(ZipInfo(MODELS), "w", force_zip64=True) as opened:
            for place in range(0 if models.lags else models.keys.height):
                opened.write(models.blob(place))


def _read(file: Path) -> ModelsByGroup:
    """Read an archive that anybody may have made; its models are read when they are asked for.

    Raises:
        ValueError: When the parts do not belong together.
    """
    with ZipFile(file) as archive:
        about = msgspec.json.decode(archive.read(ABOUT), type=About)
        keys, facts = (pl.read_ipc(BytesIO(archive.read(name))) for name in (KEYS, FACTS))
        member = archive.getinfo(MODELS)
    lengths = facts[BYTES].to_list() if BYTES in facts.columns else []
    if keys.height != facts.height or sum(lengths) != member.file_size or member.compress_type != ZIP_STORED:
        raise ValueError(f"{file.name} does not hold models by group: its parts do not belong together")
    with file.open("rb") as opened:  # the models lie behind a header, whose length the directory does not say
        opened.seek(member.header_offset)
        header = opened.read(LOCAL_HEADER)
        mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    start = member.header_offset + LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    lags = None if about.lags is None else Lags(*about.lags)
    stored = _Stored(mapped, tuple(accumulate(lengths, initial=start)))
    return ModelsByGroup(about.name, about.task, about.label, about.by, keys, facts, stored, about.settings, lags)


def _check(file: Path) -> None:
    """Check that all models have allowed types only, without loading them.

    Raises:
        ModuleError: `untrusted_type`, which lists the other types.
    """
    models = _read(file)
    for place in range(0 if models.lags else models.keys.height):
        check_stored(models.blob(place))


KIND = FileKind[ModelsByGroup](
    types=(ModelsByGroup,),
    title="set of models by group",
    example="training.train_model_by_group",
    icon="M3.2 0.6 5.8 3.2 3.2 5.8 0.6 3.2ZM8.8 0.6 11.4 3.2 8.8 5.8 6.2 3.2ZM6 6.2 8.6 8.8 6 11.4 3.4 8.8Z",
    colours=("oklch(0.52 0.15 310)", "oklch(0.77 0.12 310)"),
    output="models",
    downloads={"zip": Download("Models by group (Arrow and skops)", "application/zip")},
    write=_write,
    read=_read,
    report=lambda models: models.report,
    check=_check,
    loader=Loader(
        id="data.load_models_by_group",
        title="Load Models by Group",
        icon="box-multiple",
        when="To score new data with the models that another pipeline trained, one for each group.",
        goes_to="Score Model by Group, which needs the columns of the groups and those that the models were trained with",
        aliases=("many models", "saved models"),
    ),
)
