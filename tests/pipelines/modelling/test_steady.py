"""A row's prediction does not depend on the rows beside it."""

import numpy as np
import polars as pl
import pytest
from sklearn.base import RegressorMixin
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from pipelines.modelling.steady import steadied

NUMBERS = np.random.default_rng(0).normal(size=(300, 40))
FRAME = pl.DataFrame(NUMBERS, schema=[f"c{at}" for at in range(40)])


def fitted(learner):
    columns = ColumnTransformer([("numbers", StandardScaler(), FRAME.columns)])
    target = NUMBERS @ np.arange(40)
    return Pipeline([("columns", columns), ("learner", learner)]).fit(FRAME, target if isinstance(learner, RegressorMixin) else target > 0)


CALIBRATED = CalibratedClassifierCV(LinearSVC(), cv=2, ensemble=False)


@pytest.mark.parametrize(
    ("learner", "method"), [(Ridge(), "predict"), (LogisticRegression(), "predict_proba"), (CALIBRATED, "predict_proba")]
)
def test_weighted_sums_are_the_same_alone_and_together(learner, method):
    plain = fitted(learner)
    steady = steadied(plain)
    together = getattr(steady, method)(FRAME)
    alone = np.concatenate([getattr(steady, method)(FRAME[row : row + 1]) for row in range(FRAME.height)])
    assert (alone == together).all()
    np.testing.assert_allclose(together, getattr(plain, method)(FRAME), rtol=1e-9)


@pytest.mark.parametrize("part", [LogisticRegression(), DecisionTreeClassifier(max_depth=3, random_state=0)])
@pytest.mark.parametrize("classes", [2, 12])
def test_classes_against_all_others_are_the_same_alone_and_together(part, classes):
    columns = ColumnTransformer([("numbers", StandardScaler(), FRAME.columns)])
    target = np.digitize(NUMBERS[:, 0] + NUMBERS[:, 1], np.linspace(-1.5, 1.5, classes - 1))
    plain = Pipeline([("columns", columns), ("learner", OneVsRestClassifier(part))]).fit(FRAME, target)
    steady = steadied(plain)
    together = steady.predict_proba(FRAME)
    alone = np.concatenate([steady.predict_proba(FRAME[row : row + 1]) for row in range(FRAME.height)])
    assert (alone == together).all()
    np.testing.assert_allclose(together, plain.predict_proba(FRAME), rtol=1e-9, atol=1e-12)


def test_other_learners_stay_as_they_are():
    plain = fitted(DecisionTreeRegressor())
    assert steadied(plain) is plain
    assert steadied(None) is None
