"""Count Features."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn.preprocessing import TargetEncoder

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"label": "diesel"})
COLUMNS = ["workclass", "education", "occupation", "native-country"]


def income():
    return dataset("adult_census_income").frame.gather_every(5)


def features(table, **settings):
    return run("transform.count_features", {"label": "income", **settings}, table=table)


def log_odds(k, n, all_k, all_n, prior):
    p = (all_k + 0.5) / (all_n + 1)
    return np.log((k + prior * p) / (n - k + prior * (1 - p)))


@pytest.mark.parametrize("prior", [1.0, 10.0])
def test_the_transform_counts_all_rows_as_pandas_does(prior):
    frame = income()
    transform = features(frame, columns=COLUMNS, prior=prior)["transform"]
    kept = Transform(**json.loads(json.dumps(vars(transform))))
    result = only("transform.apply_transformation", transform=kept, table=frame.drop("income")).frame
    data = frame.to_pandas()
    hit = data["income"].str.strip() == sorted(data["income"].str.strip().unique())[-1]
    for column in COLUMNS:
        groups = hit.groupby(data[column].fillna("(missing)"))
        n, k = groups.transform("size"), groups.transform("sum")
        np.testing.assert_array_equal(result[f"{column}_count"].to_numpy(), n)
        wanted = log_odds(k, n, hit.sum(), len(hit), prior)
        np.testing.assert_allclose(result[f"{column}_log_odds"].to_numpy(), wanted, rtol=1e-9)


def test_it_is_the_target_encoding_of_scikit_learn():
    """With next to no prior, as scikit-learn's share of all rows is K / N."""
    frame = income()
    hit = (frame["income"].str.strip_chars().str.contains(">")).to_numpy().astype(int)
    encoder = TargetEncoder(smooth=1e-9, target_type="binary").fit(frame.select("education").to_numpy(), hit)
    transform = features(frame, columns=["education"], prior=1e-9)["transform"]
    odds = only("transform.apply_transformation", transform=transform, table=frame).frame["education_log_odds"].to_numpy()
    wanted = encoder.transform(frame.select("education").to_numpy())[:, 0]
    np.testing.assert_allclose(1 / (1 + np.exp(-odds)), wanted, rtol=1e-8)


def test_a_rows_log_odds_come_from_the_other_folds():
    """Changing a row's label changes nothing in its own fold."""
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({"c": rng.choice(list("abc"), 60), "income": rng.choice(["no", "yes"], 60)})
    result = features(frame, columns=["c"], folds=4, prior=2)["table"].frame
    truth = (frame["income"] == "yes").to_numpy()
    drawn = np.random.Generator(np.random.PCG64(0)).permutation(60)
    drawn = np.concatenate([drawn[~truth[drawn]], drawn[truth[drawn]]])
    fold = np.empty(60, int)
    fold[drawn] = np.arange(60) % 4
    for row in range(60):
        others = fold != fold[row]
        same = others & (frame["c"] == frame["c"][row]).to_numpy()
        wanted = log_odds(truth[same].sum(), same.sum(), truth[others].sum(), others.sum(), 2)
        assert result["c_log_odds"][row] == pytest.approx(wanted, rel=1e-12)
        assert result["c_count"][row] == (frame["c"] == frame["c"][row]).sum()


def test_an_identifier_tells_nothing_of_its_own_label():
    """What a fit to all rows would give away: each row is a category of its own."""
    frame = pl.DataFrame({"id": [str(place) for place in range(500)], "income": ["no", "yes"] * 250})
    result = features(frame, columns=["id"])
    assert result["table"].frame["id_log_odds"].abs().max() < 0.02
    leaking = only("transform.apply_transformation", transform=result["transform"], table=frame).frame
    assert leaking["id_log_odds"].abs().min() > 0.05


def test_missing_and_new_values(notes):
    frame = pl.DataFrame({"c": ["a", None, None, "a"], "income": ["no", "yes", "yes", None]})
    result = features(frame, columns=["c"], folds=2)
    assert result["table"].frame["c_count"].to_list() == [1, 2, 2, 1]
    assert notes == []
    new = only("transform.apply_transformation", transform=result["transform"], table=pl.DataFrame({"c": [None, "b", "c"]})).frame
    assert new["c_count"].to_list() == [2, 0, 0]
    assert new["c_log_odds"][1] == pytest.approx(np.log(2.5 / 1.5))
    assert notes == ["“c”: 2 rows have a new value (“b”, “c”); its count is 0 and its log-odds are those of all rows."]


def test_a_class_of_several_is_named():
    frame = pl.DataFrame({"c": ["a", "a", "b"], "income": [1, 2, 3]})
    result = features(frame, columns=["c"], positive="2")
    assert result["transform"].state["columns"]["c"] == {"values": ["a", "b"], "rows": [2, 1], "positive": [1, 0]}
    assert refuses("transform.count_features", {"label": "income"}, "not_two_classes", table=frame).param == "label"
    assert refuses("transform.count_features", {"label": "income", "positive": "4"}, "wrong_value", table=frame).param == "positive"


def test_labels_of_one_class_or_none():
    for values in (["a", "a"], [None, None]):
        frame = pl.DataFrame({"c": ["x", "y"], "income": values}, schema_overrides={"income": pl.String})
        refuses("transform.count_features", {"label": "income"}, "not_two_classes", table=frame)


def test_seeds_and_places():
    table = Table(income(), {"income": ColumnRole("label")})
    one, two = (features(table, columns=["education"], seed=seed)["table"].frame for seed in (0, 1))
    assert not one.equals(two) and one["education_count"].equals(two["education_count"])
    placed = features(table, columns=["education"], output="in_place")["table"]
    assert "education" not in placed.frame.columns and placed.role("income").role == "label"
    assert "income_count" not in features(table, columns="all", output="only")["table"].frame.columns


def test_ten_thousand_categories_and_lists():
    frame = pl.DataFrame({"c": [f"é{place}" for place in range(10_000)], "n": range(10_000), "income": [True, False] * 5000})
    assert features(frame, columns=["c", "n"])["table"].frame["n_count"].unique().to_list() == [1]
    lists = pl.DataFrame({"l": [[1]] * 2, "income": [0, 1]})
    assert refuses("transform.count_features", {"label": "income", "columns": ["l"]}, "wrong_type", table=lists).column == "l"
