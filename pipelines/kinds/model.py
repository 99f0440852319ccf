"""Trained models: a skops archive (never pickle) with Easel's metadata of the model. A report of the model is a file of its own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.kind import Download, FileKind, Loader
from pipelines.catalogue.ports import DECISION_THRESHOLD, USUAL_THRESHOLD, Model, UntrainedModel
from pipelines.modelling.families import families
from pipelines.modelling.tasks import tasks

ADDRESS = re.compile(
    r'(?P<before>(?P<plain>"content":"[^"\\]*(?:\\.[^"\\]*)*","is_json":true,)?"__id__":|"file":")(?P<id>[0-9a-f]{8}-[0-9a-f-]{27}|\d+)'
)
ABOUT, SCHEMA = "easel.json", "schema.json"


@cache
def trusted() -> list[str]:
    """Return the types allowed beside scikit-learn's estimators and numpy's types, which skops trusts itself; no other type is loaded from a file.

    User code can set attributes of estimators to any value, so its models are loaded in isolation only.
    """
    return sorted({type_ for family in families().values() for type_ in family.trusted})


class About(msgspec.Struct, forbid_unknown_fields=True):
    """Easel's metadata of a trained model, as stored in the file."""

    name: str
    task: str
    label: str
    features: list[tuple[str, str]]
    classes: tuple[str, ...] | None = None
    settings: dict[str, Any] = {}


class AboutUntrained(msgspec.Struct, forbid_unknown_fields=True):
    """Easel's metadata of an untrained model that user code made, as stored in the file."""

    name: str
    task: str
    family: str
    settings: dict[str, Any] = {}
    module: str = ""
    arguments: dict[str, Any] = {}
    parts: list[dict[str, Any]] = []


class UntrustedType(Exception):
    """The file is not an Easel model, or contains a type that is not allowed."""


def save_model(value: Model | UntrainedModel, path: Path | BinaryIO) -> None:
    """Write a model; equal models give equal bytes. A model's report is stored separately.

    Raises:
        ModuleError: `cannot_store`, when the estimator holds what a skops archive cannot.
    """
    kind = "model" if isinstance(value, Model) else "untrained_model"
    bare = replace(value, estimator=None, report=None) if isinstance(value, Model) else replace(value, estimator=None)
    about = msgspec.json.encode(
        {"kind": kind, "value": {name: held for name, held in vars(bare).items() if held is not None and (held or name != "parts")}}
    )
    try:  # a model without an estimator, as a script returns that has none, is written without loading scikit-learn
        members = [] if value.estimator is None else list(_members(value.estimator))
    except TypeError as wrong:
        words = f"{value.name} cannot be stored: {str(wrong)[:300].rstrip('.')}."
        raise ModuleError("cannot_store", words, remedy="Return another estimator.") from wrong
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in (*members, (ABOUT, about)):
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED, 1)


def load_model(path: Path | BinaryIO) -> Model | UntrainedModel:
    """Read a model that `save_model` wrote.

    Raises:
        UntrustedType: When the file is something else, or contains a type that is not allowed.
    """
    try:
        with ZipFile(path) as archive:
            about = msgspec.json.decode(archive.read(ABOUT))
            estimator = _load_estimator(path) if SCHEMA in archive.namelist() else None
    except (OSError, KeyError, ValueError, TypeError, BadZipFile) as wrong:
        raise UntrustedType(f"{getattr(path, 'name', 'the file')} is not a model of Easel") from wrong
    facts = about["value"]
    if about["kind"] == "untrained_model":
        return UntrainedModel(estimator=estimator, **_current_names(facts))
    _check_threshold(facts.get("settings", {}))
    return Model(
        estimator=estimator,
        **facts | {"features": tuple(map(tuple, facts["features"])), "classes": tuple(facts["classes"]) if "classes" in facts else None},
    )


