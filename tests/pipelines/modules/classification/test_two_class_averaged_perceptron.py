"""Two-Class Averaged Perceptron."""

import numpy as np
import polars as pl
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import SGDClassifier

from tests.pipelines.modules.matrices import is_what_the_library_predicts
from tests.support.module_runner import only

ID = "classification.two_class_averaged_perceptron"


def test_probabilities_are_those_of_scikit_learn():
    plain = SGDClassifier("perceptron", penalty=None, learning_rate="constant", eta0=1, average=True, max_iter=10, tol=None, random_state=0)
    is_what_the_library_predicts(ID, "aspiration", CalibratedClassifierCV(plain, ensemble=False))


def test_the_weights_are_the_mean_of_those_after_each_row():
    """Freund and Schapire's perceptron, by hand."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 3))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    side = np.where(x @ [1, -2, 0.5] + rng.normal(size=80) > 0.3, 1, -1)
    weights, total = np.zeros(4), np.zeros(4)
    for row, wanted in list(zip(np.column_stack([x, np.ones(80)]), side, strict=True)) * 3:
        if wanted * (weights @ row) <= 0:
            weights = weights + wanted * row
        total += weights
    table = pl.DataFrame(x, schema=["a", "b", "c"]).with_columns(y=pl.Series(side > 0))
    model = only("training.train_model", {"label": "y"}, untrained=only(ID, {"iterations": 3, "shuffle": False}), table=table)
    inner = model.estimator["learner"].calibrated_classifiers_[0].estimator
    np.testing.assert_allclose([*inner.coef_[0], inner.intercept_[0]], total / 240, atol=1e-9)
