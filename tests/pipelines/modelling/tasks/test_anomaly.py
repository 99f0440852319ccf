"""Anomaly detection, as Evaluate Model judges it: the figures are those of scikit-learn."""

import numpy as np
import polars as pl
import pytest
from sklearn import metrics as plain

from pipelines.catalogue.ports import Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EVALUATE = "evaluation.evaluate_model"


def people(rows=600):
    return Table(dataset("credit_risk").frame.head(rows))


def scored(table=None, learner="isolation_forest", **settings):
    table = people() if table is None else table
    model = only("training.train_anomaly_detection", {"share": 0.2, **settings}, untrained=only(f"anomaly.{learner}"), table=table)
    return only("scoring.score_model", model=model, table=table)


def block(report, title):
    return next(block for block in report.blocks if block["title"].startswith(title))


def test_with_a_label_the_figures_are_those_of_scikit_learn():
    table = scored(label="Status")
    truth = (table.frame["Status"] == "bad").to_numpy()
    flags, scores = table.frame["Scored Labels"].to_numpy(), table.frame["Anomaly Score"].to_numpy()
    report = only(EVALUATE, scored=[table])
    found = report.metrics[0]["metrics"]
    precision, recall, f1, _ = plain.precision_recall_fscore_support(truth, flags, average="binary")
    assert found == pytest.approx(
        {
            "auc": plain.roc_auc_score(truth, scores),
            "average_precision": plain.average_precision_score(truth, scores),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "share": flags.mean(),
        },
        rel=1e-9,
    )
    (row,) = block(report, "At the model's threshold")["rows"]
    assert row[1:5] == [(truth & flags).sum(), (truth & ~flags).sum(), (~truth & flags).sum(), (~truth & ~flags).sum()]
    assert {"roc", "precision_recall", "lift", "anomaly_scores"} <= {block.get("role") for block in report.blocks}


def test_without_a_label_there_is_the_distribution_of_the_scores():
    table = scored(table=people().only([name for name in people().frame.columns if name != "Status"]))
    report = only(EVALUATE, scored=[table])
    assert report.metrics[0]["metrics"] == {**dict.fromkeys(("auc", "average_precision", "precision", "recall", "f1")), "share": 0.2}
    bars, rule, _ = block(report, "Scores of")["spec"]["layer"]
    rows, _ = np.histogram(table.frame["Anomaly Score"], 40)
    assert [bar["rows"] for bar in bars["data"]["values"]] == rows.tolist()
    assert rule["data"]["values"][0]["from"] == table.frame.filter("Scored Labels")["Anomaly Score"].min()


def test_rows_without_a_label_count_only_where_none_is_needed(notes):
    table = scored(label="Status")
    gaps = table.with_frame(table.frame.with_columns(pl.when(pl.int_range(pl.len()) >= 100).then("Status")))
    found = only(EVALUATE, scored=[gaps]).metrics[0]["metrics"]
    known = table.frame[100:]
    assert found["auc"] == pytest.approx(plain.roc_auc_score(known["Status"] == "bad", known["Anomaly Score"]), rel=1e-9)
    assert found["share"] == pytest.approx(0.2) and any("100 rows without a label" in line for line in notes)


def test_weights_weigh():
    weights = pl.Series("w", [1.0 + row % 4 for row in range(600)])
    table = scored(Table(people().frame.with_columns(weights)).with_role("w", role="weight"), label="Status")
    found = only(EVALUATE, scored=[table]).metrics[0]["metrics"]
    truth = table.frame["Status"] == "bad"
    assert found["auc"] == pytest.approx(plain.roc_auc_score(truth, table.frame["Anomaly Score"], sample_weight=weights), rel=1e-9)
    assert found["share"] == pytest.approx(np.average(table.frame["Scored Labels"], weights=weights), rel=1e-9)


def test_detectors_are_compared_side_by_side():
    tables = [scored(learner=learner, label="Status") for learner in ("isolation_forest", "local_outlier_factor")]
    report = only(EVALUATE, scored=tables)
    assert [one["name"] for one in report.metrics] == ["Isolation Forest", "Local Outlier Factor"]
    assert len(block(report, "At the model's threshold")["rows"]) == 2


def test_a_label_by_its_role_alone_is_judged_by_the_rarer_value(notes):
    """The label of a table that a model was not told of."""
    table = scored(people().with_role("Status", role="label"))
    found = only(EVALUATE, scored=[table]).metrics[0]["metrics"]
    assert found["auc"] == pytest.approx(plain.roc_auc_score(table.frame["Status"] == "bad", table.frame["Anomaly Score"]), rel=1e-9)
    assert any("“bad”, the rarer value" in line for line in notes)


@pytest.mark.parametrize("values", [0, False])
def test_a_label_of_normal_rows_only_has_no_curves(values):
    frame = people().frame.with_columns(Status=pl.lit(values))
    report = only(EVALUATE, scored=[scored(Table(frame), label="Status")])
    assert report.metrics[0]["metrics"]["auc"] is None and report.metrics[0]["metrics"]["precision"] == 0
    assert "roc" not in {block.get("role") for block in report.blocks}


@pytest.mark.slow
def test_a_label_of_several_values_needs_the_one_for_anomalies():
    refuses(EVALUATE, {}, "no_anomaly_class", scored=[scored(label="Job")])
    table = scored(label="Job", anomaly="others")
    known = table.frame.drop_nulls("Job")
    found = only(EVALUATE, scored=[table]).metrics[0]["metrics"]
    assert found["auc"] == pytest.approx(plain.roc_auc_score(known["Job"] == "others", known["Anomaly Score"]), rel=1e-9)
