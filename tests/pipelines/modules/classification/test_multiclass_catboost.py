"""Multiclass CatBoost."""

import pytest

from tests.pipelines.modules.classification.test_two_class_catboost import plain_frame
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import predictions, trained
from tests.support import reference_scripts

EXAMPLE = Example({"trees": 40})


def test_predictions_are_those_of_catboost():
    catboost = pytest.importorskip("catboost")
    train, test = reference_scripts.cars()
    (x, places), (new, _) = (plain_frame(train, part, "body-style") for part in (train, test))
    plain = catboost.CatBoostClassifier(iterations=10, depth=3, random_seed=0, verbose=False, allow_writing_files=False)
    plain.fit(x, train["body-style"].to_numpy().astype(str), cat_features=places)
    model = trained("classification.multiclass_catboost", "body-style", {"trees": 10, "max_depth": 3})
    assert model.classes == tuple(plain.classes_)
    assert predictions(model) == pytest.approx(plain.predict_proba(new), abs=1e-9)
