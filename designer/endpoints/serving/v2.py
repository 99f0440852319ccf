"""The Open Inference Protocol v2: a table is one input per column, of shape [n] or [n, 1]."""

from __future__ import annotations

import math
from typing import Annotated, Any

import msgspec

from designer.endpoints.serving.model import Model, Scored
from designer.endpoints.serving.replies import Refused, Reply, encode
from designer.endpoints.serving.simple import Asked, new_id, not_json
from pipelines.serving.converting import INTEGER
from pipelines.serving.signature import Column

SERVER = {"name": "easel", "version": "2", "extensions": []}
DATATYPES = {"number": "FP64", "integer": "INT64", "boolean": "BOOL"}  # others are BYTES
WHOLE = {f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)}
KNOWN = {"BOOL", "BYTES", "FP16", "FP32", "FP64", *WHOLE}
SAFE = 2**53


class Tensor(msgspec.Struct):
    """One input."""

    name: str
    shape: list[Annotated[int, msgspec.Meta(ge=0)]]
    datatype: str
    data: list[Any]
    parameters: dict[str, Any] = {}


class Wanted(msgspec.Struct):
    """One output that is asked for."""

    name: str
    parameters: dict[str, Any] = {}


class Infer(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an inference request."""

    inputs: list[Tensor]
    id: Annotated[str, msgspec.Meta(max_length=200)] = ""
    parameters: dict[str, Any] = {}
    outputs: list[Wanted] | None = None


decoder = msgspec.json.Decoder(Infer)


def read(body: bytes, request_id: str) -> tuple[Asked, Infer]:
    """Read a request.

    Raises:
        Refused: 400 when it is not JSON, 422 when it is not of the protocol.
    """
    try:
        asked = decoder.decode(body)
    except msgspec.ValidationError as wrong:
        raise Refused(422, "wrong_form", f"{wrong}.", remedy="Send inputs with name, shape, datatype and data.") from None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as wrong:
        raise not_json(wrong) from None
    columns: dict[str, list[Any]] = {}
    for tensor in asked.inputs:
        if tensor.name in columns:
            raise Refused(422, "wrong_form", "The input is given twice.", field=tensor.name)
        columns[tensor.name] = _values(tensor)
    if len({len(values) for values in columns.values()}) > 1:
        raise Refused(422, "wrong_form", "The inputs have different numbers of rows.", remedy="Send as many values for each.")
    names = list(columns)
    rows = [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return Asked(rows, asked.id or request_id or new_id()), asked


def _values(tensor: Tensor) -> list[Any]:
    """The values of a column; null is missing."""
    if tensor.datatype not in KNOWN:
        raise Refused(422, "wrong_form", f"The datatype {tensor.datatype} is unknown.", field=tensor.name)
    if len(tensor.shape) not in (1, 2) or (len(tensor.shape) == 2 and tensor.shape[1] != 1):
        raise Refused(422, "wrong_form", "The shape is neither [n] nor [n, 1].", remedy="Send one input per column.", field=tensor.name)
    values = [each[0] if type(each) is list and len(each) == 1 else each for each in tensor.data]
    if len(values) != tensor.shape[0]:
        words = f"The shape says {tensor.shape[0]} values, and there are {len(values)}."
        raise Refused(422, "wrong_form", words, field=tensor.name)
    if tensor.datatype in WHOLE:
        return [_whole(tensor.name, value) for value in values]
    return values


def _whole(name: str, value: Any) -> Any:
    """A whole number beyond 2^53 may be sent as a text."""
    if type(value) is not str:
        return value
    if text := INTEGER.fullmatch(value):
        return int(text[1])
    raise Refused(422, "wrong_type", f"The text {value[:40]!r} is not a whole number.", field=name)


def describe(name: str, model: Model, versions: list[int]) -> dict[str, Any]:
    """The metadata of a model."""
    return {
        "name": name,
        "versions": [str(number) for number in versions],
        "platform": f"easel ({model.slower})" if model.slower else "easel",
        "inputs": [_described(column) for column in model.columns],
        "outputs": [_described(column) for column in model.outputs],
    }


def _described(column: Column) -> dict[str, Any]:
    return {"name": column.name, "datatype": DATATYPES.get(column.type, "BYTES"), "shape": [-1]}


def write(name: str, asked: Infer, rows: Asked, model: Model, scored: Scored) -> Reply:
    """The answer: one output per column of the result.

    Raises:
        Refused: 422 when an output is asked for that there is not.
    """
    known = {column.name: column for column in model.outputs}
    names = [wanted.name for wanted in asked.outputs] if asked.outputs is not None else list(known)
    if unknown := [each for each in names if each not in known]:
        raise Refused(422, "unknown_output", f"There is no output {unknown[0]}.", remedy=f"The outputs are {', '.join(known)}.")
    outputs = [
        {**_described(known[each]), "shape": [len(scored.rows)], "data": [_sent(known[each], row and row[each]) for row in scored.rows]}
        for each in names
    ]
    body: dict[str, Any] = {"model_name": name, "model_version": str(model.number), "id": rows.request_id, "outputs": outputs}
    if said := [*scored.reasons.values(), *scored.warnings]:
        body["parameters"] = {"warnings": encode(said).decode()}  # the protocol has scalars only
    return Reply(200, encode(body), version=model.number, rows=len(rows.rows), warnings=len(said))


def _sent(column: Column, value: Any) -> Any:
    if value is None or (type(value) is float and not math.isfinite(value)):
        return None
    if DATATYPES.get(column.type) is None and not isinstance(value, str):
        return str(value)
    return str(value) if type(value) is int and abs(value) > SAFE else value
