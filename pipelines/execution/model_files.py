"""Models to files and back: a skops archive (never pickle) with what Easel knows of the model beside it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Model, Task, UntrainedModel

# Beside scikit-learn's estimators and numpy's types, which skops trusts itself; nothing else is ever built from a file.
TRUSTED = (
    "collections.OrderedDict",
    "lightgbm.basic.Booster",
    "lightgbm.sklearn.LGBMClassifier",
    "lightgbm.sklearn.LGBMRegressor",
    "numpy.dtype",
    # What scikit-learn's estimators hold. People's code gives them any values, so its models are loaded in a closed place only.
    "sklearn._loss.loss.HalfTweedieLossIdentity",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.metrics._dist_metrics.EuclideanDistance64",
    "sklearn.neighbors._ball_tree.BallTree",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.tree._tree.Tree",
)
ADDRESS = re.compile(r'(?P<before>(?P<plain>"content":"(?:[^"\\]|\\.)*","is_json":true,)?"__id__":|"file":")(?P<id>\d+)')
ABOUT, SCHEMA = "easel.json", "schema.json"


class About(msgspec.Struct, forbid_unknown_fields=True):
    """What Easel knows of a trained model, as it is in a file."""

    name: str
    task: Task
    label: str
    features: list[tuple[str, str]]
    classes: tuple[str, str] | None = None
    settings: dict[str, Any] = {}


class UntrustedType(Exception):
    """A file that is no model of Easel's, or asks for a type that is not allowed."""


def save_model(value: Model | UntrainedModel, path: Path) -> None:
    """Write a model; equal models give equal bytes. A model's report is kept elsewhere and not written."""
    kind = "model" if isinstance(value, Model) else "untrained_model"
    bare = replace(value, estimator=None, report=None) if isinstance(value, Model) else replace(value, estimator=None)
    about = msgspec.json.encode({"kind": kind, "value": {name: held for name, held in vars(bare).items() if held is not None}})
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        # A model without an estimator, which a script gives that returns none, is written without loading scikit-learn.
        for name, data in (*(() if value.estimator is None else _members(value.estimator)), (ABOUT, about)):
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED, 1)


def load_model(path: Path) -> Model | UntrainedModel:
    """Read a model that `save_model` wrote.

    Raises:
        Foreign: When the file is something else, or holds a type that is not allowed.
    """
    try:
        with ZipFile(path) as archive:
            about = msgspec.json.decode(archive.read(ABOUT))
            estimator = _load_estimator(path) if SCHEMA in archive.namelist() else None
    except (OSError, KeyError, ValueError, TypeError, BadZipFile) as wrong:
        raise UntrustedType(f"{path.name} is no model of Easel's") from wrong
    facts = about["value"]
    if about["kind"] == "untrained_model":
        return UntrainedModel(estimator=estimator, **facts)
    return Model(
        estimator=estimator,
        **facts | {"features": tuple(map(tuple, facts["features"])), "classes": tuple(facts["classes"]) if "classes" in facts else None},
    )


def _load_estimator(path: Path) -> Any:
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        return skops.io.load(path, trusted=list(TRUSTED))
    except UntrustedTypesFoundException as wrong:
        raise UntrustedType(str(wrong)) from wrong


def check_model(path: Path) -> None:
    """Make sure that a file is a trained model of allowed types, without loading it.

    Raises:
        ModuleError: `untrusted_type`, when it holds others; they are named.
    """
    with ZipFile(path) as archive:
        about, has_estimator = msgspec.json.decode(archive.read(ABOUT)), SCHEMA in archive.namelist()
    if about["kind"] != "model":
        raise UntrustedType("not a trained model")
    msgspec.convert(about["value"], About)
    if not has_estimator:
        return
    import skops.io

    if held := sorted(set(skops.io.get_untrusted_types(file=path)) - set(TRUSTED)):
        raise ModuleError(
            "untrusted_type",
            f"The model holds what Easel does not load from a file: {', '.join(held)[:500]}.",
            remedy="Use estimators of scikit-learn or LightGBM, without classes and functions of your own.",
        )


def _members(estimator: Any) -> Iterable[tuple[str, bytes]]:
    """The members of the skops archive of an estimator, the same in every process.

    skops names objects by their address in memory, so these are numbered instead, and plain values by what they are: whether two equal
    texts are one object depends on where an estimator comes from. Its own `dump` spends four fifths of its time on indenting JSON, which is
    why its two steps are taken here.
    """
    import skops.io
    from skops.io._utils import SaveContext, get_state

    kept = io.BytesIO()
    with ZipFile(kept, "w") as archive:
        context = SaveContext(zip_file=archive)
        state = get_state(estimator, context)
        text = msgspec.json.encode(state | {"protocol": context.protocol, "_skops_version": skops.__version__}).decode()
        context.clear_memo()
    numbers: dict[str, str] = {}
    text = ADDRESS.sub(lambda found: found["before"] + numbers.setdefault(found["plain"] or found["id"], str(len(numbers) + 1)), text)
    yield SCHEMA, text.encode()
    with ZipFile(kept) as archive:
        files = {f"{numbers[stem]}{dot}{end}": name for name in archive.namelist() for stem, dot, end in [name.partition(".")]}
        for name in sorted(files, key=lambda name: int(name.partition(".")[0])):
            yield name, archive.read(files[name])
