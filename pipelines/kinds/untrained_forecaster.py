"""Untrained forecasters: methods of forecasting with their settings; of a regression on lags with its untrained regressor."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile, ZipInfo

import msgspec

from pipelines.catalogue.kind import Download, FileKind
from pipelines.catalogue.ports import UntrainedModel
from pipelines.kinds.model import UntrustedType, check_untrained, load_model, save_model
from pipelines.modelling.forecasting.method import Kind, Method

ABOUT, LEARNER = "easel.json", "learner.skops"


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of a method."""

    name: str
    kind: Kind
    settings: dict[str, Any]


def _write(method: Method, file: Path) -> None:
    about = About(method.name, method.kind, dict(method.settings))
    with ZipFile(file, "w") as archive, TemporaryDirectory() as folder:
        archive.writestr(ZipInfo(ABOUT), msgspec.json.encode(about))
        if method.learner is not None:
            save_model(method.learner, Path(folder) / LEARNER)
            archive.writestr(ZipInfo(LEARNER), (Path(folder) / LEARNER).read_bytes())


def _read(file: Path) -> Method:
    """Read what `_write` wrote.

    Raises:
        UntrustedType: When its learner is something else, or contains a type that is not allowed.
    """
    with ZipFile(file) as archive, TemporaryDirectory() as folder:
        about = msgspec.json.decode(archive.read(ABOUT), type=About)
        if LEARNER not in archive.namelist():
            return Method(about.name, about.kind, about.settings)
        learner = load_model(Path(archive.extract(LEARNER, folder)))
    if not isinstance(learner, UntrainedModel):
        raise UntrustedType("its learner is not an untrained model")
    return Method(about.name, about.kind, about.settings, learner)


def _check(file: Path) -> None:
    with ZipFile(file) as archive, TemporaryDirectory() as folder:
        msgspec.json.decode(archive.read(ABOUT), type=About)
        if LEARNER in archive.namelist():
            check_untrained(Path(archive.extract(LEARNER, folder)))


KIND = FileKind[Method](
    types=(Method,),
    title="untrained forecaster",
    example="forecasting.baseline",
    shown_in="forecasting.forecast",
    icon="M0.8 10.8V1.2L4.4 5 7.4 6.2 11.4 2V10.8Z",
    hollow=True,
    colours=("oklch(0.52 0.12 185)", "oklch(0.78 0.11 185)"),
    downloads={"zip": Download("Untrained forecaster", "application/zip")},
    output="method",
    write=_write,
    read=_read,
    check=_check,
)
