"""The learners of a search for each task: ranges of their settings, and the settings from which a search starts, most promising ones early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.modelling.automl.span import Span

MOST_TREES = 2_000
CLASS_WEIGHT, BALANCED = "class_weight", "balanced"
OF_PROBABILITIES = ("log_loss", "brier")  # metrics that a probability too close to the middle costs much
FEWEST_FOR_LARGE = 5_000  # rows: where much is to learn trees of hundreds of leaves win by far
OF_EQUAL_CLASSES = ("balanced_accuracy", "f1_macro", "recall_macro", "norm_macro_recall")  # in which a rare class counts as much as others
NAMES = {"two_class": "two_class_", "multi_class": "multiclass_"}


@dataclass(frozen=True)
class Learner:
    """A module of a learner in a search.

    Args:
        name: The name by which a user allows or blocks it.
        module: The module's id, by task.
        spans: The ranges of settings that local search moves in.
        starts: Settings to start from.
        number_starts: Those for a number, where they are others.
        stops: Whether it grows trees one by one, whose number early stopping finds.
        timid: Whether its probabilities are too close to the middle, as means of many trees or neighbors are.
        most_rows: From how many rows on it is left out.
        switches: Settings of a few values, which local search tries too.
        weighs: Whether it may weight the rows of classes.
        many_starts: Settings to start from with many rows, before the others.
        many_spans: Ranges of settings with many rows, where they are others.
        fixed: Settings that never change.
        estimator: Of a module for any estimator of scikit-learn: its class, without Classifier or Regressor; the starts are its parameters.
        stops_in_time: Whether its training stops at a deadline, or is quick: of others the seconds are measured on few rows first.
    """

    name: str
    module: Mapping[str, str]
    spans: Mapping[str, Span] = field(default_factory=dict)
    starts: Sequence[Mapping[str, Any]] = ({},)
    stops: bool = False
    timid: bool = False
    most_rows: int | None = None
    switches: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    weighs: bool = False
    many_starts: Sequence[Mapping[str, Any]] = ()
    many_spans: Mapping[str, Span] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    estimator: Mapping[str, str] = field(default_factory=dict)
    stops_in_time: bool = False
    number_starts: Sequence[Mapping[str, Any]] = ()

    def starts_of(self, task: str, metric: str = "") -> Sequence[Mapping[str, Any]]:
        """Return the settings to start from for a task, where the metric counts all classes alike also with weights."""
        found = (task == "regression" and self.number_starts) or self.starts
        weighted = [{**each, CLASS_WEIGHT: BALANCED} for each in found[:1]] if self.weighs and metric in OF_EQUAL_CLASSES else []
        return [*found[:1], *weighted, *found[1:]]

    def suited(self, task: str, metric: str, rows: int) -> Learner:
        """Return the learner as it suits a search.

        It has a switch for the weights of classes where there are classes, and the metric looks at no probability: weights bend these. With many
        rows it starts with larger models.
        """
        weighs = self.weighs and task != "regression" and metric not in OF_PROBABILITIES
        many = rows >= FEWEST_FOR_LARGE and bool(self.many_starts)
        return replace(
            self,
            switches={**self.switches, CLASS_WEIGHT: ("none", BALANCED)} if weighs else self.switches,
            starts=[*self.many_starts, *self.starts] if many else self.starts,
            spans={**self.spans, **self.many_spans} if many else self.spans,
        )


def _named(classes: str, number: str) -> Mapping[str, str]:
    """The module of each task: of classes by the prefix of the task, where the name has a place for it."""
    return {task: f"classification.{classes.format(prefix)}" for task, prefix in NAMES.items()} | {"regression": f"regression.{number}"}


_ANY = dict.fromkeys(NAMES, "classification.scikit_learn_classifier")
_BOOSTING = {
    "leaves": Span(3, 128, whole=True),
    "learning_rate": Span(0.008, 0.2),
    "rows_per_leaf": Span(1, 100, whole=True),
    "column_share": Span(0.3, 1, log=False),
    "row_share": Span(0.6, 1, log=False),
    "l1_weight": Span(0.001, 10),
    "l2_weight": Span(0.01, 30),
}
# Where good configurations of boosted trees lie on many tables: small rates, few leaves, a share of the columns.
_STARTS = (
    {"leaves": 20, "learning_rate": 0.05, "rows_per_leaf": 10, "column_share": 0.5, "row_share": 0.8},
    {
        "leaves": 31,
        "learning_rate": 0.02,
        "rows_per_leaf": 8,
        "column_share": 0.6,
        "row_share": 0.88,
        "l2_weight": 0.3,
        "category_means": True,
    },
    {"leaves": 6, "learning_rate": 0.03, "rows_per_leaf": 20, "column_share": 0.6, "row_share": 0.85, "category_means": True},
    {"leaves": 32, "learning_rate": 0.04, "rows_per_leaf": 5, "column_share": 0.7, "row_share": 0.9, "random_splits": True},
    {
        "leaves": 64,
        "learning_rate": 0.03,
        "rows_per_leaf": 9,
        "column_share": 0.4,
        "row_share": 0.8,
        "l1_weight": 0.3,
        "category_means": True,
    },
)
LARGE = "large"  # in a start: it wins on many rows only, so that it enters the race late
_LARGE = {LARGE: True, "learning_rate": 0.1, "rows_per_leaf": 20, "column_share": 0.8, "row_share": 0.9}
_EXTRA = {"n_estimators": 150, "min_samples_leaf": 2, "max_features": "number", "max_features_number": 0.3}
STEPS, BATCH = "steps", 200  # in a start of a network: how often its weights are changed; its iterations depend on the rows
STACKING, STACKED = "stacking", "stacked"  # the learner that is made of candidates, and the setting that holds these
STACKING_FOLDS = 3
CALIBRATED = "calibrated"  # among settings: the method by which Calibrate Classifier calibrates the learner
CALIBRATION_FOLDS = 3
WEAK = 0.001  # of rows that lie on a plane, which a stronger weight bends
FEWEST_CALIBRATED = 3  # rows of each class: without those of a fold two are left, which a calibration divides
FASTER, FASTEST = 2, 0.1  # the learning rate for several classes
FEWEST_ITERATIONS, MOST_ITERATIONS = 5, 300
# The order is that in which a search starts them: each in turn gives its first start, then its second.
LEARNERS = (
    Learner(
        "linear",
        {
            "two_class": "classification.two_class_logistic_regression",
            "multi_class": "classification.multiclass_logistic_regression",
            "regression": "regression.linear_regression",
        },
        {"l2_weight": Span(0.001, 1000)},
        ({"l2_weight": 1.0}, {"l2_weight": 30.0}),
        number_starts=({"l2_weight": WEAK}, {"l2_weight": 1.0}, {"l2_weight": 30.0}),
        stops_in_time=True,
        weighs=True,
    ),
    Learner(
        "boosted_trees",
        _named("{}boosted_trees", "boosted_trees"),
        _BOOSTING,
        _STARTS,
        stops=True,
        stops_in_time=True,
        switches={"category_means": (False, True), "random_splits": (False, True)},
        many_starts=({**_LARGE, "leaves": 500}, {**_LARGE, "leaves": 127}),
        many_spans={"leaves": Span(8, 2_000, whole=True)},
        weighs=True,
    ),
    Learner(
        "catboost",
        _named("{}catboost", "catboost"),
        {"max_depth": Span(3, 9, log=False, whole=True), "learning_rate": Span(0.02, 0.2), "l2_weight": Span(0.5, 20)},
        ({"learning_rate": 0.06}, {"learning_rate": 0.04, "max_depth": 4}),
        stops=True,
        stops_in_time=True,
        weighs=True,
    ),
    Learner(
        "xgboost",
        _named("{}xgboost", "xgboost"),
        {
            "max_depth": Span(2, 10, log=False, whole=True),
            "learning_rate": Span(0.01, 0.2),
            "leaf_weight": Span(0.5, 30),
            "column_share": Span(0.3, 1, log=False),
            "row_share": Span(0.6, 1, log=False),
            "l2_weight": Span(0.1, 30),
        },
        (
            {"learning_rate": 0.05, "column_share": 0.6, "row_share": 0.85},
            {"learning_rate": 0.03, "max_depth": 4, "column_share": 0.5, "row_share": 0.8},
        ),
        stops=True,
        stops_in_time=True,
        weighs=True,
        many_starts=({LARGE: True, "max_depth": 10, "learning_rate": 0.1, "column_share": 0.8, "row_share": 0.9},),
    ),
    Learner(
        "extra_trees",
        {**_ANY, "regression": "regression.scikit_learn_regressor"},
        starts=(
            _EXTRA,
            {"n_estimators": 200, "min_samples_leaf": 1, "max_features": "sqrt"},
            _EXTRA | {"min_samples_leaf": 5, "max_features_number": 0.6},
        ),
        estimator={"two_class": "ExtraTreesClassifier", "multi_class": "ExtraTreesClassifier", "regression": "ExtraTreesRegressor"},
        timid=True,
    ),
    Learner(
        "support_vectors",
        _ANY,
        starts=({"C": 10.0}, {"C": 1.0}),
        estimator={"two_class": "SVC", "multi_class": "SVC"},
        most_rows=3_000,
    ),
    Learner(
        "decision_forest",
        _named("{}decision_forest", "decision_forest"),
        {"rows_per_leaf": Span(1, 30, whole=True), "column_share": Span(0.1, 1)},
        ({"rows_per_leaf": 3, "column_share": 0.3},),
        fixed={"trees": 150},
        timid=True,
        weighs=True,
    ),
    Learner(
        "neural_network",
        _named("{}neural_network", "neural_network"),
        {"l2_weight": Span(0.0001, 30), "learning_rate": Span(0.0003, 0.01), "iterations": Span(5, 300, whole=True)},
        (
            {"l2_weight": 1.0, STEPS: 1_000, "learning_rate": 0.001, "hidden_nodes": "64, 32"},
            {"l2_weight": 0.1, STEPS: 3_000, "learning_rate": 0.001, "hidden_nodes": "128, 128"},
        ),
        most_rows=50_000,
    ),
    Learner(
        "nearest_neighbors",
        {
            "two_class": "classification.nearest_neighbors",
            "multi_class": "classification.nearest_neighbors",
            "regression": "regression.nearest_neighbors",
        },
        {"neighbors": Span(2, 60, whole=True)},
        ({"neighbors": 15},),
        most_rows=5_000,
        fixed={"weighting": "distance"},
        timid=True,
    ),
    Learner(STACKING, dict.fromkeys((*NAMES, "regression"), "training.stacking"), starts=(), stops_in_time=True),
)


@dataclass(frozen=True)
class Start:
    """Settings of a learner's module from which a search starts, and whether they enter a race late."""

    learner: Learner
    module: str
    settings: Mapping[str, Any]
    is_large: bool = False


