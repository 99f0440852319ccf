"""Fisher's discriminants of a matrix and its classes."""

from __future__ import annotations

import warnings

import numpy as np

from pipelines.catalogue.reporting import log
from pipelines.modelling.transformations.projecting import upright

COLLINEAR = 1e-12  # the smallest eigenvalue of the columns' products, as a part of the largest
NOTHING = 1e-20  # a share of the spread between the classes that is rounding alone


def discriminants_of(matrix: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for classes numbered from 0, the share of the spread between the classes of each discriminant, and the weights: a row for each, with variance 1 inside the classes.

    Of a sample: the squares are divided by rows less classes, as R does and scikit-learn does not in every version.
    """
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    if _collinear(matrix):
        log("Some columns are sums of others; their weights are one choice of many.", "warning")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # of collinear columns it was said
        fitted = LinearDiscriminantAnalysis().fit(matrix, codes)
    counts = np.bincount(codes)
    shares = np.asarray(fitted.explained_variance_ratio_)
    weights = fitted.scalings_.T[: min(len(shares), len(counts) - 1)]
    made = matrix @ weights.T
    means = np.stack([np.bincount(codes, column) for column in made.T], axis=1) / counts[:, None]
    inside = ((made - means[codes]) ** 2).sum(axis=0) / (len(matrix) - len(counts))
    usable = np.isfinite(inside) & (inside > 0) & (shares[: len(weights)] > NOTHING)
    if not usable.any():
        return np.empty(0), np.empty((0, matrix.shape[1]))
    return shares[: len(weights)][usable], upright((weights / np.sqrt(np.where(usable, inside, 1.0))[:, None])[usable])


def _collinear(matrix: np.ndarray) -> bool:
    varying = matrix[:, matrix.any(axis=0)]
    if varying.shape[1] >= len(matrix):  # a centred matrix has one dimension less than rows
        return True
    spread = np.linalg.eigvalsh(varying.T @ varying)
    return bool(spread[0] <= COLLINEAR * spread[-1])
