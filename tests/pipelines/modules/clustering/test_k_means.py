"""K-Means Clustering."""

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans

from pipelines.catalogue.ports import Table
from tests.pipelines.modules.distances import TRAIN, assignments, by_size, cars, clustered, distance_matrix, distances
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

K_MEANS = "clustering.k_means"


@pytest.mark.parametrize(
    ("settings", "plain"),
    [
        ({}, {"n_clusters": 2, "n_init": 10}),
        ({"clusters": 5, "initialization": "random", "restarts": 3, "iterations": 7, "seed": 4, "scaling": "min_max"}, None),
        ({"clusters": 3, "initialization": "first", "scaling": "none"}, None),
    ],
    ids=["default", "random rows", "first rows"],
)
def test_clusters_and_distances_are_those_of_scikit_learn(settings, plain):
    train, test = cars()
    x, new = (distance_matrix(train, frame, settings.get("scaling", "z_score")) for frame in (train, test))
    if settings.get("initialization") == "random":
        plain = {"n_clusters": 5, "init": "random", "n_init": 3, "max_iter": 7}
    elif settings:
        plain = {"n_clusters": 3, "init": x[:3], "n_init": 1}
    fitted = KMeans(**{"max_iter": 100, "random_state": settings.get("seed", 0), **plain}).fit(x)
    number = by_size(fitted.labels_.tolist())
    order = sorted(number, key=number.__getitem__)

    found = clustered(K_MEANS, settings)
    for frame, matrix in ((train, x), (test, new)):
        scored = only("scoring.score_model", model=found["model"], table=frame)
        assert assignments(scored) == [number[label] for label in fitted.predict(matrix)]
        np.testing.assert_allclose(distances(scored), fitted.transform(matrix)[:, order], atol=1e-9, rtol=1e-9)
    assert found["table"].frame.equals(only("scoring.score_model", model=found["model"], table=train).frame), (
        "training assigns as scoring does"
    )


def test_clusters_are_numbered_by_size_and_then_by_their_first_row():
    table = pl.DataFrame({"x": [50.0, 9.0, 9.1, 0.0, 0.1, 50.1, 9.2, 0.2]})
    found = clustered(K_MEANS, {"clusters": 3}, table)
    assert assignments(found["table"]) == [2, 0, 0, 1, 1, 2, 0, 1]


def test_first_rows_are_those_that_differ():
    table = pl.DataFrame({"x": [1.0, 1.0, 1.0, 2.0, 9.0, 9.5]})
    found = clustered(K_MEANS, {"clusters": 2, "initialization": "first", "iterations": 1}, table)
    assert assignments(found["table"]) == [0, 0, 0, 0, 1, 1]
    assert "seed" not in found["model"].settings


def test_a_weight_counts_as_that_many_rows():
    frame = dataset("credit_risk").frame.select("Age", "Amount", "Price").head(300)
    times = pl.Series("w", [1 + row % 3 for row in range(frame.height)])
    repeated = pl.DataFrame([column.gather(np.repeat(np.arange(frame.height), times)) for column in frame.iter_columns()])
    settings = {"clusters": 3, "initialization": "first", "scaling": "none"}
    many = clustered(K_MEANS, settings, repeated)["model"].estimator[-1].cluster_centers_
    weighted = Table(frame.with_columns(times)).with_role("w", role="weight")
    few = clustered(K_MEANS, settings, weighted)["model"].estimator[-1].cluster_centers_
    np.testing.assert_allclose(sorted(many.tolist()), sorted(few.tolist()), rtol=1e-9)


def test_more_clusters_than_different_rows_are_refused():
    table = pl.DataFrame({"x": [1.0, 2.0, 1.0, 2.0], "y": [0.0, 1.0, -0.0, 1.0]})
    error = refuses(TRAIN, {}, "too_few_rows", untrained=only(K_MEANS, {"clusters": 3}), table=table)
    assert error.words == "3 clusters need as many different rows, but there are 2."