def starts(
    task: str, metric: str, rows: int, learners: Sequence[Learner], seeded: frozenset[str], seed: int, *, rarest: int | None = None
) -> list[Start]:
    """Return where a search starts, in order.

    Args:
        task: The task.
        metric: The key of the metric that counts.
        rows: How many rows there are.
        learners: The learners that may be used.
        seeded: The modules that have a seed.
        seed: Their seed.
        rarest: How many rows the rarest class has, where there are classes.
    """
    calibrates = metric in OF_PROBABILITIES and (rarest is None or rarest >= FEWEST_CALIBRATED)
    fitting = [
        each.suited(task, metric, rows) for each in learners if task in each.module and (each.most_rows is None or rows <= each.most_rows)
    ]
    found = []
    for turn in range(max((len(learner.starts_of(task, metric)) for learner in fitting), default=0)):
        for learner in fitting:
            if turn < len(learner.starts_of(task, metric)):
                module = learner.module[task]
                settings = {**learner.fixed, **learner.starts_of(task, metric)[turn]}
                large = settings.pop(LARGE, False)
                if steps := settings.pop(STEPS, None):
                    settings["iterations"] = min(max(steps * BATCH // max(rows, 1), FEWEST_ITERATIONS), MOST_ITERATIONS)
                if learner.estimator:
                    settings = {"estimator": learner.estimator[task], "parameters": {**settings, "random_state": seed}}
                if learner.timid and calibrates:
                    settings[CALIBRATED] = "temperature"
                if learner.stops and task == "multi_class":  # a round grows a tree for each class
                    settings["learning_rate"] = min(FASTER * settings["learning_rate"], FASTEST)
                found.append(Start(learner, module, settings | ({"seed": seed} if module in seeded else {}), large))
    return found


def stopping(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings with which the number of trees is found."""
    return {**settings, "trees": MOST_TREES}


def patience(settings: Mapping[str, Any]) -> int:
    """Return how many trees without an improvement are waited for: more at a slow rate."""
    return max(20, min(100, round(1 / float(settings.get("learning_rate", 0.05)))))
