"""Of each kind that can be saved, a pipeline predicts with the saved value what the run predicted that made it."""

from __future__ import annotations

from typing import Any

import pytest

from designer.datasets.resolver import WorkspaceDatasets
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.kind import kinds
from tests.designer.conftest import Team
from tests.designer.datasets.test_saving import of_nodes, save
from tests.support.graph_builder import document

RATINGS = "who,what,stars\n" + "\n".join(f"u{a},i{b},{(a * b) % 5 + 1}" for a in range(6) for b in range(5))
PIXELS = "a,b,c,d,kind\n" + "\n".join(f"{a},{a * 7 % 250},{250 - a},{a * 3 % 250},{'ab'[a > 120]}" for a in range(0, 250, 10))
POINTS = "a,b,kind\n" + "\n".join(f"{a % 7},{a * 5 % 11},{'xy'[a % 7 > 3]}" for a in range(30))
SALES = "day,shop,sold\n" + "\n".join(f"2024-01-{day:02},{shop},{day * len(shop) % 7}" for shop in ("a", "bcd") for day in range(1, 29))
WHO = {"user": "who", "item": "what", "rating": "stars"}
DATA = "data.table train.table"

# By kind: the nodes that fit the value `train.VALUE`, their edges, and the module and the settings that use it on the same data.
FITTED: dict[str, tuple[dict[str, Any], tuple[str, ...], tuple[str, dict[str, Any]]]] = {
    "model": (
        {
            "data": ("data.enter_data", {"text": POINTS}),
            "learner": "clustering.k_means",
            "train": ("training.train_clustering", {"columns": ["a", "b"]}),
        },
        ("learner.model train.untrained", DATA),
        ("scoring.score_model", {}),
    ),
    "models_by_group": (
        {
            "data": ("data.enter_data", {"text": POINTS}),
            "learner": "regression.linear_regression",
            "train": ("training.train_model_by_group", {"label": "a", "groups": ["kind"]}),
        },
        ("learner.model train.untrained", DATA),
        ("scoring.score_model_by_group", {}),
    ),
    "transform": (
        {"data": ("data.enter_data", {"text": POINTS}), "train": ("selection.pca", {"columns": ["a", "b"], "components": 1})},
        (DATA,),
        ("transform.apply_transformation", {}),
    ),
    "recommender": (
        {"data": ("data.enter_data", {"text": RATINGS}), "train": ("recommendation.train_svd_recommender", WHO)},
        (DATA,),
        ("recommendation.score_svd_recommender", {"kind": "ratings"}),
    ),
    "wide_and_deep_recommender": (
        {"data": ("data.enter_data", {"text": RATINGS}), "train": ("recommendation.train_wide_and_deep_recommender", {**WHO, "epochs": 2})},
        (DATA,),
        ("recommendation.score_wide_and_deep_recommender", {"kind": "ratings"}),
    ),
    "forecaster": (
        {
            "data": ("data.enter_data", {"text": SALES}),
            "method": "forecasting.baseline",
            "train": ("forecasting.train_forecasting", {"time": "day", "value": "sold", "series": ["shop"], "horizon": 2}),
        },
        ("method.method train.method", DATA),
        ("forecasting.forecast", {}),
    ),
    "vowpal_wabbit_model": (
        {"data": ("data.enter_data", {"text": POINTS}), "train": ("text.train_vowpal_wabbit_model", {"label": "kind"})},
        (DATA,),
        ("text.score_vowpal_wabbit_model", {}),
    ),
    "image_model": (
        {
            "table": ("data.enter_data", {"text": PIXELS}),
            "data": (
                "vision.convert_to_image_directory",
                {"source": "pixels", "columns": ["a", "b", "c", "d"], "white": 250, "label": "kind"},
            ),
            "network": ("vision.small_convolutional_network", {"blocks": 1}),
            "train": ("vision.train_pytorch_model", {"epochs": 1}),
        },
        ("table.table data.table", "network.network train.network", "data.images train.training"),
        ("vision.score_image_model", {}),
    ),
}


def test_each_kind_is_tried() -> None:
    assert FITTED.keys() == {id for id, kind in kinds().items() if kind.loader and id not in ("note", "scoring_graph")}


