"""Filter Based Feature Selection."""

import json

import numpy as np
import polars as pl
import pytest
from scipy import stats
from sklearn import feature_selection as sk

from pipelines.catalogue.ports import ColumnRole, Table, Transform
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only, run

EXAMPLE = Example({"label": "price"})
CARS = dataset("automobile_price").frame
NUMBERS = ["wheel-base", "length", "bore", "horsepower", "city-mpg", "normalized-losses"]
METHODS = ("pearson", "spearman", "kendall", "mutual_information", "chi_squared", "fisher_score", "anova", "count")


def select(table, **settings):
    return run("selection.filter_based", settings, table=table)


def scores(table, **settings):
    return {row["Column"]: row for row in select(table, **settings)["scores"].frame.rows(named=True)}


@pytest.mark.parametrize(
    ("method", "of_scipy"), [("pearson", stats.pearsonr), ("spearman", stats.spearmanr), ("kendall", stats.kendalltau)]
)
def test_correlations_are_those_of_scipy(method, of_scipy):
    found = scores(CARS, label="price", method=method)
    for column in NUMBERS:
        both = CARS.select(column, "price").drop_nulls().cast(pl.Float64)
        wanted = of_scipy(both[column], both["price"])
        assert found[column]["Score"] == pytest.approx(abs(wanted.statistic), rel=1e-9)
        assert found[column]["P Value"] == pytest.approx(wanted.pvalue, rel=1e-6, abs=1e-300)
        assert found[column]["Rows"] == both.height


@pytest.mark.parametrize("label", ["body-style", "fuel-type"])
def test_scores_against_classes_are_those_of_scikit_learn_and_their_definitions(label):
    by_method = {method: scores(CARS, label=label, method=method) for method in ("pearson", "fisher_score", "anova")}
    for column in NUMBERS:
        both = CARS.select(x=pl.col(column).cast(pl.Float64), y=pl.col(label)).drop_nulls()
        f, p = sk.f_classif(both.select("x").to_numpy(), both["y"].to_numpy())
        assert (by_method["anova"][column]["Score"], by_method["anova"][column]["P Value"]) == pytest.approx((f[0], p[0]), rel=1e-6)
        means = both.select(pl.col("x").mean().over("y")).to_series().to_numpy()
        assert by_method["pearson"][column]["Score"] == pytest.approx(np.corrcoef(both["x"], means)[0, 1], rel=1e-9)
        groups = both.group_by("y").agg(n=pl.len(), mean=pl.col("x").mean(), spread=pl.col("x").var(ddof=0)).to_dict(as_series=False)
        n, mean, spread = (np.array(groups[name]) for name in ("n", "mean", "spread"))
        fisher = (n * (mean - both["x"].mean()) ** 2).sum() / (n * spread).sum()
        assert by_method["fisher_score"][column]["Score"] == pytest.approx(fisher, rel=1e-9)


def test_f_against_a_number_is_that_of_scikit_learn():
    found = scores(CARS, label="price", method="anova")
    for column in NUMBERS:
        both = CARS.select(column, "price").drop_nulls().cast(pl.Float64)
        f, p = sk.f_regression(both.select(column).to_numpy(), both["price"].to_numpy())
        assert (found[column]["Score"], found[column]["P Value"]) == pytest.approx((f[0], p[0]), rel=1e-6)


@pytest.mark.parametrize(("label", "measure"), [("price", sk.mutual_info_regression), ("fuel-type", sk.mutual_info_classif)])
def test_mutual_information_is_that_of_scikit_learn(label, measure):
    found = scores(CARS, label=label, method="mutual_information", seed=7)
    for column in ("length", "horsepower", "make"):
        both = CARS.select(x=pl.col(column), y=pl.col(label)).drop_nulls()
        text = both["x"].dtype == pl.String
        x = (both["x"].rank("dense") if text else both["x"]).to_numpy().astype(float).reshape(-1, 1)
        y = both["y"].to_numpy().astype(float) if label == "price" else both["y"].to_numpy().astype(str)
        wanted = measure(x, y, discrete_features=[text], random_state=7)[0]
        assert found[column]["Score"] == pytest.approx(wanted, rel=1e-9, abs=1e-3 if label == "price" else 1e-9)  # noise on another scale


def test_chi_squared_is_that_of_scipy():
    found = scores(CARS, label="fuel-type", method="chi_squared", bins=4)
    table = CARS.select("make", "fuel-type").to_pandas()
    wanted = stats.chi2_contingency(table.groupby(["make", "fuel-type"]).size().unstack(fill_value=0), correction=False)
    assert (found["make"]["Score"], found["make"]["P Value"]) == pytest.approx((wanted.statistic, wanted.pvalue), rel=1e-9)
    edges = np.quantile(CARS["length"], (0.25, 0.5, 0.75))
    counts = [
        [((np.searchsorted(edges, CARS["length"]) == bin) & (CARS["fuel-type"] == fuel).to_numpy()).sum() for bin in range(4)]
        for fuel in ("gas", "diesel")
    ]
    wanted = stats.chi2_contingency(counts, correction=False)
    assert found["length"]["Score"] == pytest.approx(wanted.statistic, rel=1e-9)


