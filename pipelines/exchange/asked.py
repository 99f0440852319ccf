"""What is told of a file that is read as a model, and what comes of it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from pipelines.serving.signature import Signature

InputType = Literal["number", "integer", "text", "boolean"]
DTYPES: dict[InputType, str] = {"number": "Float64", "integer": "Int64", "text": "String", "boolean": "Boolean"}
TASKS = ("regression", "two_class", "multi_class")


class Feature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An input column."""

    name: str
    type: InputType = "number"


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the person who uploads a file says of it; what is empty is read from the file.

    `features` are the inputs in the order of the model, `classes` its classes, of two the positive one last.
    """

    file_name: str = ""
    task: str = ""
    label: str = ""
    features: tuple[Feature, ...] = ()
    classes: tuple[str, ...] = ()


class Imported(msgspec.Struct, frozen=True):
    """What was read: the facts of the model, its signature, where each was found, and the libraries that it needs."""

    facts: dict[str, Any]
    signature: Signature
    format: str
    notes: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """How the answers of a converted file differ from those of the model.

    `largest` is the largest difference of numbers and probabilities, `relative` that divided by the larger of 1 and the value; `labels` are the rows with
    another label. `rows` says on how many rows, and `words` on which. `bits` are those of the numbers that the file computes with.
    """

    rows: int
    largest: float
    relative: float
    labels: int
    words: str
    bits: int
