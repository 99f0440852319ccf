"""Each candidate of a search opens as a pipeline whose Cross Validate Model gives its figure."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import run_by
from pipelines.catalogue.items import Failure, Item, ItemResult, Trial
from pipelines.catalogue.ports import Table
from pipelines.graph import codec
from pipelines.modelling.tasks import label_tasks
from pipelines.modules.training._automl_opened import opened
from tests.support.kept_trials import Kept
from tests.support.module_runner import run, run_graph

QUICK = {"seconds": 3600, "trials": 3}


def rows(many):
    draw = np.random.default_rng(0)
    x, z, kind = draw.normal(size=many), draw.normal(size=many), draw.choice(["a", "b", "c"], many)
    number = x * 2 + (kind == "a") * z + draw.normal(size=many)
    three = np.array(["low", "middle", "high"])[np.digitize(number, [-1, 1])]
    return pl.DataFrame({"x": x, "z": z, "kind": kind, "number": number, "three": three, "two": number > 0})


def keys_of(titles, label):
    task = {"number": "regression", "two": "two_class", "three": "multi_class"}[label]
    return [metric.key for metric in label_tasks()[task].metrics if metric.title in titles]


def others_than(label):
    return [column for column in ("number", "two", "three") if column != label]


def searched(frame, label, **settings):
    """The entry of the report, the leaderboard and the trials of a search."""
    kept = Kept()
    with run_by(kept):
        found = run("training.train_best_model", {"label": label, **QUICK, **settings}, table=Table(frame.drop(others_than(label))))
    return found["report"].metrics[0], found["leaderboard"].frame, kept.trials


@pytest.mark.parametrize(
    ("label", "metric", "key", "learners"),
    [
        ("number", "automatic", "root_mean_squared_error", "linear, boosted_trees, nearest_neighbors"),
        ("two", "automatic", "auc", "linear, boosted_trees"),
        ("three", "automatic", "log_loss", "linear, nearest_neighbors"),
    ],
)
def test_each_candidate_gives_its_figure(label, metric, key, learners, monkeypatch):
    frame = rows(120)
    held, board, trials = searched(frame, label, metric=metric, learners=learners)
    monkeypatch.setattr("tests.support.module_runner.stored", lambda param, name: Table(frame.drop(others_than(label))))
    models = board.filter(pl.col("Learner") != "training.voting")
    assert models.height == 3 and models["Learner"].n_unique() > 1
    for row in models.iter_rows(named=True):
        entry = opened(held, trials, row["Name"])
        assert entry["name"] == row["Name"] and entry["inputs"] == held["inputs"]
        document = codec.dump(codec.load(entry["pipeline"]))
        document["nodes"]["data"]["params"] = {"dataset": "it"}
        left = run_graph(document)
        found = left["validate"]["report"].metrics[0]["metrics"]
        assert found[key] == pytest.approx(row["Score"], rel=1e-12)
        others = held["search"]["others"][row["Name"]]
        assert others and sorted(others.values()) == pytest.approx(
            sorted(found[name] for name in keys_of(others, label)), rel=1e-5, abs=1e-7
        )
        assert row["Rows of a fold"] == 108 and all(f"{title} {value:.4g}" in row["Other metrics"] for title, value in others.items())
        assert f"{row['Score']:.6g} ± {row['Standard error']:.4g}. Mean over 10 folds." in document["nodes"]["validate"]["comment"]


def trial(number, share, *, figures=None, code="", words="", settings=None, stops=False):
    content = {"candidate": number, "learner": "linear", "module": "classification.two_class_logistic_regression"}
    content |= {"settings": settings or {}, "stops": stops, "share": share}
    key = f"Linear {number + 1}, {'all folds' if share == 0 else 'first fold'}"
    return Trial(Item(key, content), ItemResult(key, figures, Failure(code, words) if code else None))


def held_by(**nodes):
    learner = {"module": "classification.two_class_logistic_regression", "params": {}, "position": [0, 0]}
    rest = {
        "data": {"module": "data.dataset", "params": {}},
        "train": {"module": "training.train_model", "params": {"label": "y"}},
        **nodes,
    }
    edges = [["data.table", "train.table"], ["blend.model", "train.untrained"], ["model_01.model", "blend.untrained"]]
    edges += [["blend.model", f"{id}.untrained"] for id in nodes if id == "validate"]
    pipeline = {
        "format": 1,
        "name": "Best model",
        "nodes": {"model_01": learner, "blend": {"module": "training.voting"}, **rest},
        "edges": edges,
    }
    return {"name": "Blend of 1", "pipeline": pipeline, "inputs": {"data": "table"}}


VALIDATE = {"module": "training.cross_validate", "params": {"label": "y"}, "comment": "of the winner"}
EVALUATE = {"module": "evaluation.evaluate_model", "params": {}, "comment": "the estimate of the winner"}
PART = {"metric": "AUC", "first_fold": 0.75, "loss": -0.75, "folds": 5}


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (trial(1, 1, figures=PART), "Tried on a part only: first fold, AUC 0.75."),
        (trial(1, 0, figures={"metric": "AUC", "folds": 5, "stopped": 2}), "Given up after 2 of 5 folds, since it was clearly worse"),
        (trial(1, 0, code="time_over", words="The time was over."), "Its trial on all folds ran out of time. The time was over."),
        (Trial(trial(1, 0).item), "Its trial had not ended."),
        (trial(1, 1, figures=PART, stops=True), "Its number of trees was not found over all folds."),
    ],
)
def test_one_without_a_figure_opens_with_what_it_has_and_says_so(last, said):
    entry = opened(held_by(validate=VALIDATE, evaluate=EVALUATE), [trial(0, 0), last], "Linear 2")
    nodes = entry["pipeline"]["nodes"]
    assert nodes["validate"]["comment"].startswith("In the search it has no figure of all folds. ") and said in nodes["validate"]["comment"]
    assert "blend" not in nodes and "comment" not in nodes["evaluate"] and nodes["model_01"]["title"] == "Linear 2"
    assert sorted(edge for edge in entry["pipeline"]["edges"] if edge[0] == "model_01.model") == [
        ["model_01.model", "train.untrained"],
        ["model_01.model", "validate.untrained"],
    ]


def test_of_one_fold_the_training_says_the_figure_which_no_node_repeats():
    figures = {"metric": "AUC", "score": 0.8, "error": None, "folds": 1}
    nodes = opened(held_by(), [trial(0, 0, figures=figures)], "Linear 1")["pipeline"]["nodes"]
    assert nodes["train"]["comment"] == "In the search: AUC 0.8. Of one fold."


@pytest.mark.parametrize(
    ("trials", "code"), [([trial(0, 0)], "unknown_candidate"), ([], "unknown_candidate"), ([Trial(Item("Linear 1", None))], "old_search")]
)
def test_what_is_not_known_is_refused(trials, code):
    with pytest.raises(ModuleError) as caught:
        opened(held_by(), trials, "Linear 7")
    assert caught.value.code == code and caught.value.remedy
