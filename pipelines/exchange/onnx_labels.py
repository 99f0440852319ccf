"""The label of two classes in an ONNX file, by the threshold of the model: converters give the likelier class."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import USUAL_THRESHOLD, Model

NAME = "easel_label_by_threshold"


def by_threshold(proto: Any, model: Model) -> Any:
    """Return a converted classifier whose label is the positive class from the model's threshold on; unchanged where that is 0.5.

    Args:
        proto: The graph with the outputs label and probabilities (rows x classes); it is changed.
        model: The model.
    """
    if model.threshold == USUAL_THRESHOLD or model.task != "two_class" or model.classes is None:
        return proto
    import polars as pl
    from onnx import TensorProto, helper

    values = list(model.estimator.classes_)
    place = class_text(pl.Series(values)).to_list().index(model.classes[1])
    label, chances = proto.graph.output[0], proto.graph.output[-1].name
    kind = label.type.tensor_type.elem_type
    plain = (lambda value: str(value).encode()) if kind == TensorProto.STRING else int
    constants = {
        f"{NAME}_place": (TensorProto.INT64, [], [place]),
        f"{NAME}_threshold": (TensorProto.DOUBLE, [1], [model.threshold]),
        f"{NAME}_positive": (kind, [1], [plain(values[place])]),
        f"{NAME}_negative": (kind, [1], [plain(values[1 - place])]),
    }
    proto.graph.initializer.extend(helper.make_tensor(name, *each) for name, each in constants.items())
    proto.graph.node.extend(
        [
            helper.make_node("Gather", [chances, f"{NAME}_place"], [f"{NAME}_chance"], axis=1),
            helper.make_node("Cast", [f"{NAME}_chance"], [f"{NAME}_wide"], to=TensorProto.DOUBLE),
            helper.make_node("GreaterOrEqual", [f"{NAME}_wide", f"{NAME}_threshold"], [f"{NAME}_likely"]),
            helper.make_node("Where", [f"{NAME}_likely", f"{NAME}_positive", f"{NAME}_negative"], [NAME]),
        ]
    )
    label.name = NAME
    return proto
