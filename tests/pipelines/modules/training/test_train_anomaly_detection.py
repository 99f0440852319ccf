"""Train Anomaly Detection Model: threshold, label and columns."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example(inputs={"untrained": lambda: [only("anomaly.isolation_forest", {"trees": 20})]})
TRAIN = "training.train_anomaly_detection"


def people():
    return Table(dataset("credit_risk").frame.head(500))


def train(table=None, **settings):
    return only(TRAIN, settings, untrained=only("anomaly.isolation_forest", {"trees": 20}), table=people() if table is None else table)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_the_share_of_the_training_rows_is_above_the_threshold(share):
    model = train(share=share)
    scored = only("scoring.score_model", model=model, table=people()).frame
    assert scored["Scored Labels"].mean() == pytest.approx(share, abs=2 / 500)
    assert model.settings["threshold"] == pytest.approx(np.quantile(scored["Anomaly Score"], 1 - share), abs=1e-12)
    (chart,) = [block for block in model.report.blocks if block["type"] == "chart"]
    assert sum(bar["rows"] for bar in chart["spec"]["layer"][0]["data"]["values"]) == 500


def test_a_label_is_not_learned_from_and_gets_its_role():
    model = train(label="Status")
    assert "Status" not in dict(model.features) and model.label == "Status"
    scored = only("scoring.score_model", model=model, table=people())
    rarer = people().frame["Status"].value_counts().sort("count")["Status"][0]
    assert scored.role("Status").role == "label" and scored.role("Anomaly Score").positive == rarer
    unlabelled = only("scoring.score_model", model=model, table=people().with_frame(people().frame.drop("Status")))
    assert unlabelled.frame["Anomaly Score"].equals(scored.frame["Anomaly Score"])


def test_the_value_for_an_anomaly_can_be_named():
    assert only("scoring.score_model", model=train(label="Status", anomaly="good"), table=people()).role("Anomaly Score").positive == "good"


def test_without_a_label_the_roles_stay():
    table = people().with_role("Status", role="label").with_role("Age", role="ignored")
    model = train(table)
    assert {"Status", "Age"}.isdisjoint(dict(model.features)) and model.label == ""
    scored = only("scoring.score_model", {"append": False}, model=model, table=table)
    assert scored.frame.columns == ["Status", "Scored Labels", "Anomaly Score"] and scored.role("Status") == ColumnRole("label")


def test_a_column_without_a_name_is_no_label():
    """A model without a label has the empty text in its place, which a column of a file may be called."""
    table = Table(pl.DataFrame({"": range(50), "x": [row % 7 for row in range(50)], "y": [row % 5 for row in range(50)]}))
    scored = only("scoring.score_model", model=train(table, columns=["x", "y"]), table=table)
    assert scored.role("").role == "feature"


def test_what_has_nothing_to_learn_from_is_refused():
    refuses(TRAIN, {}, "no_rows", untrained=only("anomaly.isolation_forest"), table=people().frame.clear())
    refuses(TRAIN, {"columns": ["Status"], "label": "Status"}, "no_features", untrained=only("anomaly.isolation_forest"), table=people())
