"""ONNX files as models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Asked, Feature, InputType
from pipelines.exchange.found import Found, agreed, agreed_classes, task_of, task_of_classes
from pipelines.modelling.features import kind_named

KEY = "easel"  # the metadata that Easel writes into its files
DOMAINS = ("", "ai.onnx", "ai.onnx.ml")
TYPES: dict[str, InputType] = {
    "tensor(float)": "number",
    "tensor(double)": "number",
    "tensor(int64)": "integer",
    "tensor(int32)": "integer",
    "tensor(bool)": "boolean",
    "tensor(string)": "text",
}
SCORES = ("tensor(float)", "tensor(double)")
LABELS = ("classlabels_strings", "classlabels_int64s", "classlabels_ints")
REMEDY = "Export the model with inputs of one row each: [None, 1] for each column, or [None, n] for all."


class Own(msgspec.Struct):
    """What Easel says in a file that it wrote."""

    name: str
    task: str
    label: str = ""
    features: list[tuple[str, str]] = []
    classes: list[str] | None = None
    order: list[str] = []
    threshold: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None


def from_onnx(file: Path, asked: Asked) -> Found:
    """Return the model of an ONNX file.

    Raises:
        ModuleError: When it is damaged, refers to other files, has operators of others, or does not fit what was asked for.
    """
    content, notes = file.read_bytes(), list[str]()
    proto = _parsed(content)
    _check(proto)
    from pipelines.modelling.imported import OnnxModel, session

    opened = session(content)
    own = _own(proto)
    inputs = [(each.name, each.type, each.shape) for each in opened.get_inputs()]
    if strange := next((each for each in inputs if each[1] not in TYPES), None):
        words = f"The input “{strange[0]}” is a {strange[1]}, which no column of a table is."
        raise ModuleError("wrong_signature", words, column=strange[0], remedy=REMEDY)
    features = _features(inputs, asked, own, notes)
    output, width = _output(opened)
    labels = _labels(proto)
    order = tuple(own.order) if own and own.order else labels
    wanted = asked.task or (own.task if own else "")
    if width is None and labels is None and wanted in ("", "regression"):
        classes, task = None, task_of(asked, "regression")
    else:
        count = len(asked.classes or labels or ()) or width or 2
        classes = agreed_classes(asked, tuple(own.classes) if own and own.classes else labels, max(count, 2), notes)
        task = task_of(asked, task_of_classes(len(classes)))
    estimator = OnnxModel(
        [feature.name for feature in features],
        order if classes and order and set(order) == set(classes) else classes,  # classes of Easel's own have the positive one last
        np.frombuffer(content, dtype=np.uint8),
        [[name, type_] for name, type_, _ in inputs],
        output,
    )
    estimator._opened = opened
    title = own.name if own else proto.producer_name[:60] or "ONNX"
    return Found(
        estimator, title, task, features, classes, asked.label or (own.label if own else ""), {}, notes, own.threshold if own else None
    )


def _parsed(content: bytes) -> Any:
    try:
        import onnx
        from google.protobuf.message import DecodeError
    except ModuleNotFoundError as missing:
        words = "ONNX files need packages that are not installed on this machine."
        raise ModuleError("extra_missing", words, remedy="Install them with make run EXTRAS=onnx.") from missing
    try:
        proto = onnx.load_model_from_string(content)
    except (DecodeError, ValueError, RuntimeError) as wrong:
        words = "The ONNX file is damaged or incomplete."
        raise ModuleError("damaged", words, remedy="Export it again, or download it again.") from wrong
    if not proto.graph.node:
        raise ModuleError("damaged", "The ONNX file has no operators, or is no ONNX file.", remedy="Export it again, or download it again.")
    return proto


def _check(proto: Any) -> None:
    """Refuse what reaches beyond the file: tensors in other files, operators of libraries."""
    import onnx

    if proto.functions:
        words = f"The ONNX file defines functions of its own, such as “{proto.functions[0].name[:60]}”."
        raise ModuleError("unknown_operator", words, remedy="Export it with operators of ONNX and ONNX-ML alone.")
    for graph in _graphs(proto.graph):
        tensors = [*graph.initializer, *(each.values for each in graph.sparse_initializer)]
        tensors += [attribute.t for node in graph.node for attribute in node.attribute if attribute.HasField("t")]
        if away := next((each for each in tensors if each.data_location == onnx.TensorProto.EXTERNAL), None):
            words = f"The tensor “{away.name[:60]}” is in another file."
            raise ModuleError(
                "external_data", words, remedy="Save it in one file: onnx.save_model(model, path, save_as_external_data=False)."
            )
        for node in graph.node:
            if node.domain not in DOMAINS:
                words = f"The operator {node.op_type[:60]} is of “{node.domain[:60]}”, which is not part of ONNX."
                raise ModuleError("unknown_operator", words, remedy="Export it with operators of ONNX and ONNX-ML alone.")


def _graphs(graph: Any) -> Iterator[Any]:
    """Yield a graph and those inside its operators."""
    waiting = [graph]
    while waiting:
        each = waiting.pop()
        yield each
        for node in each.node:
            for attribute in node.attribute:
                waiting += [*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs]


def _own(proto: Any) -> Own | None:
    text = next((entry.value for entry in proto.metadata_props if entry.key == KEY), None)
    try:
        return msgspec.json.decode(text, type=Own) if text else None
    except msgspec.MsgspecError:
        return None


def _features(inputs: list[tuple[str, str, list[Any]]], asked: Asked, own: Own | None, notes: list[str]) -> Any:
    first, type_, shape = inputs[0]
    if len(inputs) == 1 and len(shape) == 2 and isinstance(shape[1], int) and shape[1] > 1:
        features = agreed(asked, None, shape[1], notes)
    elif len(inputs) == 1 and not (len(shape) == 2 and shape[1] == 1) and asked.features:
        features = asked.features  # of a width that the file leaves open
    else:
        for name, _, each in inputs:
            if len(each) != 2 or each[1] != 1:
                words = f"The input “{name}” has the shape {each}."
                raise ModuleError("wrong_signature", words, column=name, remedy=REMEDY)
        types = {name: _type(dtype) for name, dtype in own.features} if own else {}
        return agreed(asked, [Feature(name, types.get(name) or TYPES[each]) for name, each, _ in inputs], None, notes)
    texts = [feature.name for feature in features if (feature.type == "text") is not (TYPES[type_] == "text")]
    if texts:
        words = f"The input “{first}” holds values of the type {TYPES[type_]} for all columns; “{texts[0]}” is given as another."
        raise ModuleError(
            "wrong_signature", words, param="features", column=texts[0], remedy="Give all columns with the type of the input."
        )
    return features


def _type(dtype: str) -> InputType:
    """The type of a feature by the name that Easel gives it."""
    if dtype == "Boolean" or kind_named(dtype) == "text":
        return "boolean" if dtype == "Boolean" else "text"
    return "integer" if dtype.startswith(("Int", "UInt")) else "number"


def _output(opened: Any) -> tuple[str, int | None]:
    """Return the output with the scores, and the number of classes; None for a number, or where it is open."""
    outputs = opened.get_outputs()
    maps = [each for each in outputs if each.type.startswith("seq(map(")]
    scores = [each for each in outputs if each.type in SCORES]
    chosen = next((each for each in (*maps, *scores) if "prob" in each.name.lower()), None) or next(iter((*maps, *scores)), None)
    if chosen is None:
        words = f"No output of the ONNX file holds numbers; it has {', '.join(f'{each.name} ({each.type})' for each in outputs)[:200]}."
        raise ModuleError(
            "no_probabilities", words, remedy="Export it with the predicted number, or with the probabilities of the classes."
        )
    if chosen in maps:
        return chosen.name, 0
    width = chosen.shape[1] if len(chosen.shape) == 2 else 1
    labelled = any(each.type in ("tensor(int64)", "tensor(string)") for each in outputs)
    if isinstance(width, int):
        return chosen.name, width if width > 1 else (2 if labelled else None)
    return chosen.name, 0 if labelled else None


def _labels(proto: Any) -> tuple[str, ...] | None:
    """The classes that an operator names."""
    for node in proto.graph.node:
        for attribute in node.attribute:
            if attribute.name in LABELS and (attribute.strings or attribute.ints):
                return tuple(each.decode("utf-8", "replace") for each in attribute.strings) or tuple(map(str, attribute.ints))
    return None
