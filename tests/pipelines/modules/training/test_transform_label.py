"""Transform Label: the same learner on the logarithm of the label by hand, and every way by which its model predicts."""

import copy

import numpy as np
import polars as pl
import pytest
from sklearn.model_selection import KFold
from sklearn.pipeline import Pipeline

from pipelines.catalogue.ports import Table
from pipelines.catalogue.row_functions import Columns
from pipelines.kinds.model import load_model, save_model
from pipelines.modelling.families import families
from pipelines.modelling.family import Watched
from pipelines.modelling.features import LABELS, feature_frame
from pipelines.modelling.row_predictor import row_predictor
from pipelines.modules.training._fit import fit
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import predictions, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import only

ID, LINEAR, TREES = "training.transform_label", "regression.linear_regression", "regression.boosted_trees"
EXAMPLE = Example({"folds": 2}, inputs={"untrained": lambda: [only(LINEAR)]})


def skewed(many=300, seed=0):
    """A table with a label from 0 on whose logarithm is a sum."""
    draw = np.random.default_rng(seed)
    x, kind = draw.normal(size=many), draw.choice(["a", "b", "c"], many)
    label = np.expm1(np.maximum(2 + x + (kind == "a") + 0.5 * draw.normal(size=many), 0))
    return Table(pl.DataFrame({"x": x, "kind": kind, "label": label}))


def model_of(learner, settings, table, **own):
    return only("training.train_model", {"label": "label"}, untrained=only(ID, settings, untrained=only(learner, own)), table=table)


@pytest.mark.parametrize(("predicts", "folds"), [("median", 5), ("mean", 0), ("mean", 3)])
def test_it_predicts_what_the_learner_of_the_logarithm_does(predicts, folds):
    train, test = reference_scripts.cars()
    logged = train.with_columns(pl.col("price").log1p())
    model = trained(ID, "price", {"predicts": predicts, "folds": folds}, untrained=only(LINEAR))

    def plain(table, frame):
        found = only("training.train_model", {"label": "price"}, untrained=only(LINEAR), table=table)
        return found.estimator.predict(feature_frame(frame, found.features))

    shift, own = 0.0, plain(logged, train)
    for some, others in KFold(folds, shuffle=True, random_state=0).split(train) if folds else ():
        own[others] = plain(logged[some], train[others])
    if predicts == "mean":
        shift = np.log(np.mean(np.exp(logged["price"].to_numpy() - own)))
    np.testing.assert_allclose(predictions(model), np.exp(plain(logged, test) + shift) - 1, rtol=1e-6)
    facts = dict(model.report.blocks[0]["rows"])
    assert [value for name, value in model.report.blocks[0]["rows"] if name == "Predicts"] == [f"price, its {predicts}"]
    assert facts["Trained on"] == "logarithm of price + 1" and facts["Smearing factor"] == pytest.approx(np.exp(shift), rel=1e-6)


def test_the_mean_is_closer_to_what_all_rows_sum_to_than_the_median():
    table, other = skewed(2_000), skewed(2_000, 1)
    sums = {}
    for predicts in ("mean", "median"):
        model = model_of(LINEAR, {"predicts": predicts}, table)
        sums[predicts] = only("scoring.score_model", model=model, table=other).frame[LABELS].sum() / other.frame["label"].sum()
    assert abs(sums["mean"] - 1) < 0.05 < 1 - sums["median"]


def test_rows_without_weight_do_not_count_for_the_factor():
    table = skewed()
    weighted = Table(
        pl.concat([table.frame.with_columns(w=1.0), skewed(50, 2).frame.with_columns(pl.col("label") * 50, w=1e-12)])
    ).with_role("w", role="weight")
    shifts = [model_of(LINEAR, {"folds": 0}, each).estimator[-1].transformer_["smearing"].mean_[0] for each in (table, weighted)]
    assert shifts[0] == pytest.approx(shifts[1], rel=1e-6)


@pytest.mark.parametrize("learner", [LINEAR, TREES])
@pytest.mark.parametrize("predicts", ["mean", "median"])
def test_rows_alone_rows_together_and_a_stored_model_predict_the_same_bits(learner, predicts, tmp_path):
    table = skewed()
    model = model_of(learner, {"predicts": predicts, "folds": 0}, table)
    scored = only("scoring.score_model", model=model, table=table).frame[LABELS].to_numpy()
    functions = row_predictor(model, table, 0.5, lambda rows, values, noted: None)
    values = {name: table.frame[name].to_list() for name in ("x", "kind")}
    rows = Columns(copy.copy(values), table.frame.height)
    functions.columns(rows)
    assert (np.asarray(rows[LABELS]) == scored).all()
    alone = []
    for x, kind in zip(values["x"], values["kind"], strict=True):
        row = {"x": x, "kind": kind}
        assert functions.row(row, lambda *_: None)
        alone.append(row[LABELS])
    assert (np.array(alone) == scored).all()
    single = [
        only("scoring.score_model", model=model, table=table.with_frame(table.frame[place : place + 1])).frame[LABELS][0]
        for place in range(20)
    ]
    assert single == scored[:20].tolist()
    save_model(model, tmp_path / "model")
    kept = only("scoring.score_model", model=load_model(tmp_path / "model"), table=table)
    assert (kept.frame[LABELS].to_numpy() == scored).all()


@pytest.mark.parametrize("predicts", ["mean", "median"])
def test_the_first_trees_of_a_watched_training_are_those_of_a_short_one(predicts):
    table, other = skewed(200), skewed(100, 1)
    features = [("x", "Float64"), ("kind", "String")]
    frames = [feature_frame(each.frame, features) for each in (table, other)]
    y, watched = table.frame["label"].to_numpy(), Watched(frames[1], other.frame["label"].to_numpy(), None, 10)

    def learner(trees):
        return only(ID, {"predicts": predicts, "folds": 0}, untrained=only(TREES, {"trees": trees, "row_share": 0.8, "seed": 1}))

    long = fit(learner(600), families()["log_label"], frames[0], y, features, None, watched).pipeline
    assert 10 < len(watched.losses) < 600
    short = fit(learner(7), families()["log_label"], frames[0], y, features, None).pipeline
    first = Pipeline([("columns", long["columns"]), ("learner", families()["log_label"].shorten(long["learner"], 7))])
    assert (first.predict(frames[1]) == short.predict(frames[1])).all()


def test_a_label_below_0_is_refused_by_its_name():
    table = skewed().frame.with_columns(pl.when(pl.int_range(pl.len()) < 3).then(-2.5).otherwise("label").alias("label"))
    wrong = refuses("training.train_model", {"label": "label"}, "negative_label", untrained=only(ID, untrained=only(LINEAR)), table=table)
    assert "“label” has values below 0 in 3 rows, the lowest -2.5" in wrong.words and wrong.column == "label"


def test_what_is_no_regression_is_refused():
    refuses(ID, {}, "not_a_regressor", untrained=only("classification.naive_bayes"))
