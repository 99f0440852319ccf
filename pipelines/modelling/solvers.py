"""Which solver fits a linear learner: chosen by the shape of the matrix, all to the same minimum."""

from __future__ import annotations

from typing import Any

import numpy as np

DENSE_CELLS = 1_000_000  # below, a sparse matrix saves nothing
MOST_EXACT = 5_000  # columns, of which an exact solver keeps the square in memory
MOST_NEWTON = 500
MOST_ROWS = 200_000
START_ROWS = 20_000
RARE = 1.5  # times as much in all rows as in some


def fit_ridge(learner: Any, matrix: Any, y: Any, weights: Any) -> Any:
    """Fit a Ridge whose alpha is a weight on the mean of the squares; scikit-learn's is one on their sum."""
    from scipy.sparse import issparse
    from sklearn.linear_model import LinearRegression

    rows, columns = matrix.shape
    total = float(rows if weights is None else weights.sum())
    learner.set_params(alpha=learner.alpha * total)
    if issparse(matrix) and rows * columns <= DENSE_CELLS:
        matrix = matrix.toarray()
    if issparse(matrix) and learner.fit_intercept and columns <= MOST_EXACT:
        return _fit_centred(learner, matrix, y, weights)
    if not learner.alpha and not issparse(matrix):  # the columns of a text's values depend on each other, which Ridge's solvers do not see
        return LinearRegression(fit_intercept=learner.fit_intercept).fit(matrix, y, sample_weight=weights)
    return learner.fit(matrix, y, sample_weight=weights)


def _fit_centred(learner: Any, matrix: Any, y: Any, weights: Any) -> Any:
    """The exact solution for a sparse matrix: the normal equations, centred after the products so that the matrix stays sparse.

    scikit-learn's own exact solvers have no constant for a sparse matrix, and its iterative ones stop 0.1 % away.
    """
    from scipy.linalg import LinAlgError, lstsq, solve
    from scipy.sparse import dia_matrix

    rows = matrix.shape[0]
    weighted = matrix if weights is None else dia_matrix((weights, 0), shape=(rows, rows)) @ matrix
    total, centre = (rows, y.mean()) if weights is None else (weights.sum(), weights @ y / weights.sum())
    mean = np.asarray(weighted.sum(axis=0)).ravel() / total
    products = (matrix.T @ weighted).toarray() - total * np.outer(mean, mean)
    products.flat[:: len(mean) + 1] += learner.alpha
    right = weighted.T @ (y - centre)
    try:
        learner.coef_ = solve(products, right, assume_a="pos") if learner.alpha else lstsq(products, right)[0]
    except LinAlgError:
        learner.coef_ = lstsq(products, right)[0]
    learner.intercept_ = float(centre - mean @ learner.coef_)
    learner.n_features_in_ = len(mean)
    return learner


def fit_logistic(learner: Any, matrix: Any, y: Any, weights: Any) -> Any:
    """Fit a LogisticRegression: by Newton's method, of many rows from the solution of some; by L-BFGS, whose steps are many and short, where
    columns are many, or where no penalty keeps the curvature apart from 0.
    """
    rows, columns = matrix.shape
    if learner.solver == "lbfgs":
        return learner.fit(matrix, y, sample_weight=weights)
    free = rows > MOST_ROWS and np.isinf(learner.C)
    if free or columns > MOST_NEWTON or columns > rows:
        learner.set_params(solver="lbfgs", max_iter=learner.max_iter * 10, tol=max(learner.tol, 1e-6) if free else learner.tol)
    elif rows > MOST_ROWS and _starts(learner, matrix, y, weights):
        if _steps(learner, matrix, y, weights):
            return learner
        return learner.set_params(warm_start=True).fit(matrix, y, sample_weight=weights).set_params(warm_start=False)
    return learner.fit(matrix, y, sample_weight=weights)


def _starts(learner: Any, matrix: Any, y: Any, weights: Any) -> bool:
    """Fit some of the rows, if they have both classes."""
    some, strength = _some(y), learner.C
    if len(np.unique(y[some])) < 2:
        return False
    learner.set_params(C=strength * len(y) / len(some))
    learner.fit(matrix[some], y[some], sample_weight=None if weights is None else weights[some])
    learner.set_params(C=strength)
    return True


def _steps(learner: Any, matrix: Any, y: Any, weights: Any) -> bool:
    """Newton's steps with the slope of all rows and the curvature of some, which costs little beside that of all; False where they do not come nearer."""
    from scipy.linalg import LinAlgError, cho_solve
    from scipy.special import expit
    from sklearn.utils.class_weight import compute_sample_weight

    counts = compute_sample_weight(learner.class_weight, y) * (1 if weights is None else weights)
    truth, penalty = y == learner.classes_[1], np.append(np.full(matrix.shape[1], 1 / learner.C), 0)
    solution, nearest, factor = np.append(learner.coef_[0], learner.intercept_), np.inf, None
    for step in range(learner.max_iter):
        chance = expit(matrix @ solution[:-1] + solution[-1])
        slopes = counts * (chance - truth)
        slope = np.append(matrix.T @ slopes, slopes.sum()) + penalty * solution
        distance = np.abs(slope).max() / counts.sum()
        if distance <= learner.tol:
            learner.coef_, learner.intercept_, learner.n_iter_ = solution[None, :-1], solution[-1:], np.array([step], dtype=np.int32)
            return True
        if not distance < 2 * nearest:
            return False
        nearest = min(nearest, distance)
        try:
            factor = factor or _curvature(matrix, counts * chance * (1 - chance), _some(y), penalty)
        except LinAlgError:
            return False
        solution = solution - cho_solve(factor, slope)
    return False


def _curvature(matrix: Any, counts: Any, some: Any, penalty: Any) -> Any:
    """The Cholesky factor of the curvature of the loss, from some rows. Columns that are rare among them get what all rows give, lest a step is too long."""
    from scipy.linalg import cho_factor
    from scipy.sparse import csr_matrix, issparse

    rows, share = matrix[some], counts[some] * len(counts) / len(some)
    weighed = rows.multiply(share[:, None]).tocsr() if issparse(rows) else rows * share[:, None]
    products, sums = rows.T @ weighed, np.asarray(weighed.sum(axis=0)).ravel()
    curvature = np.block([[products.toarray() if issparse(products) else products, sums[:, None]], [sums, share.sum()]])
    if issparse(matrix):
        squares = csr_matrix((matrix.data**2, matrix.indices, matrix.indptr), shape=matrix.shape).T @ counts
    else:
        squares = np.einsum("ij,ij,i->j", matrix, matrix, counts)
    found, wanted = curvature.diagonal(), np.append(squares, counts.sum())
    curvature.flat[:: len(curvature) + 1] += penalty + np.where(wanted > RARE * found, wanted - found, 0)
    return cho_factor(curvature)


def _some(y: Any) -> Any:
    return np.linspace(0, len(y) - 1, START_ROWS).astype(int)
