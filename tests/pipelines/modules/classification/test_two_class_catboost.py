"""Two-Class CatBoost. Its tests run where the extra catboost is installed, which CI leaves out for its 400 MB."""

import polars as pl
import pytest

from pipelines.catalogue.reporting import reporting_to
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.matrices import columns, trained
from tests.pipelines.modules.refusing import refuses
from tests.support import reference_scripts
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"trees": 40})
SETTINGS = {"trees": 15, "max_depth": 4, "learning_rate": 0.2, "ordered_boosting": True, "column_share": 0.5, "split_noise": 0.5}
SETTINGS |= {"l2_weight": 2.0, "seed": 4}
PLAIN = {
    "iterations": 15,
    "depth": 4,
    "learning_rate": 0.2,
    "boosting_type": "Ordered",
    "rsm": 0.5,
    "random_strength": 0.5,
    "l2_leaf_reg": 2,
}
PLAIN |= {"random_seed": 4, "verbose": False, "allow_writing_files": False}


def plain_frame(train, frame, label):
    """Numbers as they are and texts as codes, in the order of the encoder: every category has its own."""
    numbers, texts = columns(train, label)
    numbers.sort(key=lambda name: train[name].null_count() > 0)
    texts.sort(key=lambda name: train[name].drop_nulls().n_unique() > 100)
    known = {name: {text: code for code, text in enumerate(train[name].drop_nulls().unique().sort())} for name in texts}
    codes = [pl.Series(name, [known[name].get(text, -1) for text in frame[name]]) for name in texts]
    return frame.select(pl.col(numbers).cast(float)).with_columns(codes), list(range(len(numbers), len(numbers) + len(texts)))


@pytest.mark.parametrize("balanced", [False, True])
def test_predictions_are_those_of_catboost(balanced):
    catboost = pytest.importorskip("catboost")
    frame = dataset("telco_churn").frame
    train, test = frame.gather_every(2).head(1500), frame.gather_every(2, 1).head(500)
    (x, places), (new, _) = (plain_frame(train, part, "churn") for part in (train, test))
    classes = sorted(train["churn"].unique())
    plain = catboost.CatBoostClassifier(**PLAIN, auto_class_weights="Balanced" if balanced else None)
    plain.fit(x, (train["churn"] == classes[1]).to_numpy(), cat_features=places)
    untrained = only("classification.two_class_catboost", SETTINGS | {"class_weight": "balanced" if balanced else "none"})
    model = only("training.train_model", {"label": "churn"}, untrained=untrained, table=train)
    found = only("scoring.score_model", model=model, table=test).frame["Scored Probabilities"].to_numpy()
    assert found == pytest.approx(plain.predict_proba(new)[:, 1], abs=1e-9)


def test_it_may_stop_early(notes):
    model = trained("classification.two_class_catboost", "num-of-doors", {"trees": 300, "validation_share": 0.3, "patience": 3})
    assert any("Stopped early" in line for line in notes)
    assert model.estimator["learner"].tree_count_ < 300


def test_what_stops_a_step_stops_the_training():
    class Stops(BaseException):
        pass

    class Stopping:
        def progress(self, done, total, words):
            if words.startswith("tree 3"):
                raise Stops

        def log(self, line, level):
            pass

    with pytest.raises(Stops), reporting_to(Stopping()):
        trained("classification.two_class_catboost", "fuel-type", {"trees": 100_000})


def test_threads_do_not_change_the_predictions(monkeypatch):
    frame = dataset("adult_census_income").frame.head(2000)

    def probabilities(threads):
        monkeypatch.setattr("pipelines.modelling.families.catboost.MANY_ROWS", 1)
        monkeypatch.setattr("pipelines.modelling.families.catboost.THREADS", threads)
        untrained = only("classification.two_class_catboost", {"trees": 15})
        model = only("training.train_model", {"label": "income"}, untrained=untrained, table=frame)
        return only("scoring.score_model", model=model, table=frame).frame["Scored Probabilities"]

    assert probabilities(1).equals(probabilities(3))


def test_it_may_be_the_learner_of_one_against_all_but_not_of_pairs():
    train, test = reference_scripts.cars()
    all_, pairs = (
        only(f"classification.{module}", untrained=only("classification.two_class_catboost", {"trees": 10}))
        for module in ("one_vs_all", "one_vs_one")
    )
    model = only("training.train_model", {"label": "drive-wheels"}, untrained=all_, table=train)
    scored = only("scoring.score_model", model=model, table=test).frame
    assert (scored["Scored Labels"] == test["drive-wheels"]).mean() > 0.7
    refuses("training.train_model", {"label": "drive-wheels"}, "not_for_pairs", untrained=pairs, table=train)
