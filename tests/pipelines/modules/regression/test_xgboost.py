"""XGBoost Regression."""

import numpy as np
import polars as pl
import pytest

from pipelines.kinds.model import load_model, save_model
from tests.pipelines.modules.matrices import predictions, trained, tree_matrix
from tests.support import reference_scripts
from tests.support.module_runner import only


def test_predictions_are_those_of_xgboost():
    xgboost = pytest.importorskip("xgboost")
    train, test = reference_scripts.cars()
    (x, places), (new, _) = (tree_matrix(train, part, "price") for part in (train, test))
    types = ["c" if place in places else "q" for place in range(x.shape[1])]
    plain = xgboost.XGBRegressor(n_estimators=20, max_depth=3, feature_types=types, enable_categorical=True)
    plain.fit(x, train["price"].to_numpy())
    model = trained("regression.xgboost", "price", {"trees": 20, "max_depth": 3})
    assert (predictions(model) == plain.predict(new)).all()
    assert model.report.blocks[1]["title"] == "Feature importance"
    wanted = plain.get_booster().get_score(importance_type="total_gain")
    assert model.report.blocks[2]["rows"][0][1] == pytest.approx(max(wanted.values()) / sum(wanted.values()))


def test_labels_that_32_bits_cannot_tell_apart_are_learned(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    table = pl.DataFrame({"x": x, "label": 1e12 + 3 * np.round(x)})
    model = only("training.train_model", {"label": "label"}, untrained=only("regression.xgboost"), table=table)
    save_model(model, tmp_path / "model")
    scored = only("scoring.score_model", model=load_model(tmp_path / "model"), table=table).frame["Scored Labels"].to_numpy()
    assert np.corrcoef(scored - 1e12, table["label"].to_numpy() - 1e12)[0, 1] > 0.99