def _current_names(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of an untrained model as Easel stores them today; earlier versions stored what its family is known by."""
    if "family" in facts:
        return facts
    kept = {name: value for name, value in facts.items() if name not in ("scales", "as_they_are", "validation")}
    return kept | {"family": "linear" if facts.get("scales") else "lightgbm"}


def _load_estimator(path: Path | BinaryIO) -> Any:
    from pipelines.modelling.skops_io import UntrustedTypesFoundException, skops

    try:
        return skops.io.load(path, trusted=trusted())
    except UntrustedTypesFoundException as wrong:
        raise UntrustedType(str(wrong)) from wrong
    except ModuleNotFoundError as missing:
        raise ModuleError(
            "extra_missing",
            f"The model needs the package {(missing.name or '').partition('.')[0]}, which is not installed on this machine.",
            remedy="Install the extra of its learner.",
        ) from missing


def check_model(path: Path) -> None:
    """Check that a file is a trained model with allowed types only, without loading it.

    Raises:
        ModuleError: `untrusted_type`, which lists the other types.
    """
    facts = msgspec.convert(_facts(path, "model"), About)
    if facts.task not in tasks() or not tasks()[facts.task].accepts(facts.classes):
        raise UntrustedType("not a model of a known task")
    _check_threshold(facts.settings)
    check_types(path)


def _check_threshold(settings: Mapping[str, Any]) -> None:
    threshold = settings.get(DECISION_THRESHOLD, USUAL_THRESHOLD)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise UntrustedType("not a model with a threshold from 0 to 1")


def check_untrained(path: Path) -> None:
    """Check that a file is an untrained model with allowed types only, without loading it.

    Raises:
        ModuleError: `untrusted_type`, which lists the other types.
    """
    facts = msgspec.convert(_facts(path, "untrained_model"), AboutUntrained)
    if facts.task not in tasks() or facts.family not in families():
        raise UntrustedType("not an untrained model of a known task and family")
    check_types(path)


def _facts(path: Path, kind: str) -> Any:
    with ZipFile(path) as archive:
        about = msgspec.json.decode(archive.read(ABOUT))
    if about["kind"] != kind:
        raise UntrustedType(f"not {'a trained' if kind == 'model' else 'an untrained'} model")
    return about["value"]


def check_types(path: Path | BinaryIO) -> None:
    """Check that an archive has allowed types only, without loading it.

    Raises:
        ModuleError: `untrusted_type`, which lists the other types.
    """
    with ZipFile(path) as archive:
        if SCHEMA not in archive.namelist():
            return
    from pipelines.modelling.skops_io import skops

    if held := sorted(set(skops.io.get_untrusted_types(file=path)) - set(trusted())):
        raise ModuleError(
            "untrusted_type",
            f"The model contains types that Easel does not load from a file: {', '.join(held)[:500]}.",
            remedy="Use estimators of scikit-learn or LightGBM, without your own classes and functions.",
        )


class _Kept(dict[str, bytes]):
    """What skops needs of an archive that it writes: it asks for the list of names before each array, which a zip file makes again each time."""

    def writestr(self, name: str, data: bytes | memoryview) -> None:
        """Keep a file."""
        self[name] = bytes(data)

    def namelist(self) -> Collection[str]:
        """Return the names."""
        return self.keys()


def _members(estimator: Any) -> Iterable[tuple[str, bytes]]:
    """Return the members of an estimator's skops archive, identical in every process.

    skops names objects by memory address, and bytes by a random name; here they are numbered, and plain values named by their content, since whether two equal strings
    are one object depends on the estimator's origin. skops' own `dump` spends four fifths of its time indenting JSON, so its two steps
    are called here.
    """
    from pipelines.modelling.skops_io import SaveContext, get_state, skops

    kept = _Kept()
    context = SaveContext(zip_file=kept)
    state = get_state(estimator, context)
    text = msgspec.json.encode(state | {"protocol": context.protocol, "_skops_version": skops.__version__}).decode()
    context.clear_memo()
    numbers: dict[str, str] = {}
    text = ADDRESS.sub(lambda found: found["before"] + numbers.setdefault(found["plain"] or found["id"], str(len(numbers) + 1)), text)
    yield SCHEMA, text.encode()
    files = {f"{numbers[stem]}{dot}{end}": data for name, data in kept.items() for stem, dot, end in [name.partition(".")]}
    yield from sorted(files.items(), key=lambda file: int(file[0].partition(".")[0]))


def about_model(path: Path) -> Mapping[str, Any]:
    """Return Easel's metadata of a trained model, without loading it."""
    found: Mapping[str, Any] = msgspec.to_builtins(msgspec.convert(_facts(path, "model"), About))
    return found


def _write(model: Model, path: Path) -> None:
    """Write a model that can be read again: what is wrong is said where it is trained, not where it is loaded."""
    save_model(model, path)
    check_model(path)


COLOURS = ("oklch(0.52 0.17 335)", "oklch(0.77 0.13 335)")
DOWNLOADS: Mapping[str, Download[Any]] = {"skops": Download("Model (skops)", "application/octet-stream")}
KIND = FileKind[Any](
    types=(Model,),
    title="trained model",
    example="training.train_model",
    icon="M6 0.5 11.5 6 6 11.5 0.5 6Z",
    colours=COLOURS,
    downloads=DOWNLOADS,
    write=_write,
    read=load_model,
    report=lambda model: model.report,
    check=check_model,
    about=about_model,
    loader=Loader(
        id="data.load_trained_model",
        title="Load Trained Model",
        icon="package-import",
        when="To score new data, or compare models, with a model that another pipeline trained.",
        goes_to="Score Model, which needs the columns that the model was trained with",
        aliases=("saved model", "registered model", "import model", "Trained Models"),
    ),
)
