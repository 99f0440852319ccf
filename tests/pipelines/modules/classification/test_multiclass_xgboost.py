"""Multiclass XGBoost."""

import numpy as np
import pytest

from tests.pipelines.modules.matrices import predictions, trained, tree_matrix
from tests.support import reference_scripts


def test_predictions_are_those_of_xgboost():
    xgboost = pytest.importorskip("xgboost")
    train, test = reference_scripts.cars()
    (x, places), (new, _) = (tree_matrix(train, part, "body-style") for part in (train, test))
    classes, y = np.unique(train["body-style"].to_numpy().astype(str), return_inverse=True)
    types = ["c" if place in places else "q" for place in range(x.shape[1])]
    plain = xgboost.XGBClassifier(n_estimators=8, max_depth=3, feature_types=types, enable_categorical=True).fit(x, y)
    model = trained("classification.multiclass_xgboost", "body-style", {"trees": 8, "max_depth": 3})
    assert model.classes == tuple(classes)
    assert (predictions(model) == plain.predict_proba(new)).all()
    assert (model.estimator.predict(test)[:20] == classes[plain.predict(new)][:20]).all(), "elsewhere it predicts the label's own values"
