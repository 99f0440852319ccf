"""The simplest formulas as Polars expressions, which take no detour: comparisons, conditions and arithmetic of floats.

Only what Polars computes as DuckDB does, to the last bit, is translated; a test compares the two. Whole numbers are not added or multiplied here,
since Polars lets them overflow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import isfinite
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub, truediv
from typing import Any, Literal

import polars as pl

from pipelines.modules.transform._syntax import Node

Columns = Mapping[str, tuple[str, pl.DataType]]  # what a name in the formula stands for, and its type
ARITHMETIC: Mapping[str, Callable[[Any, Any], pl.Expr]] = {"+": add, "-": sub, "*": mul, "/": truediv}
COMPARISONS: Mapping[str, Callable[[Any, Any], pl.Expr]] = {
    "COMPARE_EQUAL": eq,
    "COMPARE_NOTEQUAL": ne,
    "COMPARE_LESSTHAN": lt,
    "COMPARE_GREATERTHAN": gt,
    "COMPARE_LESSTHANOREQUALTO": le,
    "COMPARE_GREATERTHANOREQUALTO": ge,
}
KINDS: Mapping[Any, Literal["float", "whole", "text", "truth"]] = {
    pl.Float64: "float",
    **dict.fromkeys((pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32), "whole"),
    pl.String: "text",
    pl.Boolean: "truth",
}


class Beyond(Exception):
    """The formula is not of the simplest."""


@dataclass(frozen=True)
class Part:
    """An expression and the kind of its values."""

    value: pl.Expr
    kind: Literal["float", "whole", "text", "truth"]
    constant: bool = False

    def as_float(self) -> pl.Expr:
        """Its numbers as floats."""
        return self.value if self.kind == "float" else self.value.cast(pl.Float64)


def translated(tree: Node, columns: Columns) -> pl.Expr | None:
    """The expression that a formula means, or None when it is not of the simplest."""
    try:
        return _part(tree, columns).value
    except Beyond:
        return None


def _part(node: Node, columns: Columns) -> Part:
    parts = [_part(child, columns) for child in _children(node)]
    kinds = {part.kind for part in parts}
    match node["class"], node["type"]:
        case "COLUMN_REF", _ if len(node["column_names"]) == 1:
            return _column(*columns[node["column_names"][0]])
        case "CONSTANT", _:
            return _constant(node["literal"]["kind"], node["literal"]["text"])
        case "FUNCTION", _ if _is_arithmetic(node["function_name"], parts):
            values = (part.as_float() for part in parts)
            return Part(ARITHMETIC[node["function_name"]](*values), "float", all(part.constant for part in parts))
        case "COMPARISON", kind if kind in COMPARISONS:
            return Part(COMPARISONS[kind](*_alike(parts)), "truth")
        case "BETWEEN", _:
            value, lower, upper = _alike(parts)
            return Part((value >= lower) & (value <= upper), "truth")
        case "CONJUNCTION", kind if kinds == {"truth"}:
            return Part(reduce(and_ if kind == "CONJUNCTION_AND" else or_, (part.value for part in parts)), "truth")
        case _, "OPERATOR_NOT" if kinds == {"truth"}:
            return Part(~parts[0].value, "truth")
        case _, "OPERATOR_IS_NULL":
            return Part(parts[0].value.is_null(), "truth")
        case _, "OPERATOR_IS_NOT_NULL":
            return Part(parts[0].value.is_not_null(), "truth")
    raise Beyond


def _children(node: Node) -> list[Node]:
    match node["class"]:
        case "COLUMN_REF" | "CONSTANT":
            return []
        case "FUNCTION" if node["is_operator"] and node["function_name"] in ARITHMETIC:
            return [argument["expression"] for argument in node["arguments"]]
        case "COMPARISON":
            return [node["left"], node["right"]]
        case "BETWEEN":
            return [node["input"], node["lower"], node["upper"]]
        case "CONJUNCTION" | "OPERATOR":
            return list(node["children"])
    raise Beyond


def _is_arithmetic(sign: str, parts: list[Part]) -> bool:
    """Two numbers of which one is a float, or that are divided: both are turned into floats then.

    Polars divides by a constant by multiplying with its inverse, which changes the last bit.
    """
    kinds = {part.kind for part in parts}
    if len(parts) != 2 or not kinds <= {"float", "whole"}:
        return False
    return not parts[1].constant if sign == "/" else "float" in kinds


def _column(name: str, kind: pl.DataType) -> Part:
    if kind not in KINDS:
        raise Beyond
    return Part(pl.col(name), KINDS[kind])


def _constant(kind: str, text: str) -> Part:
    if kind == "NUMERIC" and isfinite(float(text.replace("_", ""))):
        return Part(pl.lit(float(text.replace("_", ""))), "float", constant=True)
    if kind == "INTEGER" and text.removeprefix("-").isdecimal() and len(text) <= 18:
        return Part(pl.lit(int(text), pl.Int64), "whole", constant=True)
    if kind == "STRING":
        return Part(pl.lit(text), "text", constant=True)
    raise Beyond


def _alike(parts: list[Part]) -> list[pl.Expr]:
    """The values as they are compared: floats as soon as one is, else all of one kind."""
    kinds = {part.kind for part in parts}
    if kinds <= {"float", "whole"}:
        return [part.as_float() if "float" in kinds else part.value.cast(pl.Int64) for part in parts]
    if kinds != {"text"}:
        raise Beyond
    return [part.value for part in parts]
