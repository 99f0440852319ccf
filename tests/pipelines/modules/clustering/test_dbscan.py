"""DBSCAN Clustering."""

import numpy as np
import polars as pl
from sklearn.cluster import DBSCAN
from sklearn.metrics import pairwise_distances

from tests.pipelines.modules.distances import TRAIN, assignments, by_size, cars, clustered, distance_matrix, distances
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

SETTINGS = {"radius": 3.2, "rows": 4}


def test_rows_join_the_cluster_of_the_nearest_core_point_of_scikit_learn():
    train, test = cars()
    x, new = (distance_matrix(train, frame) for frame in (train, test))
    fitted = DBSCAN(eps=3.2, min_samples=4).fit(x)
    cores = fitted.core_sample_indices_

    def nearest(rows):
        far = pairwise_distances(rows, x[cores])
        return np.where(far.min(axis=1) <= 3.2, fitted.labels_[cores][far.argmin(axis=1)], -1)

    labels = nearest(x)
    assert len(set(fitted.labels_)) > 2 and -1 in labels, "several clusters, and rows in none"
    assert (labels[cores] == fitted.labels_[cores]).all() and ((labels == -1) == (fitted.labels_ == -1)).all()
    number = by_size(labels.tolist()) | {-1: -1}
    found = clustered("clustering.dbscan", SETTINGS)
    assert assignments(found["table"]) == [number[label] for label in labels]
    scored = only("scoring.score_model", model=found["model"], table=test)
    assert assignments(scored) == [number[label] for label in nearest(new)]
    order = sorted((label for label in number if label >= 0), key=number.__getitem__)
    centres = np.stack([x[labels == label].mean(axis=0) for label in order])
    np.testing.assert_allclose(distances(scored), pairwise_distances(new, centres), atol=1e-9, rtol=1e-9)


def test_a_row_between_two_clusters_joins_the_nearer_whatever_the_order():
    rows = pl.DataFrame({"x": [0.0, 0.1, 0.2, 0.3, 0.4, 1.3, 2.15, 2.25, 2.35, 2.45, 2.55]})
    assert DBSCAN(eps=0.93, min_samples=5).fit_predict(rows.to_numpy())[5] == 0, "of scikit-learn the first cluster takes it"
    for table in (rows, rows.reverse()):
        found = clustered("clustering.dbscan", {"radius": 0.93, "rows": 5, "scaling": "none"}, table)["table"].frame
        number = dict(found.select("x", "Assignments").rows())
        assert number[1.3] == number[2.15] == 0 and number[0.4] == 1


def test_rows_that_are_far_from_each_other_are_refused_with_the_usual_distance():
    table = pl.DataFrame({"x": [0.0, 10.0, 25.0, 45.0, 70.0]})
    settings = {"scaling": "none", "rows": 3}
    error = refuses(TRAIN, {}, "no_clusters", untrained=only("clustering.dbscan", settings), table=table)
    assert error.words == "No row has 3 rows within a distance of 0.5, so there are no clusters."
    assert error.remedy.endswith("Half of the rows have 3 rows within 25.")
    few = refuses(TRAIN, {}, "no_clusters", untrained=only("clustering.dbscan", settings), table=table.head(2))
    assert few.remedy.endswith("in DBSCAN Clustering.")
