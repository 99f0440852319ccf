"""Pictures and tables of clusters: their sizes, where their rows are, and which columns differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipelines.catalogue.phrases import percent
from pipelines.modelling.clusters import MOST_COMPARED, MOST_DESCRIBED, MOST_SEPARATED, NONE, SEPARATION, Difference, dense, spread
from pipelines.modelling.evaluation.charts import Block, chart, table

COLOURS, OTHERS = 6, "Other clusters"  # a chart has that many colours
MOST_DOTS = 1_500
MOST_EXACT = 200  # columns, of more the axes are approximate
MOST_FITTED = 20_000  # rows that the axes of the picture are fitted on
MOST_COLUMNS = 15
MOST_LISTED = 300
FOR_EACH = 5


def name_of(cluster: int) -> str:
    """Return how a cluster is called."""
    return "No cluster" if cluster == NONE else f"Cluster {cluster}"


def sizes(clusters: np.ndarray, of: str = "") -> Block:
    """A bar for the rows of each cluster."""
    places, rows = np.unique(clusters, return_counts=True)
    values = [
        {"cluster": name_of(place), "rows": many} for place, many in list(zip(places.tolist(), rows.tolist(), strict=True))[:MOST_DESCRIBED]
    ]
    spec = {
        "data": {"values": values},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "cluster", "type": "nominal", "sort": None, "title": None},
            "x": {"field": "rows", "type": "quantitative", "title": "Rows"},
        },
    }
    return chart(f"Sizes of the clusters{of}", "cluster_sizes", f"Rows of each cluster.{_cut(len(places))}", spec)


def scatter(matrix: Any, clusters: np.ndarray, of: str = "") -> list[Block]:
    """The rows on the plane on which they are spread most: their first two principal components. Nothing where there is no plane."""
    from sklearn.decomposition import PCA

    everywhere = np.zeros(len(clusters), dtype=int)
    rows = dense(matrix[spread(everywhere, MOST_FITTED)])
    if min(rows.shape) < 2 or not np.ptp(rows, axis=0).any():
        return []
    narrow = rows.shape[1] <= min(rows.shape[0], MOST_EXACT)
    plane = PCA(2, svd_solver="covariance_eigh" if narrow else "randomized", random_state=0).fit(rows)
    some = spread(everywhere, MOST_DOTS)
    points = plane.transform(dense(matrix[some])).round(6).tolist()
    named = sorted(np.unique(clusters).tolist(), key=lambda place: (place == NONE, place))
    own = named if len(named) <= COLOURS else [*(named[-1:] if named[-1] == NONE else []), *named][: COLOURS - 1]
    names = [*(name_of(place) for place in named if place in own), *([OTHERS] if len(own) < len(named) else [])]
    dots = [
        {"cluster": name_of(cluster) if cluster in own else OTHERS, "x": x, "y": y}
        for cluster, (x, y) in zip(clusters[some].tolist(), points, strict=True)
    ]
    shares = [percent(share, 0) for share in plane.explained_variance_ratio_]
    spec = {
        "data": {"values": dots},
        "mark": {"type": "point", "tooltip": True},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "title": f"First principal component ({shares[0]} of the variance)"},
            "y": {"field": "y", "type": "quantitative", "title": f"Second principal component ({shares[1]})"},
            "color": {"field": "cluster", "type": "nominal", "title": "Cluster", "sort": names},
        },
    }
    words = "Each dot is a row, on the plane on which the rows are spread most."
    return [chart(f"Rows by cluster{of}", "clusters", words, spec)]


def profile(found: Sequence[Difference], of: str = "") -> list[Block]:
    """Which columns differ most in each cluster. Nothing where none does."""
    if not found:
        return []
    strongest: dict[str, float] = {}
    for one in found:
        strongest[one.column] = max(strongest.get(one.column, 0.0), abs(one.by))
    columns = sorted(strongest, key=lambda column: -strongest[column])[:MOST_COLUMNS]
    cells = [
        {
            "cluster": name_of(one.cluster),
            "column": one.column,
            "by": round(one.by, 2),
            "size": min(abs(one.by), 3.0),
            "side": "above" if one.by > 0 else "below",
        }
        for one in found
        if one.column in columns and one.cluster < MOST_DESCRIBED
    ]
    spec = {
        "data": {"values": cells},
        "encoding": {
            "y": {"field": "column", "type": "nominal", "sort": columns, "title": None},
            "x": {"field": "cluster", "type": "nominal", "sort": None, "title": None},
        },
        "layer": [
            {
                "mark": {"type": "rect", "tooltip": True},
                "encoding": {
                    "color": {"field": "side", "type": "nominal", "title": "Than all rows", "sort": ["above", "below"]},
                    "opacity": {"field": "size", "type": "quantitative", "scale": {"domain": [0, 3], "range": [0.04, 0.6]}, "legend": None},
                },
            },
            {"mark": {"type": "text", "tooltip": False}, "encoding": {"text": {"field": "by", "type": "quantitative"}}},
        ],
    }
    words = "How far the mean of a cluster, or its share of a text, is above or below that of all rows, in standard deviations."
    rows = []
    for cluster in sorted({one.cluster for one in found}):
        most = sorted((one for one in found if one.cluster == cluster), key=lambda one: -abs(one.by))[:FOR_EACH]
        rows += [[name_of(cluster), one.column, one.inside, one.overall, one.by] for one in most]
    head = ["Cluster", "Column", "In the cluster", "In all rows", "Difference in standard deviations"]
    return [
        chart(f"Columns that differ most{of}", "cluster_profile", words, spec),
        table(f"Columns that differ most, by cluster{of} (means; of texts shares)", head, rows[:MOST_LISTED]),
    ]


def means(found: Sequence[Difference]) -> list[Block]:
    """The mean of each column in each cluster, or the share of a text."""
    clusters = sorted({one.cluster for one in found})[:MOST_DESCRIBED]
    overall = {one.column: one.overall for one in found}
    inside = {(one.column, one.cluster): one.inside for one in found}
    rows = [[column, mean, *(inside.get((column, place)) for place in clusters)] for column, mean in list(overall.items())[:MOST_LISTED]]
    return [table("Means of the columns, and shares of texts", ["Column", "All rows", *map(name_of, clusters)], rows)] if rows else []


def separation_table(values: Mapping[str, float | None], further: Sequence[Sequence[Any]]) -> Block:
    """How well the clusters are separated, and further figures."""
    title = f"Separation (silhouette of at most {MOST_COMPARED:,} rows, indices of at most {MOST_SEPARATED:,})"
    return table(title, ["Figure", "Value"], [*([name, values[key]] for key, name in SEPARATION), *further])


def _cut(clusters: int) -> str:
    return f" The {MOST_DESCRIBED} largest of {clusters} clusters." if clusters > MOST_DESCRIBED else ""
