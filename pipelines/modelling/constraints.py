"""Forms of scikit-learn's estimators, made from the constraints that they declare of their parameters.

It runs when scikit-learn is updated (`manage.py estimators`), never in a step: its result is kept in `estimators.json`.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

NUMBER = "number"  # the choice that a field of its own holds the number of
SWITCHES = {True: "true", False: "false"}
# Estimators that are not offered, and why.
ANOTHER = "it is made of other estimators"
SEVERAL = "it predicts several labels at once"
LEFT_OUT: Mapping[str, str] = {
    "CalibratedClassifierCV": ANOTHER,
    "SelfTrainingClassifier": ANOTHER,
    "TransformedTargetRegressor": ANOTHER,
    "MultiTaskElasticNet": SEVERAL,
    "MultiTaskElasticNetCV": SEVERAL,
    "MultiTaskLasso": SEVERAL,
    "MultiTaskLassoCV": SEVERAL,
    "CCA": SEVERAL,
    "PLSCanonical": SEVERAL,
    "IsotonicRegression": "it learns from one column only",
    "CategoricalNB": "it learns from category codes only",
    "ComplementNB": "it learns from counts only",
    "MultinomialNB": "it learns from counts only",
}
# Parameters that are not shown: of the process, not of the method, or what a form cannot hold.
OF_THE_PROCESS = {
    "n_jobs",
    "verbose",
    "verbose_interval",
    "verbose_feature_names_out",
    "warm_start",
    "store_cv_results",
    "cache_size",
    "compute_score",
}
REFERENCE = re.compile(r":\w+:`~?(?:[\w.]+\.)?([^`<]+?)(?:\s*<[^>]*>)?`")


def forms(kind: str) -> dict[str, Any]:
    """Return for each estimator of a kind (“classifier” or “regressor”) what it is and its fields."""
    from sklearn.utils import all_estimators

    return {
        name: {"summary": _summary(estimator), "fields": [field for each in _parameters(estimator) for field in _fields(*each)]}
        for name, estimator in all_estimators(type_filter=kind)
        if not _needs_another(estimator) and name not in LEFT_OUT
    }


def as_json(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return forms as JSON with a line for each field."""

    def line(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    kinds = []
    for kind, estimators in found.items():
        shown = [
            f'  {line(name)}: {{"summary": {line(each["summary"])}, "fields": [\n'
            + ",\n".join(f"   {line(field)}" for field in each["fields"])
            + "\n  ]}"
            for name, each in estimators.items()
        ]
        kinds.append(f" {line(kind)}: {{\n" + ",\n".join(shown) + "\n }")
    return "{\n" + ",\n".join(kinds) + "\n}"


def _needs_another(estimator: Any) -> bool:
    arguments = inspect.signature(estimator.__init__).parameters.values()
    return any(each.default is each.empty and each.name != "self" for each in arguments)


def _summary(estimator: Any) -> str:
    return _plain((inspect.getdoc(estimator) or "").split("\n\n")[0]).rstrip(".") + "."


def _parameters(estimator: Any) -> Iterable[tuple[str, Any, Sequence[Any], str]]:
    """The name, default, alternatives and description of each parameter that a form can hold."""
    import docstring_parser

    doc = docstring_parser.parse(inspect.getdoc(estimator) or "", docstring_parser.DocstringStyle.NUMPYDOC)
    words = {name.strip(): entry.description or "" for entry in doc.params for name in entry.arg_name.split(",")}
    for name, argument in inspect.signature(estimator.__init__).parameters.items():
        found = estimator._parameter_constraints.get(name, ())
        alternatives = [each for each in (found if isinstance(found, list) else ()) if type(each).__name__ != "Hidden"]
        if name in OF_THE_PROCESS or name.startswith("copy") or argument.default in ("deprecated", "warn"):
            continue
        yield name, argument.default, alternatives, _sentence(words.get(name, ""))


def _fields(name: str, default: Any, alternatives: Sequence[Any], words: str) -> list[dict[str, Any]]:
    """The fields of a form for one parameter: none where its values cannot be written, two for “a choice or a number”."""
    nullable, plain = None in alternatives, [each for each in alternatives if each is not None]
    made: dict[str, Any] = {"name": name, "help": words, "default": default} | ({"nullable": True} if nullable else {})
    if "random_state" in plain:
        return [made | {"kind": "seed", "default": 0, "help": "The random seed."}]
    if "cv_object" in plain:
        return [
            made | {"kind": "integer", "min": 2, "default": None, "nullable": True, "help": "The number of folds of the cross-validation."}
        ]
    choices = sorted({option for each in plain for option in _options(each)})
    numbers = [each for each in plain if type(each).__name__ == "Interval" or each in (Real, Integral)]
    if "boolean" in plain and not choices and not numbers:
        return [made | {"kind": "switch"}]
    if isinstance(default, tuple) and "array-like" in plain:
        return [made | {"kind": "text", "default": ", ".join(f"{each:g}" for each in default), "as": "numbers"}]
    if not choices:
        return [made | _number(numbers, default)] if numbers and _is_held(default) else []
    switches = [SWITCHES[True], SWITCHES[False]] if "boolean" in plain else []
    shown = [*choices, *switches, *([NUMBER] if numbers else [])]
    own = default if isinstance(default, str) else SWITCHES[default] if isinstance(default, bool) else None if default is None else NUMBER
    if own is not None and own not in shown:
        return []
    picked = made | {"kind": "choice", "choices": shown, "default": own}
    if not numbers:
        return [picked]
    number = {"name": f"{name}_{NUMBER}", "help": words, "when": [name, NUMBER], **_number(numbers, default)}
    return [picked, number | {"default": default if own == NUMBER else _inside(number), "nullable": False}]


def _is_held(default: Any) -> bool:
    return default is None or (isinstance(default, int | float) and not isinstance(default, bool))


def _options(constraint: Any) -> Iterable[str]:
    """The texts that a parameter may have, without those for matrices that are computed before."""
    options = getattr(constraint, "options", ()) if type(constraint).__name__ in ("StrOptions", "Options") else ()
    return [
        each for each in options if isinstance(each, str) and each != "precomputed" and each not in getattr(constraint, "deprecated", ())
    ]


def _number(alternatives: Sequence[Any], default: Any) -> dict[str, Any]:
    """The kind, the range and the help of a number that any of the alternatives allows."""
    bounds = [_bounds(each) for each in alternatives]
    whole = [each["whole"] for each in bounds]
    lows = [(each["min"], each["exclusive_min"]) for each in bounds]
    highs = [(each["max"], not each["exclusive_max"]) for each in bounds]
    low = None if any(value is None for value, _ in lows) else min(lows)
    high = None if any(value is None for value, _ in highs) else max(highs)
    endless = default in (float("inf"), float("-inf"))
    return {
        "kind": "integer" if all(whole) else "number",
        **({"as": "whole or not"} if any(whole) and not all(whole) else {}),
        **({"min": low[0]} | ({"exclusive_min": True} if low[1] else {}) if low else {}),
        **({"max": high[0]} | ({} if high[1] else {"exclusive_max": True}) if high else {}),
        **({"said": f"{_either([_range_words(each) for each in bounds])}."} if len(bounds) > 1 else {}),
        **({"default": None, "nullable": True} if endless or default is None else {}),
    }


def _either(parts: Sequence[str]) -> str:
    """Alternatives as a phrase that starts a sentence."""
    words = ", or ".join(dict.fromkeys(parts))
    return words[:1].upper() + words[1:]


def _bounds(constraint: Any) -> dict[str, Any]:
    if constraint in (Real, Integral):
        return {"whole": constraint is Integral, "min": None, "max": None, "exclusive_min": False, "exclusive_max": False}
    closed = constraint.closed
    return {
        "whole": constraint.type is Integral,
        "min": constraint.left,
        "max": constraint.right,
        "exclusive_min": closed in ("right", "neither"),
        "exclusive_max": closed in ("left", "neither"),
    }


def _range_words(bounds: Mapping[str, Any]) -> str:
    ends = [
        f"{'above' if bounds['exclusive_min'] else 'from'} {bounds['min']:g}" if bounds["min"] is not None else "",
        f"{'below' if bounds['exclusive_max'] else 'to'} {bounds['max']:g}" if bounds["max"] is not None else "",
    ]
    return " ".join(["a whole number" if bounds["whole"] else "a number", *filter(None, ends)])


def _inside(number: Mapping[str, Any]) -> float:
    """A number to start from, where the default is a choice."""
    low, high = number.get("min"), number.get("max")
    start = 1 if low is None or low < 1 else low
    return start if high is None or start <= high else high


def _sentence(text: str) -> str:
    """The first sentence of a description, as plain words."""
    first = re.split(r"\n\s*\n|\n\s*[-*] ", text.strip())[0]
    words = re.split(r"(?<=[a-z0-9)`])\.\s", f"{_plain(first)} ")[0].strip().rstrip(".:")
    if not words:
        return "As scikit-learn documents it."
    return f"{words if '_' in words.partition(' ')[0] else words[:1].upper() + words[1:]}."


def _plain(text: str) -> str:
    return " ".join(REFERENCE.sub(r"\1", text).replace("``", "").replace("`", "").split())
