"""LightGBM's prediction of a single row: its C function for one row keeps what it needs between calls."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from typing import Any

NORMAL, FLOAT64 = 0, 1  # of LightGBM's C API: the kind of prediction, and the type of the numbers


def booster_function(learner: Any, width: int) -> Callable[[list[float]], float] | None:
    """Return the function from the numbers of a row to the prediction; None for other learners, and for more than two classes."""
    trees, scale, mean = getattr(learner, "regressor_", learner), 1.0, 0.0
    is_scaled = trees is not learner
    if type(trees).__module__ != "lightgbm.sklearn":
        return None
    if is_scaled:
        from sklearn.preprocessing import StandardScaler

        if type(learner.transformer_) is not StandardScaler:
            return None
        scale, mean = float(learner.transformer_.scale_[0]), float(learner.transformer_.mean_[0])
    booster = trees.booster_
    if booster.num_model_per_iteration() != 1 or booster.num_feature() != width:
        return None
    single = _single_row(booster, width)
    return (lambda values: single(values) * scale + mean) if is_scaled else single


def _single_row(booster: Any, width: int) -> Callable[[list[float]], float]:
    from lightgbm import basic

    library: Any = basic._LIB  # type: ignore[attr-defined]
    numbers: Any = (ctypes.c_double * width)()
    fast, out, length = ctypes.c_void_p(), (ctypes.c_double * 1)(), ctypes.c_int64()
    best = ctypes.c_int(booster.best_iteration)
    start = library.LGBM_BoosterPredictForMatSingleRowFastInit
    options = ctypes.c_char_p(b"num_threads=1")
    basic._safe_call(
        start(
            booster._handle,
            ctypes.c_int(NORMAL),
            ctypes.c_int(0),
            best,
            ctypes.c_int(FLOAT64),
            ctypes.c_int32(width),
            options,
            ctypes.byref(fast),
        )
    )
    call, at_length = library.LGBM_BoosterPredictForMatSingleRowFast, ctypes.byref(length)

    def predict(values: list[float], booster: Any = booster) -> float:  # the trees live as long as the function
        numbers[:] = values
        basic._safe_call(call(fast, numbers, at_length, out))
        return out[0]

    weakref.finalize(predict, library.LGBM_FastConfigFree, fast)
    return predict
