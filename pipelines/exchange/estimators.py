"""Files of estimators: skops archives of Easel and of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import Model
from pipelines.exchange.asked import Asked, Feature
from pipelines.exchange.found import Found, agreed, agreed_classes, known_categories, task_of, task_of_classes
from pipelines.kinds.model import ABOUT, UntrustedType, check_model, check_types, load_model, trusted

SCRIPTED = b'"ScriptedModel"'
DAMAGED = "The skops archive is damaged or incomplete"


def is_of_easel(file: Path) -> bool:
    """Return whether a skops archive has Easel's facts of a trained model."""
    with ZipFile(file) as archive:
        return ABOUT in archive.namelist()


def from_easel(file: Path, asked: Asked) -> Model:
    """Return the model of an archive that Easel wrote.

    Raises:
        ModuleError: When it is damaged, has types that are not allowed, or is not what was asked for.
    """
    try:
        _refuse_scripts(file)
        check_model(file)
        model = load_model(file)
    except (UntrustedType, ValueError, KeyError, TypeError, OSError, BadZipFile) as wrong:
        raise _damaged(wrong) from wrong
    if not isinstance(model, Model) or model.estimator is None:
        raise ModuleError("wrong_task", "The archive has no trained model.", remedy="Train it, and download it again.")
    task_of(asked, model.task)
    agreed(asked, [Feature(name) for name, _ in model.features], None, [])
    return model


def from_skops(file: Path, asked: Asked) -> Found:
    """Return the estimator of a skops archive that another program wrote.

    Raises:
        ModuleError: When it is damaged, has types that are not allowed, predicts neither a number nor classes, or does not fit what was asked for.
    """
    estimator = _loaded(file)
    from sklearn.base import is_classifier, is_regressor

    from pipelines.modelling.imported import ForeignEstimator

    title, notes = _title(estimator), list[str]()
    if not (is_classifier(estimator) or is_regressor(estimator)):
        words = f"{title} predicts neither a number nor a class."
        raise ModuleError("wrong_task", words, remedy="Import a regressor or a classifier, or a pipeline that ends with one.")
    classes = None
    if is_classifier(estimator):
        own_classes = _classes(estimator, title)
        classes = agreed_classes(asked, own_classes, len(own_classes), notes)
        if not hasattr(estimator, "predict_proba"):
            words = f"{title} has no probabilities."
            raise ModuleError("no_probabilities", words, remedy="Wrap it in scikit-learn's CalibratedClassifierCV before it is saved.")
    task = task_of(asked, "regression" if classes is None else task_of_classes(len(classes)))
    known = dict(known_categories(estimator))
    named = getattr(estimator, "feature_names_in_", None)
    own = None if named is None else [Feature(str(name), "text" if _is_text(known.get(str(name))) else "number") for name in named]
    features = agreed(asked, own, getattr(estimator, "n_features_in_", None), notes)
    if own and not asked.features and any(feature.type == "text" for feature in own):
        notes.append("Inputs whose categories are texts are taken for texts, and all others for numbers.")
    texts = {name: [value for value in values if isinstance(value, str)] for name, values in known.items()}
    wrapped = ForeignEstimator([feature.name for feature in features], classes, None, estimator, named is not None)
    return Found(wrapped, title, task, features, classes, asked.label, {name: values for name, values in texts.items() if values}, notes)


def _loaded(file: Path) -> Any:
    try:
        _refuse_scripts(file)
        check_types(file)
        from pipelines.modelling.skops_io import skops

        return skops.io.load(file, trusted=trusted())
    except ModuleNotFoundError as missing:
        words = f"The model needs the package {(missing.name or '').partition('.')[0]}, which is not installed here."
        raise ModuleError(
            "extra_missing", words, remedy="Install it on the machines of the workers, or export the model as ONNX."
        ) from missing
    except ModuleError:
        raise
    except Exception as wrong:  # whatever the values of a stranger's file make of the loader
        raise _damaged(wrong) from wrong


def _refuse_scripts(file: Path) -> None:
    """Refuse an archive with a model of a script, whose fitted object is a pickle inside."""
    with ZipFile(file) as archive:
        if SCRIPTED not in archive.read("schema.json"):
            return
    words = "The archive holds a model that a script defines: its code, and a pickle of the fitted object. Pickles are never read."
    raise ModuleError(
        "pickle_refused", words, remedy="Train it again from its script, with Create Python Model, and register it from the run."
    )


def _damaged(wrong: BaseException) -> ModuleError:
    words = f"{DAMAGED}: {type(wrong).__name__}: {' '.join(str(wrong).split())[:200]}."
    return ModuleError("damaged", words, remedy="Save it again with skops.io.dump, by the same versions of scikit-learn and skops as here.")


def _classes(estimator: Any, title: str) -> tuple[str, ...]:
    import polars as pl

    found = getattr(estimator, "classes_", None)
    if found is None or getattr(found, "ndim", 0) != 1:
        raise ModuleError("wrong_task", f"{title} is not fitted, or has several labels.", remedy="Fit it on one label before it is saved.")
    return tuple(class_text(pl.Series(found.tolist())))


def _title(estimator: Any) -> str:
    last = estimator
    while getattr(last, "steps", None):
        last = last.steps[-1][1]
    return type(last).__name__


def _is_text(categories: Sequence[Any] | None) -> bool:
    return categories is not None and any(isinstance(value, str) for value in categories)
