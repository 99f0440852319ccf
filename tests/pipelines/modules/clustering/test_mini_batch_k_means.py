"""Mini-Batch K-Means Clustering."""

import numpy as np
from sklearn.cluster import MiniBatchKMeans

from tests.pipelines.modules.distances import assignments, by_size, cars, clustered, distance_matrix, distances


def test_clusters_and_distances_are_those_of_scikit_learn():
    x = distance_matrix(cars()[0], cars()[0])
    fitted = MiniBatchKMeans(4, batch_size=32, n_init=2, max_iter=20, random_state=3).fit(x)
    number = by_size(fitted.labels_.tolist())
    order = sorted(number, key=number.__getitem__)
    settings = {"clusters": 4, "batch_rows": 32, "restarts": 2, "iterations": 20, "seed": 3}
    found = clustered("clustering.mini_batch_k_means", settings)["table"]
    assert assignments(found) == [number[label] for label in fitted.labels_]
    np.testing.assert_allclose(distances(found), fitted.transform(x)[:, order], atol=1e-9, rtol=1e-9)