def the_port(module: str, kind: str, *, out: bool) -> str:
    """The first port of a kind, else the one for the rows."""
    ports = catalogue().modules[module].outputs if out else catalogue().modules[module].inputs
    return next((port.name for port in ports if port.kind == kind), "")


@pytest.mark.slow
@pytest.mark.parametrize("kind", FITTED)
def test_another_pipeline_predicts_the_same(team: Team, kind: str) -> None:
    nodes, edges, score = FITTED[kind]
    trainer = nodes["train"][0]
    used = [catalogue().modules[id] for id in (trainer, score[0])]
    if not all(module.is_installed for module in used):
        pytest.skip(f"an extra of {trainer} is not installed")
    data = the_port(nodes["data"][0], "images", out=True) or "table"
    rows = f"data.{data} score.{the_port(score[0], 'images' if data == 'images' else 'table', out=False)}"
    value, at, result = the_port(trainer, kind, out=True), the_port(score[0], kind, out=False), the_port(score[0], "table", out=True)

    run = of_nodes(team, {**nodes, "score": score}, *edges, rows, f"train.{value} score.{at}")
    answer = save(team.client("editor"), run, f"train.{value}", "Saved")
    assert (answer.status_code, answer.json()["kind"]) == (201, kind)

    loader = catalogue().modules[kinds()[kind].loader.id]  # type: ignore[union-attr]
    feeding = {name: node for name, node in nodes.items() if name in ("data", "table")}
    loaded = {**feeding, "load": (loader.id, {loader.params[0].name: "saved"}), "score": score}
    wires = [edge for edge in edges if edge.startswith("table.")]
    again = of_nodes(team, loaded, *wires, rows, f"load.{loader.outputs[0].name} score.{at}")
    (ours, theirs) = (flow.output(one, "score", result) for one in (run, again))
    assert ours is not None and theirs is not None and ours.rows
    assert ours.digest == theirs.digest


@pytest.fixture
def with_saved_pca(team: Team) -> Team:
    nodes, edges, _ = FITTED["transform"]
    run = of_nodes(team, nodes, *edges)
    assert save(team.client("editor"), run, "train.transform", "Axes").status_code == 201
    return team


def test_a_value_of_another_kind_is_refused_at_the_setting_with_the_module_that_loads_it(with_saved_pca: Team) -> None:
    nodes = {"svd": ("recommendation.load_svd_recommender", {"recommender": "axes"}), "table": ("data.dataset", {"dataset": "axes"})}
    graph = flow.read({"format": 1, **document(nodes)})
    found = flow.check(graph, WorkspaceDatasets(with_saved_pca.workspace), with_saved_pca.workspace.pk).problems
    assert [(problem.code, problem.node, problem.param, problem.words, problem.remedy) for problem in found] == [
        (
            "unknown_dataset", "svd", "recommender", "“axes” is a transformation, not a trained recommender.",
            "Select one of the workspace, or save it from the results of a run. Load Transformation loads “axes”.",
        ),
        (
            "unknown_dataset", "table", "dataset", "“axes” is a transformation, not a table.",
            "Select a dataset of the workspace, or upload it. Load Transformation loads “axes”.",
        ),
    ]  # fmt: skip


def test_a_loaded_value_is_refused_at_an_input_of_another_kind(with_saved_pca: Team) -> None:
    nodes = {"axes": ("data.load_transformation", {"transform": "axes"}), "score": "recommendation.score_svd_recommender"}
    graph = flow.read({"format": 1, **document(nodes, "axes.transform score.recommender")})
    codes = [
        problem.code for problem in flow.check(graph, WorkspaceDatasets(with_saved_pca.workspace), with_saved_pca.workspace.pk).problems
    ]
    assert "wrong_kind" in codes


def test_what_no_module_loads_is_not_saved(team: Team) -> None:
    run = of_nodes(team, {"learner": "regression.linear_regression"})
    refused = save(team.client("editor"), run, "learner.model", "Learner")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_saved")
    assert refused.json()["error"]["words"] == "An untrained model cannot be saved, because no module loads it."
