"""Files of boosted trees: LightGBM's text format, XGBoost's JSON and UBJSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Asked, Feature
from pipelines.exchange.found import Found, agreed, agreed_classes, task_of, task_of_classes

NUMBERS = ("regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie")
AGAIN = "Save it again with booster.save_model."


def from_lightgbm(file: Path, asked: Asked) -> Found:
    """Return the model of a LightGBM text file.

    Raises:
        ModuleError: When it is damaged, of a task that is not read, or does not fit what was asked for.
    """
    from lightgbm.basic import LightGBMError

    from pipelines.modelling.imported import LightGBMText

    content, notes = file.read_bytes(), list[str]()
    text = content.decode("utf-8", "replace")
    if "\nend of trees" not in text:
        raise ModuleError("damaged", "The LightGBM file ends before its last tree.", remedy=AGAIN)
    head = dict(line.partition("=")[::2] for line in text.partition("\n\n")[0].splitlines() if "=" in line)
    objective, own = head.get("objective", "").partition(" ")[0], head.get("feature_names", "").split(" ")
    infos = head.get("feature_infos", "").split(" ")
    labels = _pandas_categories(text)
    places = [name for name, info in zip(own, infos, strict=False) if ":" in info and not info.startswith("[")]
    named = dict(zip(places, labels, strict=True)) if len(labels) == len(places) else {}
    features = agreed(asked, [Feature(name, "text" if name in named else "number") for name in own], None, notes)
    texts = [feature.name for feature in features if feature.type == "text"]
    if set(texts) != set(named):
        words = f"The file has the texts of {len(labels)} inputs ({', '.join(named) or 'none by name'}); {len(texts)} are given as texts."
        raise ModuleError(
            "wrong_signature", words, param="features", remedy="Give the inputs that training had as categories, and no other, as texts."
        )
    if objective in ("binary", "multiclass", "multiclassova", "softmax", "cross_entropy"):
        count = int(head.get("num_class", "1"))
        classes: tuple[str, ...] | None = agreed_classes(asked, None, max(count, 2), notes)
        task = task_of(asked, task_of_classes(len(classes or ())))
    elif objective in NUMBERS:
        classes, task = None, task_of(asked, "regression")
    else:
        words = f"The LightGBM model has the objective “{objective[:40] or 'none'}”, which predicts neither a number nor a class."
        raise ModuleError("wrong_task", words, remedy=f"Import a model of binary, multiclass, {', '.join(NUMBERS)}.")
    estimator = LightGBMText(own, classes, np.frombuffer(content, dtype=np.uint8), named)
    try:
        estimator._opened = estimator._open()
    except (LightGBMError, ValueError) as wrong:
        raise ModuleError("damaged", f"LightGBM refuses the file: {str(wrong)[:200]}.", remedy=AGAIN) from wrong
    return Found(estimator, "LightGBM", task, features, classes, asked.label, named, notes)


def _pandas_categories(text: str) -> list[list[str]]:
    """The texts of columns of pandas categories, as LightGBM notes them at the end of the file."""
    line = re.search(r"\npandas_categorical:(.*)", text)
    try:
        found = json.loads(line[1]) if line else None
    except ValueError:
        found = None
    return (
        [[str(value) for value in values] for values in found]
        if isinstance(found, list) and all(isinstance(each, list) for each in found)
        else []
    )


def from_xgboost(file: Path, asked: Asked) -> Found:
    """Return the model of an XGBoost file.

    Raises:
        ModuleError: When it is damaged, of a task that is not read, or does not fit what was asked for.
    """
    try:
        import xgboost
    except ModuleNotFoundError as missing:
        words = "The model needs XGBoost, which is not installed on this machine."
        raise ModuleError("extra_missing", words, remedy="Install it with make run EXTRAS=xgboost.") from missing
    from pipelines.modelling.imported import XGBoostFile

    content, notes = file.read_bytes(), list[str]()
    try:
        booster = xgboost.Booster(params={"nthread": 1}, model_file=bytearray(content))
        learner: dict[str, Any] = json.loads(booster.save_config())["learner"]
        count, objective = booster.num_features(), learner["objective"]["name"]
        several = int(learner["learner_model_param"]["num_class"])
    except (xgboost.core.XGBoostError, ValueError, KeyError, TypeError) as wrong:
        said = " ".join(str(wrong).partition("Stack trace")[0].split())[-200:]
        raise ModuleError("damaged", f"XGBoost refuses the file: {said}.", remedy=AGAIN) from wrong
    if "c" in (booster.feature_types or ()):
        words = "The XGBoost model has categories, whose texts its file does not hold in a form that is read."
        raise ModuleError("wrong_signature", words, remedy="Encode them before training, and import a pipeline as skops or ONNX.")
    own = [Feature(name) for name in booster.feature_names] if booster.feature_names else None
    features = agreed(asked, own, count, notes)
    if texts := [feature.name for feature in features if feature.type == "text"]:
        raise ModuleError(
            "wrong_signature",
            f"XGBoost takes numbers; “{texts[0]}” is a text.",
            param="features",
            column=texts[0],
            remedy="Give it as a number.",
        )
    if objective in ("binary:logistic", "multi:softprob"):
        classes: tuple[str, ...] | None = agreed_classes(asked, None, max(several, 2), notes)
        task = task_of(asked, task_of_classes(len(classes or ())))
    elif objective.startswith(("reg:", "count:")):
        classes, task = None, task_of(asked, "regression")
    else:
        words = f"The XGBoost model has the objective “{objective[:40]}”, which gives neither a number nor probabilities."
        raise ModuleError("wrong_task", words, remedy="Import a model of reg:…, count:…, binary:logistic or multi:softprob.")
    estimator = XGBoostFile([feature.name for feature in features], classes, np.frombuffer(content, dtype=np.uint8), {})
    return Found(estimator, "XGBoost", task, features, classes, asked.label, {}, notes)
