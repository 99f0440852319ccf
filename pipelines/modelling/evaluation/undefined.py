"""Why a figure has no value of some rows, in a sentence."""

from __future__ import annotations

_BOTH, _SEVERAL, _DIFFERENT = "rows of both classes", "rows of several classes", "actual values that differ"
_POSITIVE = "actual values that are not negative, and predictions above 0"
NEEDS = {
    "auc": _BOTH,
    "average_precision": _BOTH,
    "auc_macro": _SEVERAL,
    "auc_weighted": _SEVERAL,
    "auc_one_vs_one": _SEVERAL,
    "norm_macro_recall": _SEVERAL,
    "kappa": _SEVERAL,
    "relative_absolute_error": _DIFFERENT,
    "relative_squared_error": _DIFFERENT,
    "r2": _DIFFERENT,
    "normalized_mean_absolute_error": _DIFFERENT,
    "normalized_root_mean_squared_error": _DIFFERENT,
    "spearman": "actual values that differ, and predictions that differ",
    "mean_absolute_percentage_error": "actual values other than 0",
    "root_mean_squared_log_error": "actual values and predictions above -1",
    "poisson_deviance": _POSITIVE,
    "tweedie_deviance": _POSITIVE,
}


def why_undefined(key: str) -> str:
    """Return what a figure needs to have a value; empty where it has one of any rows."""
    return f"It needs {NEEDS[key]}." if key in NEEDS else ""
