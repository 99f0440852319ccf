"""Which solver fits a linear learner: chosen by the shape of the matrix, all to the same minimum."""

from __future__ import annotations

from typing import Any

import numpy as np

DENSE_CELLS = 1_000_000  # below, a sparse matrix saves nothing
MOST_EXACT = 5_000  # columns, of which an exact solver keeps the square in memory
MOST_NEWTON = 500
MOST_ROWS = 200_000
START_ROWS = 20_000


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
    """Fit a LogisticRegression: by Newton's method, or by L-BFGS, whose steps are many and short, where columns or rows are too many for that.

    Many rows start from the solution of some of them.
    """
    rows, columns = matrix.shape
    wide = columns > MOST_NEWTON or columns > rows
    if not wide and rows <= MOST_ROWS:
        return learner.fit(matrix, y, sample_weight=weights)
    some = np.linspace(0, rows - 1, START_ROWS).astype(int)
    if not wide and len(np.unique(y[some])) == 2:
        strength = learner.C
        learner.set_params(warm_start=True, C=strength * rows / len(some))
        learner.fit(matrix[some], y[some], sample_weight=None if weights is None else weights[some])
        learner.set_params(C=strength)
    tolerance = learner.tol if wide else max(learner.tol, 1e-6)
    learner.set_params(solver="lbfgs", max_iter=learner.max_iter * 10, tol=tolerance)
    return learner.fit(matrix, y, sample_weight=weights).set_params(warm_start=False)
