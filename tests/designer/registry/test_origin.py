"""The figures of a version are those of its own model."""

from __future__ import annotations

from designer.registry.models import ModelVersion
from tests.designer.conftest import Team
from tests.designer.datasets.test_saving import TRAINED, WIRES, of_nodes
from tests.designer.registry.conftest import register


def test_of_two_models_of_one_name_each_has_its_own_figures(team: Team) -> None:
    nodes = {
        **TRAINED,
        "worse": ("regression.linear_regression", {"l2_weight": 1000.0}),
        "train_worse": ("training.train_model", {"label": "y"}),
        "score_worse": "scoring.score_model",
    }
    wires = (
        "scale.table train_worse.table",
        "worse.model train_worse.untrained",
        "train_worse.model score_worse.model",
        "scale.table score_worse.table",
    )
    run = of_nodes(team, nodes, *WIRES, *wires, "score_worse.table judge.scored")
    good, bad = register(team, run), register(team, run, "other", node="train_worse")
    found = {name: version.metrics for version in ModelVersion.objects.all() for name in [version.model.name]}
    told = {
        name: {(each["model"], each["key"]): each["value"] for each in figures if each["key"] == "r2"} for name, figures in found.items()
    }
    assert [*told["line"]] == [("Linear Regression 1", "r2")] and told["line"]["Linear Regression 1", "r2"] > 0.999
    assert [*told["other"]] == [("Linear Regression 2", "r2")] and told["other"]["Linear Regression 2", "r2"] < 0.9
    assert good.status_code == bad.status_code == 201
