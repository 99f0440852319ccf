"""LightGBM's prediction of a single row and of a matrix: its C function for one row keeps what it needs between calls."""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NORMAL, FLOAT64 = 0, 1  # of LightGBM's C API: the kind of prediction, and the type of the numbers


class Trees(NamedTuple):
    """The prediction of the numbers of a row, and of a matrix with one row each: equal to the last bit."""

    row: Callable[[list[float]], float]
    matrix: Callable[[NDArray[np.float64]], NDArray[np.float64]]


def booster_functions(learner: Any, width: int) -> Trees | None:
    """Return the functions from numbers to predictions; None for other learners, and for more than two classes."""
    trees = getattr(learner, "regressor_", learner)
    if type(trees).__module__ != "lightgbm.sklearn":
        return None
    booster = trees.booster_
    if booster.num_model_per_iteration() != 1 or booster.num_feature() != width:
        return None
    plain = Trees(_single_row(booster, width), lambda matrix: booster.predict(matrix, num_threads=1))
    return plain if trees is learner else _scaled_back(plain, learner.transformer_)


def _scaled_back(trees: Trees, transformer: Any) -> Trees | None:
    """The predictions of a label that was scaled for training."""
    from sklearn.preprocessing import StandardScaler

    if type(transformer) is not StandardScaler:
        return None
    scale, mean = float(transformer.scale_[0]), float(transformer.mean_[0])
    return Trees(lambda values: trees.row(values) * scale + mean, lambda matrix: trees.matrix(matrix) * scale + mean)


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
