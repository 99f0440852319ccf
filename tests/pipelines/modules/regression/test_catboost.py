"""CatBoost Regression."""

import numpy as np
import polars as pl
import pytest

from pipelines.kinds.model import load_model, save_model
from tests.pipelines.modules.classification.test_two_class_catboost import plain_frame
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import predictions, trained
from tests.support import reference_scripts
from tests.support.module_runner import only

EXAMPLE = Example({"trees": 40})


def test_predictions_are_those_of_catboost():
    catboost = pytest.importorskip("catboost")
    train, test = reference_scripts.cars()
    (x, places), (new, _) = (plain_frame(train, part, "price") for part in (train, test))
    plain = catboost.CatBoostRegressor(iterations=20, depth=3, random_seed=0, verbose=False, allow_writing_files=False)
    plain.fit(x, train["price"].to_numpy(), cat_features=places)
    model = trained("regression.catboost", "price", {"trees": 20, "max_depth": 3})
    assert predictions(model) == pytest.approx(plain.predict(new), rel=1e-9)
    assert model.report.blocks[2]["rows"][0][1] == pytest.approx(plain.feature_importances_.max() / 100)


def test_labels_that_32_bits_cannot_tell_apart_are_learned(tmp_path):
    x = np.random.default_rng(0).normal(size=400)
    table = pl.DataFrame({"x": x, "label": 1e12 + 3 * np.round(x)})
    model = only("training.train_model", {"label": "label"}, untrained=only("regression.catboost", {"trees": 300}), table=table)
    save_model(model, tmp_path / "model")
    scored = only("scoring.score_model", model=load_model(tmp_path / "model"), table=table).frame["Scored Labels"].to_numpy()
    assert np.corrcoef(scored - 1e12, table["label"].to_numpy() - 1e12)[0, 1] > 0.99


def test_the_report_names_the_learning_rate_that_was_chosen():
    model = trained("regression.catboost", "price", {"trees": 20})
    facts = dict(model.report.blocks[0]["rows"])
    assert facts["Learning rate"] == pytest.approx(0.5, rel=0.2) and facts["Libraries"].startswith("catboost ")
