"""The parameters of an exported script, from the command line or a notebook. The script holds a copy of this file."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from pipelines.graph.parameters import TEXT_TYPES, Parameter


def read(declared: Mapping[str, Any], given: Mapping[str, Any]) -> SimpleNamespace:
    """Return the value of each parameter: the given one, else its default.

    Raises:
        ValueError: For a wrong value, as a sentence.
    """
    found: dict[str, Any] = {}
    for name, data in declared.items():
        parameter = Parameter.from_json(name, data)
        if parameter.required and given.get(name) is None:
            raise ValueError(f"The parameter {name} needs a value.")
        try:
            found[name] = parameter.read(given.get(name, parameter.default))
        except ValueError as wrong:
            raise ValueError(f"The parameter {name} {wrong}.") from None
    return SimpleNamespace(**found)


def add_arguments(parser: ArgumentParser, declared: Mapping[str, Any]) -> None:
    """Add an argument for each parameter, with its name, help and check."""
    for name, data in declared.items():
        parameter = Parameter.from_json(name, data)
        about = " ".join(filter(None, (parameter.help or parameter.label, f"(default: {parameter.default})" * (not parameter.required))))
        as_: Callable[[str], Any] = partial(_argument, parameter)
        parser.add_argument(
            f"--{name}", dest=f"parameter {name}", type=as_, required=parameter.required, metavar="VALUE", help=about.replace("%", "%%")
        )


def _argument(parameter: Parameter, text: str) -> Any:
    try:
        return parameter.read(text if parameter.type in TEXT_TYPES else _json(text))
    except ValueError as wrong:
        raise ArgumentTypeError(str(wrong)) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