def test_the_count_is_the_number_of_values():
    found = scores(CARS, label="price", method="count")
    assert {column: row["Score"] for column, row in found.items()} == {
        c: CARS.height - CARS[c].null_count() for c in CARS.columns if c != "price"
    }


def test_label_and_weight_stay_and_the_order_is_the_tables():
    frame = CARS.with_columns(w=1.0, id=pl.int_range(pl.len()))
    table = Table(frame, {"price": ColumnRole("label"), "w": ColumnRole("weight"), "id": ColumnRole("ignored")})
    found = select(table, label="price", features=2)
    assert found["table"].frame.columns == ["curb-weight", "engine-size", "price", "w"]
    assert found["table"].role("price").role == "label"
    assert found["scores"].frame.head(2)["Column"].to_list() == ["engine-size", "curb-weight"]
    assert found["scores"].frame.filter("Selected")["Column"].to_list() == ["engine-size", "curb-weight"]
    assert "id" not in found["scores"].frame["Column"].to_list()
    assert "id" in select(table, label="price", features_only=False)["scores"].frame["Column"].to_list()


def test_the_transform_selects_the_same_in_another_table():
    found = select(CARS, label="price", features=3)
    kept = Transform(**json.loads(json.dumps(vars(found["transform"]))))
    assert only("transform.apply_transformation", transform=kept, table=CARS).frame.equals(found["table"].frame)
    other = only("transform.apply_transformation", transform=kept, table=CARS.drop("price").head(3))
    assert other.frame.columns == [column for column in found["table"].frame.columns if column != "price"]
    refuses("transform.apply_transformation", {}, "missing_columns", transform=kept, table=CARS.drop("engine-size"))


def test_columns_without_a_score_say_why(notes):
    frame = pl.DataFrame(
        {
            "y": [1.0, 2.0, 3.0, 4.0],
            "t": list("abcd"),
            "k": [5] * 4,
            "few": [1.0, None, float("nan"), float("inf")],
            "d": pl.date_range(pl.date(2024, 1, 1), pl.date(2024, 1, 4), eager=True),
            "x": [True, False, True, True],
        }
    )
    found = scores(frame, label="y")
    assert [column for column, row in found.items() if row["Score"] is not None] == ["x"]
    assert all(row["Note"] for column, row in found.items() if column != "x")
    infinite = "Infinite values are treated as missing: “few” (1)."
    assert notes == [infinite, "10 features were requested, and 1 have a score.", "4 columns were removed; 2 columns kept."]


def test_a_feature_that_separates_exactly():
    frame = pl.DataFrame({"y": ["a", "a", "b", "b"], "x": [1, 1, 2, 2], "z": [1.0, 2.0, 1.0, 2.5]})
    for method in ("anova", "fisher_score"):
        assert scores(frame, label="y", method=method)["x"]["Score"] == float("inf")
    assert scores(frame, label="y")["x"]["Score"] == pytest.approx(1)


def test_equal_scores_keep_the_order_and_units_do_not_matter():
    x = np.random.default_rng(0).normal(size=50)
    frame = pl.DataFrame({"b": x * 2.0**500, "a": x, "c": x * 2.0**-500, "y": x + np.arange(50)})
    found = select(frame, label="y", features=2)
    assert found["table"].frame.columns == ["b", "a", "y"]
    assert found["scores"].frame["Score"].n_unique() == 1


def test_many_categories_and_columns():
    wide = pl.DataFrame({f"c{at}": [at, at + 1, at * 2] for at in range(500)} | {"y": [1, 2, 4]})
    assert len(scores(wide, label="y")) == 500
    many = pl.DataFrame({"t": [f"v{at}" for at in range(10_000)], "y": [at % 2 == 0 for at in range(10_000)]})
    assert scores(many, label="y", method="chi_squared")["t"]["Score"] == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"label": "k"}, "label_does_not_vary"),
        ({"label": "none"}, "label_does_not_vary"),
        ({"label": "l"}, "label_is_no_value"),
        ({"label": "x", "method": "fisher_score"}, "not_classes"),
        ({"label": "t", "method": "kendall"}, "not_ordered"),
        ({"label": "d"}, "label_is_a_date"),
    ],
)
def test_what_cannot_be_scored_against(settings, code):
    frame = pl.DataFrame({"x": [1, 2, 3], "t": list("abc"), "k": [1] * 3, "none": [None] * 3})
    frame = frame.with_columns(l=pl.concat_list("x"), d=pl.date(2024, 1, 1) + pl.duration(days=pl.col("x")))
    assert refuses("selection.filter_based", settings, code, table=frame).param == "label"


def test_mutual_information_of_values_that_never_repeat(notes):
    frame = pl.DataFrame({"y": np.arange(9.0), "t": list("abcdefghi"), "x": np.arange(9.0) ** 2})
    found = scores(frame, label="y", method="mutual_information")
    assert found["t"]["Score"] is None and found["t"]["Note"] == "Too few rows have neighbours of the same value."
    assert found["x"]["Score"] > 0.1


def test_no_column_with_a_score():
    refuses("selection.filter_based", {"label": "y"}, "no_scores", table=pl.DataFrame({"y": [1, 2, 3], "t": list("abc")}))
