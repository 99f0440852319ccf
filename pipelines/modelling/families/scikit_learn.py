"""Any scikit-learn classifier or regressor, on scaled numbers and one-hot columns; its own tags say what it accepts."""

from __future__ import annotations

from typing import Any

import numpy as np

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import log
from pipelines.modelling.contributions import of_weighted_sum
from pipelines.modelling.family import Family, Importances, TrainingData

FOLDS = 5  # of the cross-validation that estimates probabilities
KERNELS = (
    "CompoundKernel",
    "ConstantKernel",
    "DotProduct",
    "ExpSineSquared",
    "Exponentiation",
    "Matern",
    "Product",
    "RationalQuadratic",
    "RBF",
    "Sum",
    "WhiteKernel",
)


def _fit(learner: Any, data: TrainingData) -> Any:
    from scipy.sparse import issparse
    from sklearn.base import is_classifier
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.utils import get_tags
    from sklearn.utils.validation import has_fit_parameter

    name, matrix, extras = type(learner).__name__, data.matrix, {}
    _fix_seeds(learner)
    if (neighbors := getattr(learner, "n_neighbors", None) or 0) > len(data.y):
        raise ModuleError(
            "too_few_rows",
            f"Predictions from {neighbors} neighbors need as many training rows, but there are {len(data.y)}.",
            port="table",
            remedy="Add rows, or set fewer neighbors.",
        )
    if issparse(matrix) and not get_tags(learner).input_tags.sparse:
        matrix, data.columns.sparse_output_ = matrix.toarray(), False  # the rows that it scores arrive dense too
    if data.weights is not None:
        if has_fit_parameter(getattr(learner, "regressor", learner), "sample_weight"):
            extras["sample_weight"] = data.weights
        else:
            log(f"Row weights are not used: {name} does not support them.", "warning")
    if data.probabilities and is_classifier(learner) and not hasattr(learner, "predict_proba"):
        learner = CalibratedClassifierCV(learner, cv=folds_of(data.y), ensemble=False)
        log(f"{name} does not predict probabilities; they are estimated from its scores by cross-validation (Platt scaling).")
    return learner.fit(matrix, data.y, **extras)


def folds_of(y: Any) -> int:
    """Return into how many folds rows are split to estimate probabilities: five, or as many as the rarest class has rows.

    Raises:
        ModuleError: `class_too_small`, for a class of one row.
    """
    classes, rows = np.unique(y, return_counts=True)
    if rows.min() < 2:
        raise ModuleError(
            "class_too_small",
            f"The class “{classes[rows.argmin()]}” has a single row; to estimate its probability by cross-validation takes at least two.",
            param="label",
            remedy="Add rows of the class, or remove or combine rare classes first.",
        )
    return min(FOLDS, int(rows.min()))


def _fix_seeds(learner: Any) -> None:
    """Give an estimator whose randomness has no seed the seed 0, so that the same rows give the same model."""
    unset = [name for name, value in learner.get_params().items() if value is None and name.split("__")[-1] == "random_state"]
    learner.set_params(**dict.fromkeys(unset, 0))


def _importances(learner: Any) -> Importances | None:
    values = getattr(learner, "feature_importances_", None)
    if values is None:
        return None
    return Importances("Share of the decrease", values.tolist(), "How much each column contributed to the trees (decrease in impurity).")


FAMILY = Family(
    "scikit_learn",
    fit=_fit,
    importances=_importances,
    contributions=of_weighted_sum,
    libraries=("scikit-learn", "numpy", "scipy"),
    warm=("sklearn.compose", "sklearn.impute", "sklearn.metrics", "sklearn.pipeline", "sklearn.preprocessing"),
    trusted=(
        "collections.OrderedDict",
        "numpy.dtype",
        "sklearn._loss.loss.HalfTweedieLossIdentity",
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.calibration._SigmoidCalibration",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace",
        *(f"sklearn.gaussian_process.kernels.{name}" for name in KERNELS),
        "sklearn.metrics._dist_metrics.EuclideanDistance64",
        "sklearn.neighbors._ball_tree.BallTree",
        "sklearn.neighbors._kd_tree.KDTree",
        "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
        "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
        "sklearn.tree._tree.Tree",
    ),
)
