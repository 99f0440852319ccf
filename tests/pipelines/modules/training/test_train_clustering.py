"""Train Clustering Model: columns, the assigned rows, their labels, and the report."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from pipelines.validation.columns import Columns
from tests.pipelines.modules.distances import TRAIN, assignments, cars, clustered, distance_matrix, distances
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.graph_builder import draw
from tests.support.module_runner import only

EXAMPLE = Example(inputs={"untrained": lambda: [only("clustering.k_means", {"clusters": 3})]})
K_MEANS = "clustering.k_means"


def blocks(model, start):
    return [block for block in model.report.blocks if block["title"].startswith(start)]


def test_the_report_says_how_well_the_clusters_are_separated():
    found = clustered(K_MEANS, {"clusters": 3})
    x, labels = distance_matrix(cars()[0], cars()[0]), assignments(found["table"])
    rows = dict(blocks(found["model"], "Separation")[0]["rows"])
    for name, score in (
        ("Silhouette", silhouette_score),
        ("Davies-Bouldin index", davies_bouldin_score),
        ("Calinski-Harabasz index", calinski_harabasz_score),
    ):
        assert rows[name] == pytest.approx(score(x, labels), rel=1e-9)
    own = distances(found["table"])[np.arange(len(labels)), labels]
    assert rows["Sum of squared distances to the own center"] == pytest.approx((own**2).sum(), rel=1e-9)


def test_the_report_says_which_columns_differ():
    found = clustered(K_MEANS, {"clusters": 3})
    frame = found["table"].frame
    rows = {(row[0], row[1]): row[2:] for row in blocks(found["model"], "Columns that differ most, by cluster")[0]["rows"]}
    for (cluster, column), (inside, overall, by) in rows.items():
        name, _, text = column.partition(" = ")
        values = (frame[name] == text).fill_null(False).cast(float) if text else frame[name].cast(float)
        here = values.filter(frame["Assignments"] == int(cluster.split()[1]))
        assert inside == pytest.approx(here.mean()) and overall == pytest.approx(values.mean())
        assert by == pytest.approx((here.mean() - values.mean()) / values.std(ddof=0))
    assert len({column for _, column in rows}) > 3
    charts = {block["role"] for block in found["model"].report.blocks if block["type"] == "chart"}
    assert charts == {"clusters", "cluster_sizes", "cluster_profile"}


def test_selected_columns_are_compared_whatever_their_role_is():
    table = Table(cars()[0], {"horsepower": ColumnRole("ignored"), "price": ColumnRole("label")})
    assert "price" not in dict(clustered(K_MEANS, table=table)["model"].features)
    found = clustered(K_MEANS, table=table, columns=["horsepower", "price"])
    assert dict(found["model"].features).keys() == {"horsepower", "price"}
    assert found["table"].role("price").role == "label" and found["table"].role("Assignments") == ColumnRole(
        "score", model="K-Means Clustering", task="clustering"
    )


def test_only_the_result_can_be_kept():
    found = clustered(K_MEANS, append=False)["table"].frame
    assert found.columns == ["Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"]


def test_rows_without_a_weight_are_assigned_and_not_trained_on(notes):
    frame = pl.DataFrame({"x": [0.0, 1.0, 10.0, 11.0, 500.0], "w": [1.0, 1.0, 1.0, 1.0, None]})
    found = clustered(K_MEANS, {"scaling": "none"}, Table(frame).with_role("w", role="weight"))
    assert sorted(found["model"].estimator[-1].cluster_centers_.ravel()) == [0.5, 10.5]
    assert found["table"].frame["Assignments"].null_count() == 0
    assert "1 row with a missing weight was left out." in notes


LABELLED = Table(
    pl.DataFrame({"x": [0.0, 1.0, 2.4, 50.0, 51.0, 53.0], "kind": [None, "near", "edge", "far", None, "other"]}),
    {"kind": ColumnRole("label")},
)


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        ("ignore", [None, "near", "edge", "far", None, "other"]),
        ("fill", ["near", "near", "edge", "far", "far", "other"]),
        ("overwrite", ["near", "near", "near", "far", "far", "far"]),
    ],
)
def test_labels_come_from_the_row_closest_to_the_center(labels, wanted):
    found = clustered(K_MEANS, {"scaling": "none"}, LABELLED, labels=labels)["table"]
    assert found.frame["kind"].to_list() == wanted and found.role("kind").role == "label"


def test_labels_need_a_label_column():
    refuses(TRAIN, {"labels": "fill"}, "no_label", untrained=only(K_MEANS), table=cars()[0])


@pytest.mark.parametrize(
    ("learner", "trainer", "right"),
    [
        (K_MEANS, "training.train_model", "Train Clustering Model"),
        (K_MEANS, "training.train_anomaly_detection", "Train Clustering Model"),
        ("regression.linear_regression", "training.train_clustering", "Train Model"),
        ("anomaly.isolation_forest", "training.train_clustering", "Train Anomaly Detection Model"),
        ("classification.naive_bayes", "training.select_number_of_clusters", "Train Model"),
    ],
)
def test_a_learner_at_the_wrong_trainer_is_told_before_the_run_and_in_it(learner, trainer, right):
    settings = {"label": "price"} if trainer == "training.train_model" else {}
    nodes = {"learner": learner, "data": ("data.dataset", {"dataset": "cars"}), "train": (trainer, settings)}
    graph = draw(nodes, "learner.model train.untrained", "data.table train.table")
    (problem,) = Columns(graph, catalogue(), lambda name, version: Table(cars()[0].clear())).problems
    assert (problem.code, problem.node, problem.port) == ("other_trainer", "train", "untrained") and right in problem.remedy
    refuses(trainer, settings, "other_trainer", untrained=only(learner), table=cars()[0])


def test_columns_are_known_before_the_run_where_the_learner_has_a_number():
    for learner, count in ((K_MEANS, 2), ("clustering.dbscan", None)):
        nodes = {"learner": learner, "data": ("data.dataset", {"dataset": "cars"}), "train": TRAIN, "score": "scoring.score_model"}
        edges = ("learner.model train.untrained", "data.table train.table", "train.model score.model", "data.table score.table")
        known = Columns(draw(nodes, *edges), catalogue(), lambda name, version: Table(cars()[0].clear())).known
        for node in ("train", "score"):
            told = known[node]["table"]
            assert (told and len([name for name in told.frame.columns if "Distances" in name])) == count


def test_a_column_of_that_name_is_not_replaced_but_assignments_of_a_model_are():
    table = pl.DataFrame({"x": [1.0, 2.0, 8.0, 9.0]})
    once = clustered(K_MEANS, {"clusters": 3}, table)["table"]
    again = clustered(K_MEANS, {"clusters": 2}, once)
    assert again["table"].frame.columns == ["x", "Assignments", "DistancesToClusterCenter no.0", "DistancesToClusterCenter no.1"]
    assert [name for name, _ in again["model"].features] == ["x"]
    own = table.with_columns(Assignments=pl.Series([1, 2, 3, 5]))
    assert refuses(TRAIN, {}, "reserved_name", untrained=only(K_MEANS), table=own).column == "Assignments"


def test_many_clusters_and_columns_are_described_by_the_largest():
    frame = pl.DataFrame({f"c{at}": np.random.default_rng(at).normal(size=150) for at in range(310)})
    found = clustered(K_MEANS, {"clusters": 35, "initialization": "first", "iterations": 2}, frame)
    assert len(blocks(found["model"], "Sizes of the clusters")[0]["spec"]["data"]["values"]) == 30
    assert len(blocks(found["model"], "Means of the columns")[0]["rows"]) == 300
    assert found["table"].frame.width == 310 + 36


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"x": []}, "no_rows"),
        ({"x": [1.0]}, "no_rows"),
        ({"x": [None, None], "y": [1, 1]}, "no_features"),
        ({"name": [f"n{row}" for row in range(100)]}, "no_features"),
        ({"list": [[1], [2], [3]]}, "no_features"),
    ],
)
def test_tables_without_anything_to_compare_are_refused(frame, code):
    table = pl.DataFrame(frame, schema_overrides={"x": pl.Float64} if "x" in frame else None)
    refuses(TRAIN, {}, code, untrained=only(K_MEANS), table=table)


def test_gaps_infinities_dates_and_many_texts_are_taken(notes):
    rows = 400
    frame = pl.DataFrame(
        {
            "ähm = ?": [float("inf"), None, float("nan"), *range(rows - 3)],
            "day": [None, *pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 1) + pl.duration(days=rows - 2), eager=True)],
            "kind": [f"k{row % 150}" for row in range(rows)],
            "yes": [row % 2 == 0 for row in range(rows)],
        },
        strict=False,
    )
    found = clustered(K_MEANS, {"clusters": 4}, frame)
    assert found["table"].frame["Assignments"].n_unique() == 4
    assert found["model"].estimator[-1].n_features_in_ == 3 + 100, "a column for each of 99 texts, and one for all others"
    assert any("Missing values are treated as the mean of their column: “ähm = ?”, “day”." in line for line in notes)
    assert any("infinite" in line for line in notes)
