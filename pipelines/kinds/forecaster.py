"""Trained forecasters: the series and what was fitted to them, as arrays, columns and skops archives; never pickle."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile, ZipInfo

import msgspec
import numpy as np
import polars as pl

from pipelines.catalogue.kind import Download, FileKind, Loader
from pipelines.catalogue.ports import Model
from pipelines.kinds._arrays import array_names, read_array, read_column, write_arrays, write_column
from pipelines.kinds.model import UntrustedType, check_model, load_model, save_model
from pipelines.modelling.forecasting.features import Recipe
from pipelines.modelling.forecasting.forecaster import Forecaster
from pipelines.modelling.forecasting.frequency import Frequency
from pipelines.modelling.forecasting.lags import Regression
from pipelines.modelling.forecasting.method import Kind, Method
from pipelines.modelling.forecasting.panel import Panel
from pipelines.modelling.forecasting.reading import Names

ABOUT, KEYS, MODELS = "easel.json", "keys.arrow", "models.skops"
GROUPS = ("known", "past", "static")


class Fitted(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of regressors beside their archives."""

    features: list[list[list[tuple[str, str]]]]
    recipe: Recipe
    horizon: int
    direct: bool
    notes: dict[str, int]
    differences: list[int] = []


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What the file says of a forecaster beside its arrays."""

    name: str
    kind: Kind
    settings: dict[str, Any]
    names: Names
    frequency: Frequency
    horizon: int
    fitted: Fitted | None = None


def _write(forecaster: Forecaster, file: Path) -> None:
    """Write an archive; equal forecasters give equal bytes."""
    method, panel, regression = forecaster.method, forecaster.panel, forecaster.regression
    fitted = (
        None
        if regression is None
        else Fitted(
            regression.features, regression.recipe, regression.horizon, regression.direct, regression.notes, [*regression.differences]
        )
    )
    about = About(method.name, method.kind, dict(method.settings), forecaster.names, panel.frequency, forecaster.horizon, fitted)
    arrays = {
        "ends": panel.ends,
        "values": panel.values,
        "lengths": panel.lengths,
        "errors": forecaster.errors,
        "of_series": forecaster.of_series,
    }
    if forecaster.path is not None:
        arrays["path"] = forecaster.path
    if regression is not None:
        arrays |= {"means": regression.means, "deviations": regression.deviations}
    with ZipFile(file, "w") as archive:
        archive.writestr(ZipInfo(ABOUT), msgspec.json.encode(about))
        held = BytesIO()
        panel.keys.write_ipc(held)
        archive.writestr(ZipInfo(KEYS), held.getvalue())
        write_column(archive, "time", forecaster.clock)
        write_arrays(archive, arrays.items())
        for group in GROUPS:
            for place, values in enumerate(getattr(panel, group).values()):
                text = values.dtype == object
                column = pl.Series(values.ravel().tolist() if text else values.ravel(), dtype=pl.String if text else pl.Float64)
                write_column(archive, f"{group} {place}", column)
        if regression is not None:
            archive.writestr(ZipInfo(MODELS), _models(method.name, regression.estimators))


def _models(name: str, estimators: list[list[Any]]) -> bytes:
    with TemporaryDirectory() as folder:
        save_model(Model(name, "regression", estimators, "", ()), Path(folder) / MODELS)
        check_model(Path(folder) / MODELS)
        return (Path(folder) / MODELS).read_bytes()


def _read(file: Path) -> Forecaster:
    """Read an archive that anybody may have made.

    Raises:
        ValueError: When its parts do not belong together.
        UntrustedType: When its models contain a type that is not allowed.
    """
    with ZipFile(file) as archive:
        about = msgspec.json.decode(archive.read(ABOUT), type=About)
        arrays = {name: read_array(archive, name) for name in array_names(archive)}
        keys = pl.read_ipc(archive.read(KEYS)) if about.names.series else pl.DataFrame({"": [0]}).select([])
        clock, shape = read_column(archive, "time").alias(about.names.time), arrays["values"].shape
        shapes = {"known": shape, "past": shape, "static": shape[:1]}
        groups = {group: _columns(archive, group, getattr(about.names, group), shapes[group]) for group in GROUPS}
        estimators = _estimators(archive) if about.fitted else None
    _check_shapes(about, arrays, keys)
    panel = Panel(keys, about.frequency, arrays["ends"], arrays["values"], arrays["lengths"], **groups)
    regression = None
    if about.fitted and estimators is not None:
        fitted = msgspec.structs.asdict(about.fitted)
        regression = Regression(estimators, means=arrays["means"], deviations=arrays["deviations"], **fitted)
    method = Method(about.name, about.kind, about.settings)
    errors, path = arrays["errors"], arrays.get("path")
    return Forecaster(method, about.names, clock, panel, about.horizon, errors, arrays["of_series"], path, regression)


def _columns(archive: ZipFile, group: str, names: tuple[str, ...], shape: tuple[int, ...]) -> Mapping[str, np.ndarray]:
    found = {}
    for place, name in enumerate(names):
        column = read_column(archive, f"{group} {place}")
        values = np.array(column.to_list(), dtype=object) if column.dtype == pl.String else column.to_numpy(writable=True)
        found[name] = values.reshape(shape)
    return found


def _estimators(archive: ZipFile) -> Any:
    with TemporaryDirectory() as folder:
        return load_model(Path(archive.extract(MODELS, folder))).estimator


def _check_shapes(about: About, arrays: Mapping[str, np.ndarray], keys: pl.DataFrame) -> None:
    size = arrays["values"].shape[0]
    each = [arrays[name].shape[:1] == (size,) for name in ("ends", "lengths", "of_series", "path", "means", "deviations") if name in arrays]
    if not all(each) or arrays["errors"].shape[1:] != (about.horizon,) or (about.names.series and keys.height != size):
        raise ValueError("not a forecaster: its arrays do not belong together")


def _check(file: Path) -> None:
    with ZipFile(file) as archive, TemporaryDirectory() as folder:
        about = msgspec.json.decode(archive.read(ABOUT), type=About)
        if about.fitted is None:
            return
        if MODELS not in archive.namelist():
            raise UntrustedType("not a forecaster: its models are missing")
        check_model(Path(archive.extract(MODELS, folder)))


KIND = FileKind[Forecaster](
    types=(Forecaster,),
    title="trained forecaster",
    icon="M0.8 10.8V1.2H2.2V7.6L5 4.2 7.4 6.2 10.4 2 11.6 2.9 7.7 8.2 5.2 6.2 2.6 9.4H11.4V10.8Z",
    colours=("oklch(0.52 0.12 185)", "oklch(0.78 0.11 185)"),
    downloads={"zip": Download("Forecaster (NumPy arrays and skops)", "application/zip")},
    write=_write,
    read=_read,
    check=_check,
    example="forecasting.train_forecasting",
    report=lambda forecaster: forecaster.report,
    loader=Loader(
        id="forecasting.load",
        title="Load Forecaster",
        icon="chart-arrows",
        when="To forecast with what another pipeline trained.",
        goes_to="Forecast",
    ),
)
