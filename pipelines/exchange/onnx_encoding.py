"""The encoder of a model as ONNX operators, in numbers of 64 bits: from one input for each column to the matrix that the learner takes.

Operators: https://onnx.ai/onnx/operators/ (opset 18, ai.onnx.ml 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import isnan
from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.modelling.features import LARGEST
from pipelines.modelling.row_encoders import Codes, Gap, Number, OneHot, Part

UNKNOWN = -1.0  # the code of a text that is in no category, for one-hot columns
ROWS_OF = "columns"


class Operators:
    """Operators and constants that are added one after the other."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add an operator; returns the name of its output."""
        from onnx import helper

        name = f"{ROWS_OF}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **attributes))
        return name

    def constant(self, values: Any) -> str:
        """Add a constant; returns its name."""
        from onnx import numpy_helper

        name = f"{ROWS_OF}_constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name


def encode(parts: Sequence[Part], texts: frozenset[str], to: Operators) -> str:
    """Add the operators of an encoder; returns the name of the matrix, rows x columns in 64 bits.

    Args:
        parts: The parts of the matrix, in order.
        texts: The columns that are texts; all others are numbers.
        to: Receives the operators. Inputs are named as the columns, each rows x 1.

    Raises:
        ModuleError: `not_exported`, when a text has a category that ONNX cannot tell from a missing one.
    """
    numbers = _Numbers(to)
    blocks = []
    for kind, group in groupby(parts, type):
        several: list[Any] = list(group)
        if kind is Number:
            blocks.append(_numbers(several, numbers, to))
        elif kind is Gap:
            gaps = _joined([numbers.is_missing(part.column) for part in several], to)
            missing, present = ([[getattr(part, name) for part in several]] for name in ("missing", "present"))
            blocks.append(to.add("Where", gaps, to.constant(missing), to.constant(present)))
        elif kind is Codes:
            blocks += [_codes(part.column, part.codes, np.nan, to) for part in several]
        else:
            blocks += [_one_hot(part, texts, numbers, to) for part in several]
    return _joined(blocks, to)


def width_of(parts: Sequence[Part]) -> int:
    """Return the number of columns of the matrix."""
    return sum(len(part.places) if isinstance(part, OneHot) else 1 for part in parts)


class _Numbers:
    """Number columns as learners take them: infinite ones missing, within ±1e100."""

    def __init__(self, to: Operators) -> None:
        self._to, self._values, self._missing = to, dict[str, str](), dict[str, str]()

    def value(self, column: str) -> str:
        """The column, NaN where it is missing."""
        if column not in self._values:
            to = self._to
            finite = to.add("Where", to.add("IsInf", column), to.constant(np.float64(np.nan)), column)
            self._values[column] = to.add("Clip", finite, to.constant(np.float64(-LARGEST)), to.constant(np.float64(LARGEST)))
        return self._values[column]

    def is_missing(self, column: str) -> str:
        """Whether each value is missing."""
        if column not in self._missing:
            self._missing[column] = self._to.add("IsNaN", self.value(column))
        return self._missing[column]


def _numbers(parts: Sequence[Number], numbers: _Numbers, to: Operators) -> str:
    values = _joined([numbers.value(part.column) for part in parts], to)
    if any(not isnan(part.fill) for part in parts):
        values = to.add("Where", to.add("IsNaN", values), to.constant([[part.fill for part in parts]]), values)
    if any(part.shift is not None for part in parts):
        shifted = to.add("Sub", values, to.constant([[part.shift or 0.0 for part in parts]]))
        values = to.add("Div", shifted, to.constant([[1.0 if part.scale is None else part.scale for part in parts]]))
    return values


def _codes(column: str, codes: Mapping[Any, float], other: float, to: Operators) -> str:
    """The number of a text, `other` for an unknown or missing one."""
    known = {text: code for text, code in codes.items() if text is not None}
    found = to.add(
        "LabelEncoder",
        column,
        domain="ai.onnx.ml",
        keys_strings=[*known] or ["(none)"],
        values_floats=[*map(float, known.values())] or [other],
        default_float=other,
    )
    return to.add("Cast", found, to=_double())


def _one_hot(part: OneHot, texts: frozenset[str], numbers: _Numbers, to: Operators) -> str:
    places: dict[Any, int] = dict(part.places)
    if part.column in texts:
        missing = part.fill if part.fill is not None else None
        if "" in places and (missing in places or None in places):
            words = f"“{part.column}” has the empty text as a category beside missing values, which ONNX cannot tell apart."
            raise ModuleError(
                "not_exported", words, column=part.column, remedy="Replace the empty text before training, or download it as skops."
            )
        if missing in places:
            places[""] = places[missing]
        code = _codes(part.column, {text: float(place) for text, place in places.items()}, UNKNOWN, to)
        hot = to.add("Equal", code, to.constant(np.arange(len(part.places), dtype=np.float64)[None, :]))
        return to.add("Cast", hot, to=_double())
    known = [np.nan] * len(places)
    for value, place in places.items():
        known[place] = np.nan if value is None else float(value)
    gaps = [[value != value for value in known]]
    hot = to.add("Equal", numbers.value(part.column), to.constant([[np.inf if value != value else value for value in known]]))
    if any(gaps[0]):
        hot = to.add("Or", hot, to.add("And", numbers.is_missing(part.column), to.constant(gaps)))
    return to.add("Cast", hot, to=_double())


def _joined(names: Sequence[str], to: Operators) -> str:
    return names[0] if len(names) == 1 else to.add("Concat", *names, axis=1)


def _double() -> int:
    from onnx import TensorProto

    return int(TensorProto.DOUBLE)
