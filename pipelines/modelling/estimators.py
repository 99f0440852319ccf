"""scikit-learn's estimators as forms (`estimators.json`), and an estimator of what a form holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.params import Among, FormOf, Param, ParamKind, Range, When

FORMS = Path(__file__).with_suffix(".json")
WORDS = {"true": True, "false": False}
NUMBER = "number"


def estimators_of(kind: str) -> Among:
    """Return the annotation of a choice among the estimators of a kind: “classifier” or “regressor”."""
    return Among(tuple(_forms()[kind]))


def parameters_of(kind: str, choice: str) -> FormOf:
    """Return the annotation of the parameters of the estimator that a setting names."""
    return FormOf(choice, partial(_fields, kind))


def estimator(kind: str, name: str, parameters: Mapping[str, Any]) -> Any:
    """Return an unfitted estimator.

    Raises:
        ModuleError: `bad_parameter`, where scikit-learn refuses the value of one.
    """
    from sklearn.utils._param_validation import InvalidParameterError

    made = _classes(kind)[name](**_arguments(kind, name, parameters))
    try:
        made._validate_params()
    except InvalidParameterError as wrong:
        words = " ".join(str(wrong).split()).rstrip(".")
        raise ModuleError("bad_parameter", f"{words}.", param="parameters", remedy="Correct the parameter, or reset it.") from wrong
    return made


@cache
def _classes(kind: str) -> Mapping[str, Any]:
    """The classes of a kind by name; finding them takes longer than fitting one on few rows."""
    from sklearn.utils import all_estimators

    return dict(all_estimators(type_filter=kind))


@cache
def _forms() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(FORMS.read_bytes())
    return found


@cache
def _fields(kind: str, name: str) -> tuple[Param, ...] | None:
    form = _forms()[kind].get(name)
    return None if form is None else tuple(map(_param, form["fields"]))


def _param(field: Mapping[str, Any]) -> Param:
    return Param(
        name=field["name"],
        title=f"{field['when'][0]} (number)" if "when" in field else field["name"],  # the names that scikit-learn's documentation has
        kind=ParamKind(field["kind"]),
        default=field["default"],
        nullable=field.get("nullable", False),
        help=" ".join(filter(None, [field["help"], field.get("said")])),
        range=Range(field.get("min"), field.get("max"), field.get("exclusive_min", False), field.get("exclusive_max", False)),
        choices=tuple((value, "A number" if value == NUMBER else value) for value in field.get("choices", ())),
        shown_when=When(*field["when"]) if "when" in field else None,
    )


def _arguments(kind: str, name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an estimator: those that differ from its defaults."""
    fields = {field["name"]: field for field in _forms()[kind][name]["fields"]}
    values = {each: parameters.get(each, field["default"]) for each, field in fields.items()}
    found = {}
    for each, field in fields.items():
        if "when" in field:
            continue
        used = fields[f"{each}_{NUMBER}"] if field["kind"] == "choice" and values[each] == NUMBER else field
        if any(values[one["name"]] != one["default"] for one in (field, used)):
            found[each] = _argument(used, values[used["name"]])
    return found


def _argument(field: Mapping[str, Any], value: Any) -> Any:
    if value is None:
        return None
    if field["kind"] == "choice":
        return WORDS.get(value, value)
    if field.get("as") == "numbers":
        return tuple(_numbers(field["name"], value))
    return int(value) if field.get("as") == "whole or not" and value == int(value) else value


def _numbers(name: str, text: str) -> list[float]:
    try:
        found = [float(part) for part in text.split(",")]
    except ValueError:
        words = f"“{name}” has to be numbers that are separated by commas, not “{text[:60]}”."
        raise ModuleError("bad_parameter", words, param="parameters", remedy="Enter numbers such as 100, 50.") from None
    return [int(each) if each.is_integer() else each for each in found]
