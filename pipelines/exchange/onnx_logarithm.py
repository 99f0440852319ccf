"""ONNX of a learner of the logarithm of the label: the learner inside, and the operators that undo the logarithm in 64 bits."""

from __future__ import annotations

from typing import Any

from pipelines.modelling.log_label import is_of_logarithm, shift_of

LOGARITHM, LABEL = "logarithm", "undone_label"


def inside(estimator: Any) -> Any:
    """Return the pipeline whose encoder and learner are converted: that inside of a learner of the logarithm, else the pipeline itself."""
    learner = estimator.named_steps["learner"]
    return learner.regressor_ if is_of_logarithm(learner) else estimator


def undone(converted: Any, estimator: Any) -> Any:
    """Return the graph of a converted learner with operators that undo the logarithm, where the model is of one.

    Args:
        converted: The converted learner, as `inside` gives it.
        estimator: The fitted pipeline of the model.
    """
    from onnx import TensorProto, helper, numpy_helper

    learner = estimator.named_steps["learner"]
    if not is_of_logarithm(learner):
        return converted
    import numpy as np

    graph = converted.graph
    for name, value in (("shift", shift_of(learner)), ("one", 1.0)):
        graph.initializer.append(numpy_helper.from_array(np.array(value), name))
    graph.node.extend(
        [
            helper.make_node("Cast", [graph.output[0].name], [LOGARITHM], to=TensorProto.DOUBLE),
            helper.make_node("Add", [LOGARITHM, "shift"], ["shifted"]),
            helper.make_node("Exp", ["shifted"], ["power"]),
            helper.make_node("Sub", ["power", "one"], [LABEL]),
        ]
    )
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(LABEL, TensorProto.DOUBLE, [None, 1]))
    return converted
