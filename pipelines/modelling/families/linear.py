"""Linear learners: weighted sums, fitted by the solver that suits the shape of the matrix."""

from __future__ import annotations

from functools import partial
from typing import Any

from pipelines.modelling.encoders import one_hot_columns
from pipelines.modelling.family import Family, TrainingData
from pipelines.modelling.solvers import fit_logistic, fit_ridge


def _fit(learner: Any, data: TrainingData) -> Any:
    from scipy.sparse import issparse
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.linear_model import LogisticRegression, Ridge

    matrix = data.matrix
    if isinstance(learner, Ridge):
        return fit_ridge(learner, matrix, data.y, data.weights)
    if isinstance(learner, LogisticRegression):
        return fit_logistic(learner, matrix, data.y, data.weights)
    if isinstance(learner, TransformedTargetRegressor):
        if issparse(matrix):  # gradient descent hardly moves the constant of a sparse matrix
            matrix = matrix.toarray()
        # a step that is longer than 1 / |row|² diverges
        learner.set_params(regressor__eta0=learner.regressor.eta0 / float((matrix**2).sum(axis=1).mean() + 1))
    return learner.fit(matrix, data.y, sample_weight=data.weights)


FAMILY = Family(
    "linear",
    encode=partial(one_hot_columns, topics=False),
    fit=_fit,
    libraries=("scikit-learn", "numpy", "scipy"),
    warm=("sklearn.linear_model",),
)
