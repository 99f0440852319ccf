"""Select Number of Clusters."""

import numpy as np
import polars as pl
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from sklearn.mixture import GaussianMixture

from pipelines.catalogue.ports import Table
from tests.pipelines.modules.distances import TRAIN, cars, distance_matrix
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only, run

EXAMPLE = Example({"most": 4}, inputs={"untrained": lambda: [only("clustering.k_means")]})
SELECT = "training.select_number_of_clusters"


def test_the_figures_are_those_of_scikit_learn():
    x = distance_matrix(cars()[0], cars()[0], "min_max")
    learner = only("clustering.k_means", {"scaling": "min_max"})
    found = run(SELECT, {"fewest": 3, "most": 5, "by": "davies_bouldin"}, untrained=learner, table=cars()[0])
    rows = found["table"].frame.rows(named=True)
    for row in rows:
        fitted = KMeans(row["Clusters"], n_init=10, max_iter=100, random_state=0).fit(x)
        assert row["Silhouette"] == pytest.approx(silhouette_score(x, fitted.labels_), abs=1e-9)
        assert row["Davies-Bouldin Index"] == pytest.approx(davies_bouldin_score(x, fitted.labels_), rel=1e-9)
        assert row["Calinski-Harabasz Index"] == pytest.approx(calinski_harabasz_score(x, fitted.labels_), rel=1e-9)
        assert row["Sum of Squared Distances"] == pytest.approx(fitted.inertia_, rel=1e-9) and row["BIC"] is None
    assert [row["Clusters"] for row in rows] == [3, 4, 5]
    best = min(rows, key=lambda row: row["Davies-Bouldin Index"])["Clusters"]
    chosen = found["untrained"]
    assert chosen.settings["clusters"] == chosen.estimator.n_clusters == best
    assert learner.estimator.n_clusters == 2, "what arrived is as it was"
    assert run(TRAIN, {}, untrained=chosen, table=cars()[0])["table"].frame["Assignments"].n_unique() == best


def test_the_number_of_groups_that_are_far_apart_is_found():
    dice = np.random.default_rng(0)
    points = np.concatenate([dice.normal(centre, 0.2, (30, 2)) for centre in ((0, 0), (5, 0), (0, 5), (9, 9))])
    table = Table(pl.DataFrame(points, schema=["x", "y"]))
    for learner, by in (("k_means", "silhouette"), ("k_means", "calinski_harabasz"), ("gaussian_mixture", "bic")):
        found = run(SELECT, {"most": 7, "by": by}, untrained=only(f"clustering.{learner}"), table=table)
        assert found["untrained"].settings["clusters"] == 4
    scaled = (points - points.mean(axis=0)) / points.std(axis=0)
    wanted = [GaussianMixture(count, random_state=0).fit(scaled).bic(scaled) for count in range(2, 8)]
    np.testing.assert_allclose(found["table"].frame["BIC"], wanted, rtol=1e-9)


def test_it_ends_where_the_rows_are_too_few(notes):
    table = pl.DataFrame({"x": [1.0, 2.0, 9.0, 9.0, 1.0]})
    found = run(SELECT, {}, untrained=only("clustering.k_means"), table=table)
    assert found["table"].frame["Clusters"].to_list() == [2, 3]
    assert any("not enough different rows for 4 clusters" in line for line in notes)


@pytest.mark.parametrize(
    ("learner", "settings", "code"),
    [
        ("clustering.dbscan", {}, "no_number"),
        ("clustering.k_means", {"by": "bic"}, "no_likelihood"),
        ("clustering.k_means", {"fewest": 5, "most": 4}, "empty_range"),
        ("clustering.k_means", {"fewest": 300, "most": 400}, "too_few_rows"),
    ],
)
def test_what_cannot_be_selected_is_refused(learner, settings, code):
    refuses(SELECT, settings, code, untrained=only(learner), table=cars()[0])
