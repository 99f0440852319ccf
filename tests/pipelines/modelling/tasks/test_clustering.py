"""Clustering, as Evaluate Model judges it: the figures are those of scikit-learn and of their definitions."""

import numpy as np
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.modelling.clusters import separation, spread
from tests.pipelines.modules.distances import assignments, cars, clustered, distance_matrix, distances
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

EVALUATE = "evaluation.evaluate_model"


def evaluated(*tables):
    return only(EVALUATE, scored=list(tables))


def block(report, title):
    return next(block for block in report.blocks if block["title"] == title)


def test_the_distances_are_those_of_each_cluster_and_of_all():
    table = clustered("clustering.k_means", {"clusters": 3, "scaling": "min_max"})["table"]
    far, labels = distances(table), np.array(assignments(table))
    report = evaluated(table)
    rows = block(report, "Distances and rows of each cluster")["rows"]
    for place, some in [*((place, labels == place) for place in range(3)), (3, labels >= 0)]:
        own = far[np.flatnonzero(some), labels[some]]
        others = [np.mean([far[row, other] for other in range(3) if other != labels[row]]) for row in np.flatnonzero(some)]
        model, name, *figures = rows[place]
        assert (model, name) == ("K-Means Clustering", f"Cluster {place}" if place < 3 else "All clusters")
        assert figures == pytest.approx([np.mean(others), own.mean(), some.sum(), own.max()], rel=1e-9)
    metrics = report.metrics[0]["metrics"]
    assert [metrics[key] for key in ("distance_to_others", "distance_to_own", "largest_distance")] == [rows[3][at] for at in (2, 3, 5)]


@pytest.mark.slow
def test_models_are_compared_by_the_same_standardized_columns():
    tables = [clustered("clustering.k_means", {"clusters": 4, "scaling": scaling})["table"] for scaling in ("z_score", "none")]
    x, report = distance_matrix(cars()[0], cars()[0]), evaluated(*tables)
    for table, found in zip(tables, report.metrics, strict=True):
        labels = assignments(table)
        for key, score in (
            ("silhouette", silhouette_score),
            ("davies_bouldin", davies_bouldin_score),
            ("calinski_harabasz", calinski_harabasz_score),
        ):
            assert found["metrics"][key] == pytest.approx(score(x, labels), rel=1e-9)
    assert [found["name"] for found in report.metrics] == ["K-Means Clustering 1", "K-Means Clustering 2"]
    assert "Rows by cluster of K-Means Clustering 2" in [block["title"] for block in report.blocks]


def test_many_rows_are_thinned_evenly():
    dice = np.random.default_rng(1)
    matrix, clusters = dice.normal(size=(25_000, 2)), dice.integers(-1, 3, 25_000)
    found = separation(matrix, clusters)
    inside = np.flatnonzero(clusters >= 0)
    some = inside[np.linspace(0, len(inside) - 1, 2000).astype(int)]
    assert (spread(clusters, 2000) == some).all()
    assert found["silhouette"] == pytest.approx(silhouette_score(matrix[some], clusters[some]), rel=1e-9)
    assert found["davies_bouldin"] == pytest.approx(davies_bouldin_score(matrix[inside], clusters[inside]), rel=1e-9)


def test_rows_in_no_cluster_are_counted_only():
    table = clustered("clustering.dbscan", {"radius": 3.2, "rows": 4})["table"]
    labels = np.array(assignments(table))
    report = evaluated(table)
    rows = {row[1]: row[2:] for row in block(report, "Distances and rows of each cluster")["rows"]}
    assert rows["No cluster"] == [None, None, (labels == -1).sum(), None] and rows["All clusters"][2] == (labels >= 0).sum()
    x = distance_matrix(cars()[0], cars()[0])
    assert report.metrics[0]["metrics"]["silhouette"] == pytest.approx(silhouette_score(x[labels >= 0], labels[labels >= 0]), rel=1e-9)


@pytest.mark.parametrize("kept", [[], ["make"]], ids=["no column", "one text"])
def test_without_columns_to_compare_there_are_distances_only(kept):
    table = clustered("clustering.k_means")["table"]
    report = evaluated(table.only([*kept, *[name for name in table.frame.columns if name.startswith(("Assign", "Dist"))]]))
    metrics = report.metrics[0]["metrics"]
    assert metrics["distance_to_own"] > 0 and (metrics["silhouette"] is not None) is bool(kept)


def test_a_label_is_not_needed_and_changes_nothing():
    table = clustered("clustering.k_means")["table"]
    assert evaluated(table.with_role("price", role="label")).metrics == evaluated(table.with_role("price", role="ignored")).metrics


def test_a_single_cluster_is_not_separated():
    table = clustered("clustering.gaussian_mixture", {"clusters": 1, "shape": "diag"})["table"]
    metrics = evaluated(table).metrics[0]["metrics"]
    assert metrics["silhouette"] is None and metrics["distance_to_others"] is None


def test_renamed_assignments_are_refused():
    table = clustered("clustering.k_means")["table"]
    renamed = Table(table.frame.rename({"Assignments": "Group"}), {**table.roles, "Group": ColumnRole("score", task="clustering")})
    refuses(EVALUATE, {}, "no_assignments", scored=[renamed])


def test_clusters_and_predictions_are_not_compared():
    predicted = only("training.train_model", {"label": "price"}, untrained=only("regression.linear_regression"), table=cars()[0])
    table = only("scoring.score_model", model=predicted, table=cars()[0])
    refuses(EVALUATE, {}, "mixed_kinds", scored=[clustered("clustering.k_means")["table"], table])


def test_a_table_without_rows_is_refused():
    table = clustered("clustering.k_means")["table"]
    refuses(EVALUATE, {}, "no_rows", scored=[table.with_frame(table.frame.clear())])
