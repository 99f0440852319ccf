"""Trees in an ONNX file that compare numbers in the bits of their library: LightGBM's in 64, scikit-learn's in 32.

onnxmltools writes the thresholds of LightGBM's trees in 32 bits, so that a number near a threshold takes the other branch: a price of 137,000 was off by 550.
ONNX-ML has had thresholds and leaves of 64 bits since version 3, and ONNX Runtime adds the leaves in 64 bits then. What a tree answers has 32 bits in any case.

scikit-learn rounds numbers to 32 bits before it compares them. skl2onnx writes thresholds that do the like; those for numbers of 64 bits send a number that is
equal to a threshold the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

WIDE = ("nodes_values", "nodes_hitrates", "target_weights", "class_weights", "base_values")  # attributes that exist in 64 bits
Convert = Callable[[Any, Any, Any], None]


def compares_32_bits(learner: Any) -> bool:
    """Return whether a fitted learner has trees of scikit-learn in it, at any depth."""
    from sklearn.tree import BaseDecisionTree

    parts = getattr(learner, "estimators_", ())
    parts = parts.ravel() if isinstance(parts, np.ndarray) else parts
    return isinstance(learner, BaseDecisionTree) or any(map(compares_32_bits, parts))


def in_bits_of_input(convert: Convert) -> Convert:
    """Return a converter of skl2onnx that writes trees with 64 bits where its input has 64."""
    from skl2onnx.common.data_types import DoubleTensorType

    def converted(scope: Any, operator: Any, container: Any) -> None:
        is_wide = isinstance(operator.inputs[0].type, DoubleTensorType)
        convert(scope, operator, _Wide(scope, container) if is_wide else container)

    return converted


class _Wide:
    """Takes the nodes of a converter, and passes them on with the numbers of trees in 64 bits."""

    def __init__(self, scope: Any, container: Any) -> None:
        self._scope, self._container = scope, container

    def __getattr__(self, name: str) -> Any:
        return getattr(self._container, name)

    def add_node(self, op_type: str, inputs: Sequence[str], outputs: str | Sequence[str], **attributes: Any) -> None:
        """Add a node; a tree's scores are made 64 bits wide after it, since what follows has that type."""
        from onnx import TensorProto, numpy_helper

        if not op_type.startswith("TreeEnsemble"):
            self._container.add_node(op_type, inputs, outputs, **attributes)
            return
        for name in WIDE:
            if name in attributes:
                attributes[f"{name}_as_tensor"] = numpy_helper.from_array(np.asarray(attributes.pop(name), dtype=np.float64))
        *others, scores = [outputs] if isinstance(outputs, str) else outputs
        narrow = self._scope.get_unique_variable_name("narrow")
        self._container.add_node(op_type, inputs, [*others, narrow], **attributes)
        self._container.add_node("Cast", [narrow], [scores], name=self._scope.get_unique_operator_name("Cast"), to=TensorProto.DOUBLE)
