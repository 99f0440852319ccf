"""Multiclass Boosted Decision Tree."""

import numpy as np
from lightgbm import LGBMClassifier

from tests.pipelines.modules.matrices import predictions, trained, tree_matrix
from tests.support import reference_scripts


def test_probabilities_are_those_of_lightgbm():
    train, test = reference_scripts.cars()
    (x, places), (new, _) = (tree_matrix(train, frame, "body-style") for frame in (train, test))
    settings = reference_scripts.TREES | {"n_estimators": 20, "learning_rate": 0.05}
    plain = LGBMClassifier(**settings).fit(x, train["body-style"].to_numpy(), categorical_feature=places)
    model = trained("classification.multiclass_boosted_trees", "body-style", {"trees": 20})
    assert (predictions(model) == plain.predict_proba(new)).all()
    assert model.classes == tuple(plain.classes_) and model.task == "multi_class"


def test_it_may_stop_early():
    model = trained("classification.multiclass_boosted_trees", "drive-wheels", {"validation_share": 0.3, "patience": 2})
    assert 0 < model.estimator["learner"].best_iteration_ < 100
    np.testing.assert_allclose(predictions(model).sum(axis=1), 1)
