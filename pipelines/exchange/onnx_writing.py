"""A trained model as an ONNX file, with the difference of its answers measured.

The encoder is written here (`onnx_encoding.py`); the learner by skl2onnx and onnxmltools. Converters compute in 32 bits where an operator has no kernel for
64, so a file is an export with a difference, and no way to serve.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import USUAL_THRESHOLD, Model
from pipelines.exchange.asked import TASKS, Difference
from pipelines.exchange.onnx_encoding import Operators, encode, width_of
from pipelines.exchange.onnx_file import KEY
from pipelines.exchange.onnx_labels import by_threshold
from pipelines.exchange.onnx_logarithm import inside, undone
from pipelines.exchange.onnx_trees import compares_32_bits, in_bits_of_input
from pipelines.kinds.model import load_model
from pipelines.modelling.features import feature_frame
from pipelines.modelling.imported import session
from pipelines.modelling.row_encoders import row_encoder
from pipelines.serving.signature import Signature

OPSETS = {"": 18, "ai.onnx.ml": 3}
LEAST_OPSET = 13
MADE_ROWS, MOST_ROWS = 200, 1_000
AS_SKOPS = "Download it as skops, which Easel loads."
AS_IT_IS = "Download it as skops or as an MLflow folder, which hold the model as it is."


def write_onnx(file: Path, rows: Path | None, signature: Signature | None, out: Path, words: str) -> Difference:
    """Write a stored model as ONNX.

    Args:
        file: The stored model.
        rows: A table in Arrow's file format with its features, to measure on; None for rows that are made of the signature.
        signature: Its signature.
        out: The file to write.
        words: Which rows are measured on.

    Raises:
        ModuleError: `not_exported`, with what does not convert; `extra_missing` without the packages.
    """
    try:
        import onnx
        import skl2onnx  # noqa: F401
    except ModuleNotFoundError as missing:
        words = f"ONNX files need packages that are not installed on this machine ({missing.name})."
        raise ModuleError("extra_missing", words, remedy="Install them with make run EXTRAS=onnx.") from missing
    model = load_model(file)
    assert isinstance(model, Model)
    _check(model)
    frame = pl.read_ipc(rows).head(MOST_ROWS) if rows else made_rows(signature, model)
    features = feature_frame(frame, model.features)
    faults: list[ModuleError] = []
    for bits in (32,) if compares_32_bits(inside(model.estimator).named_steps["learner"]) else (64, 32):
        try:
            proto = _converted(model, features, bits)
            difference = _measured(model, features, session(proto.SerializeToString()), bits, words)
        except ModuleError as wrong:  # a converter, or ONNX Runtime, that has no such operator in these bits
            faults.append(wrong)
            continue
        facts: dict[str, Any] = {"name": model.name, "task": model.task, "label": model.label, "features": list(map(list, model.features))}
        if model.classes is not None:  # the order of the probabilities
            facts["order"] = class_text(pl.Series(model.estimator.classes_)).to_list()
        facts |= {"threshold": model.threshold} if model.threshold != USUAL_THRESHOLD else {}
        told = {"classes": model.classes, "difference": {"largest": difference.largest, "rows": difference.rows, "on": words}}
        onnx.helper.set_model_props(proto, {KEY: json.dumps({**facts, **told})})
        proto.doc_string = _told(difference)
        out.write_bytes(proto.SerializeToString())
        return difference
    if faults[-1].code == "not_exported":
        raise faults[-1]
    raise _not_exported(f"ONNX Runtime cannot execute what {model.name} converts to: {faults[-1].words[:300]}")


def _told(found: Difference) -> str:
    labels = "" if found.labels == 0 else f" {found.labels} rows get another label."
    return f"Converted by Easel; the largest difference from the model is {found.largest:.3g} on {found.words}.{labels}"


def _check(model: Model) -> None:
    if model.task not in TASKS:
        raise _not_exported(
            f"Models of the task {model.task.replace('_', ' ')} have no ONNX file: only models that predict a number or a class have one",
            AS_SKOPS,
        )
    if list(getattr(model.estimator, "named_steps", {})) != ["columns", "learner"]:
        raise _not_exported(f"{model.name} is not made of an encoder and a learner, or was imported")


def _not_exported(words: str, remedy: str = AS_IT_IS) -> ModuleError:
    return ModuleError("not_exported", f"{words.rstrip('.')}.", remedy=remedy)


def _converted(model: Model, features: pl.DataFrame, bits: int) -> Any:
    """The model as one graph: an input for each feature, the label and the scores as outputs."""
    from onnx import TensorProto, compose, helper

    steps = inside(model.estimator).named_steps
    parts = row_encoder(steps["columns"])
    if parts is None:
        words = f"The encoder of {model.name} has steps that do not convert, such as rare categories that share one, means of the label, or words of prose"
        raise _not_exported(words)
    texts = frozenset(name for name in features.columns if features[name].dtype == pl.String)
    to = Operators()
    matrix = encode(parts, texts, to)
    type_ = TensorProto.DOUBLE if bits == 64 else TensorProto.FLOAT
    to.nodes.append(helper.make_node("Cast", [matrix], ["matrix"], to=type_))
    used = {name for node in to.nodes for name in node.input}
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.STRING if name in texts else TensorProto.DOUBLE, [None, 1])
        for name in features.columns
        if name in used
    ]
    graph = helper.make_graph(to.nodes, "easel", inputs, [helper.make_tensor_value_info("matrix", type_, [None, None])], to.constants)
    learner = _learner(steps["learner"], model, width_of(parts), bits)
    whole = helper.make_model(graph, opset_imports=learner.opset_import, ir_version=learner.ir_version, producer_name="Easel")
    names = [each.name for each in learner.graph.output]
    return compose.merge_models(whole, learner, io_map=[("matrix", learner.graph.input[0].name)], outputs=names)


def _learner(learner: Any, model: Model, width: int, bits: int) -> Any:
    """The learner alone, from the matrix to its outputs; names are prefixed, so that none is that of a column."""
    import skl2onnx
    from onnx import compose, helper
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    _register()
    type_ = DoubleTensorType if bits == 64 else FloatTensorType
    options = {"zipmap": False} if model.classes is not None else None
    if hasattr(learner, "flatten_transform"):  # of an ensemble that votes: its converter refuses a setting that has no part in predicting
        learner.flatten_transform = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = skl2onnx.convert_sklearn(
                learner, initial_types=[("matrix", type_([None, width]))], options=options, target_opset=dict(OPSETS)
            )
    except UNFORESEEN as wrong:
        raise _not_exported(
            f"{type(learner).__name__}, the learner of {model.name}, does not convert: {' '.join(str(wrong).split())[:300]}"
        ) from wrong
    # Converters declare the lowest version that they need; the encoder's operators exist from 13 and 2 on, and those of ONNX-ML did not change up to 3.
    versions = {each.domain: each.version for each in found.opset_import} | {"ai.onnx.ml": OPSETS["ai.onnx.ml"]}
    versions[""] = max(versions.get("", 0), LEAST_OPSET)
    del found.opset_import[:]
    found.opset_import.extend(helper.make_opsetid(*each) for each in versions.items())
    return by_threshold(compose.add_prefix(undone(found, model.estimator), "easel_"), model)


def _register() -> None:
    """Teach skl2onnx the learners of other libraries, with the converters of onnxmltools."""
    from skl2onnx import update_registered_converter
    from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes, calculate_linear_regressor_output_shapes

    shapes = (calculate_linear_classifier_output_shapes, calculate_linear_regressor_output_shapes)
    classifier = {"nocl": [True, False], "zipmap": [True, False, "columns"]}
    try:
        from lightgbm import LGBMClassifier, LGBMRegressor
        from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm

        convert = in_bits_of_input(convert_lightgbm)
        update_registered_converter(LGBMClassifier, "LightGbmLGBMClassifier", shapes[0], convert, options=classifier)
        update_registered_converter(LGBMRegressor, "LightGbmLGBMRegressor", shapes[1], convert, options={"split": None})
    except ImportError:
        pass
    try:
        from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
        from xgboost import XGBClassifier, XGBRegressor

        update_registered_converter(XGBClassifier, "XGBoostXGBClassifier", shapes[0], convert_xgboost, options=classifier)
        update_registered_converter(XGBRegressor, "XGBoostXGBRegressor", shapes[1], convert_xgboost)
    except ImportError:
        pass


def _measured(model: Model, features: pl.DataFrame, opened: Any, bits: int, words: str) -> Difference:
    """The largest difference between the answers of the file and of the model."""
    names = {each.name for each in opened.get_inputs()}
    given = {name: _given(features[name]) for name in features.columns if name in names}
    try:
        answers = opened.run(None, given)
    except Exception as wrong:  # its errors have no base class of their own
        raise ModuleError("damaged", f"ONNX Runtime cannot execute it: {' '.join(str(wrong).split())[:300]}.") from wrong
    is_number = model.classes is None
    expected: np.ndarray = np.asarray((model.estimator.predict if is_number else model.estimator.predict_proba)(features), dtype=float)
    found = np.asarray(answers[0 if is_number else -1], dtype=float).reshape(expected.shape)
    labels = 0 if is_number else int((_labels(model, expected) != _labels(model, found)).sum())
    off = np.abs(found - expected)
    if not np.isfinite(off).all():
        raise _not_exported(f"The ONNX file of {model.name} gives values that are no numbers, where the model gives numbers")
    relative = off / np.maximum(1.0, np.abs(expected))
    return Difference(len(features), float(off.max(initial=0.0)), float(relative.max(initial=0.0)), labels, words, bits)


def _labels(model: Model, chances: np.ndarray) -> np.ndarray:
    """The places of the labels of probabilities: the likeliest, of two classes with a threshold by that."""
    if model.task != "two_class" or model.classes is None or model.threshold == USUAL_THRESHOLD:
        return np.asarray(chances.argmax(axis=1))
    place = class_text(pl.Series(model.estimator.classes_)).to_list().index(model.classes[1])
    return np.asarray(chances[:, place] >= model.threshold)


def _given(values: pl.Series) -> np.ndarray:
    if values.dtype == pl.String:
        return np.asarray(values.fill_null("").to_list(), dtype=object).reshape(-1, 1)
    return values.cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(-1, 1)


def made_rows(signature: Signature | None, model: Model) -> pl.DataFrame:
    """Return rows that follow a signature: numbers within the range of training and around it, texts of its categories, gaps where it had gaps.

    Raises:
        ModuleError: `not_exported` without a signature, since nothing can be measured then.
    """
    if signature is None:
        raise _not_exported("The version has no signature, so that no rows can be made to measure the difference on")
    draw = np.random.default_rng(0)
    columns: dict[str, pl.Series] = {}
    for column in signature.inputs:
        low, high = (0.0, 1.0) if column.low is None or column.high is None else (column.low, column.high)
        if column.type in ("number", "integer"):
            values: Any = draw.uniform(low, max(high, low + 1.0) if low == high else high, MADE_ROWS)
            values = np.round(values) if column.type == "integer" else values
            made = pl.Series(column.name, values).cast(column.polars, strict=False)
        elif column.type == "text":
            made = pl.Series(column.name, draw.choice([*(column.categories or ("a", "b"))], MADE_ROWS), dtype=pl.String)
        elif column.type == "boolean":
            made = pl.Series(column.name, draw.uniform(size=MADE_ROWS) < 0.5)
        else:
            days = pl.Series(column.name, draw.integers(0, 20_000, MADE_ROWS)).cast(pl.Int32).cast(pl.Date)
            made = days.cast(column.polars)
        if column.nullable:
            gaps = pl.Series(draw.uniform(size=MADE_ROWS) < 0.1)
            made = made.to_frame().select(pl.when(~gaps).then(pl.col(column.name))).to_series()
        columns[column.name] = made
    features: Mapping[str, str] = dict(model.features)
    return pl.DataFrame(list(columns.values())).select(list(features))
