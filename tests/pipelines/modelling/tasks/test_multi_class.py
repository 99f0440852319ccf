"""Multi-class classification: trained, scored, and judged as scikit-learn's metrics do."""

import json
import re
from collections import Counter

import msgspec
import numpy as np
import polars as pl
import pytest
from sklearn import metrics
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.invoke import call
from pipelines.catalogue.ports import ColumnRole, Model, Table, UntrainedModel
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

CLASSES = ["a", "b", "c", "d"]


def learner(estimator=None):
    return UntrainedModel("L", "multi_class", estimator or LogisticRegression(max_iter=30))


def train(table, label, estimator=None, **settings):
    return only("training.train_model", {"label": label, **settings}, untrained=learner(estimator), table=table)


def score(model, table):
    return only("scoring.score_model", model=model, table=table)


def evaluate(*tables):
    return only("evaluation.evaluate_model", scored=list(tables))


def scored(truth, chances, classes=CLASSES, model="M", task="multi_class", weight=None):
    columns = {"y": truth} | {f"p {name}": chances[:, place] for place, name in enumerate(classes)}
    roles = {"y": ColumnRole("label")} | {f"p {name}": ColumnRole("score", positive=name, model=model, task=task) for name in classes}
    if weight is not None:
        columns, roles = {**columns, "w": weight}, {**roles, "w": ColumnRole("weight")}
    return Table(pl.DataFrame(columns), roles)


def drawn(rows=300, seed=0):
    """Probabilities, and classes drawn from them."""
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet([1.0, 0.7, 0.5, 0.3], rows)
    return np.array(CLASSES)[(chances.cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1)], chances


def plain(truth, chances, classes, weight=None):
    """The figures by scikit-learn."""
    guess, known = np.array(classes)[chances.argmax(axis=1)], {"sample_weight": weight}
    found = {
        "accuracy": metrics.accuracy_score(truth, guess, **known),
        "kappa": metrics.cohen_kappa_score(truth, guess, **known),
        "mcc": metrics.matthews_corrcoef(truth, guess, **known),
        "log_loss": metrics.log_loss(truth, chances, labels=classes, **known),
        "auc_macro": metrics.roc_auc_score(truth, chances, multi_class="ovr", labels=classes, **known),
        "top_2_accuracy": metrics.top_k_accuracy_score(truth, chances, k=2, labels=classes, **known),
    }
    for average in ("macro", "micro", "weighted"):
        three = metrics.precision_recall_fscore_support(truth, guess, average=average, zero_division=0, **known)[:3]
        found |= {f"{name}_{average}": value for name, value in zip(("precision", "recall", "f1"), three, strict=True)}
    return found


@pytest.mark.parametrize("weighed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_the_figures_are_those_of_scikit_learn(weighed, seed):
    truth, chances = drawn(seed=seed)
    weight = np.random.default_rng(seed).random(len(truth)) if weighed else None
    found = evaluate(scored(truth, chances, weight=weight)).metrics[0]["metrics"]
    for key, value in plain(truth, chances, CLASSES, weight).items():
        assert found[key] == pytest.approx(value, abs=1e-9), key


@pytest.mark.slow
@pytest.mark.parametrize("label", ["body-style", "symboling"])
def test_the_figures_of_real_cars_are_those_of_scikit_learn(label):
    table = dataset("automobile_price")
    model = train(table, label, GaussianNB())
    frame = score(model, table).frame
    chances = frame.select(f"Scored Probabilities ({name})" for name in model.classes).to_numpy()
    report, truth = evaluate(score(model, table)), frame[label].cast(pl.String).to_numpy()
    assert (frame["Scored Labels"].cast(pl.String).to_numpy() == np.array(model.classes)[chances.argmax(axis=1)]).all()
    for key, value in plain(truth, chances, sorted(model.classes), None).items() if list(model.classes) == sorted(model.classes) else ():
        if key != "top_2_accuracy":  # of equal probabilities scikit-learn takes the last class, and the label is the first
            assert report.metrics[0]["metrics"][key] == pytest.approx(value, abs=1e-9), key
    rows = next(block for block in report.blocks if block["title"] == "Classes")["rows"]
    shares = metrics.precision_recall_fscore_support(truth, frame["Scored Labels"].cast(pl.String), labels=model.classes, zero_division=0)
    np.testing.assert_allclose([row[4:7] for row in rows], np.column_stack(shares[:3]), atol=1e-12)
    for row in rows:
        assert row[7] == pytest.approx(metrics.roc_auc_score(truth == row[1], chances[:, model.classes.index(row[1])]), abs=1e-9)


def test_the_matrix_is_that_of_scikit_learn_and_its_errors_are_listed():
    truth, chances = drawn()
    blocks = evaluate(scored(truth, chances)).blocks
    plain_matrix = metrics.confusion_matrix(truth, np.array(CLASSES)[chances.argmax(axis=1)])
    cells = next(block for block in blocks if block.get("role") == "confusion")["spec"]["data"]["values"]
    assert [cell["count"] for cell in cells] == plain_matrix.ravel().tolist()
    errors = blocks[-1]["rows"]
    assert sum(row[3] for row in errors) == plain_matrix.sum() - plain_matrix.trace()
    assert [row[3] for row in errors] == sorted((row[3] for row in errors), reverse=True)


def figures(report):
    return report.metrics[0]["metrics"], {row[1]: row[3:] for row in report.blocks[1]["rows"]}


def test_the_intervals_are_those_of_the_derivatives():
    """A figure moves with the weight of a row as its derivative says; their spread is the standard error."""
    truth, chances = drawn(60)
    titles = {"kappa": "Cohen's kappa", "mcc": "MCC", "f1_macro": "F1, macro", "auc_macro": "AUC, one-vs-rest, macro"}
    titles |= {"precision_macro": "Precision, macro", "recall_macro": "Recall, macro", "log_loss": "Log loss"}
    whole, sure = figures(evaluate(scored(truth, chances, weight=np.ones(60))))
    moved = {key: [] for key in titles}
    for row in range(60):
        weight = np.ones(60)
        weight[row] += 1e-6
        found, _ = figures(evaluate(scored(truth, chances, weight=weight)))
        for key, values in moved.items():
            values.append((found[key] - whole[key]) * 60 / 1e-6)
    for key, values in moved.items():
        off = 1.959963984540054 * np.std(values, ddof=1) / 60**0.5
        assert sure[titles[key]] == pytest.approx([whole[key] - off, min(whole[key] + off, 1 if key != "log_loss" else 9)], abs=1e-5), key


@pytest.mark.slow
def test_the_intervals_hold_the_true_value_nineteen_times_in_twenty():
    true, held = evaluate(scored(*drawn(100_000, seed=1))).metrics[0]["metrics"], Counter()
    keys = {column["key"]: column["title"] for column in evaluate(scored(*drawn(20))).blocks[0]["columns"]}
    for seed in range(60):
        _, sure = figures(evaluate(scored(*drawn(200, seed))))
        for key, title in keys.items():
            held[key] += sure[title][0] <= true[key] <= sure[title][1]
    assert all(51 <= times <= 60 for times in held.values()), held


def test_the_scores_are_the_most_likely_class_and_a_probability_of_each():
    table = dataset("automobile_price")
    model = train(table, "num-of-cylinders")
    result = score(model, table)
    names = [f"Scored Probabilities ({name})" for name in model.classes]
    assert result.columns_with("score") == ["Scored Labels", *names]
    assert [result.role(name) for name in names] == [
        ColumnRole("score", positive=each, model="L", task="multi_class") for each in model.classes
    ]
    np.testing.assert_allclose(result.frame.select(names).sum_horizontal(), 1, atol=1e-12)
    assert ["Classes", "eight, five, four, six, three, twelve, two"] in model.report.blocks[0]["rows"]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.Float64, pl.Categorical, pl.Enum(["-2", "-1", "0", "1", "2", "3"])], ids=str)
def test_the_label_keeps_its_type(dtype):
    frame = dataset("automobile_price").frame.select("symboling", "horsepower", "width", "price")
    frame = frame.with_columns(
        pl.col("symboling").cast(pl.String).cast(dtype) if dtype not in (pl.Int8, pl.Float64) else pl.col("symboling").cast(dtype)
    )
    model = train(frame, "symboling")
    assert set(model.classes) == {"-2", "-1", "0", "1", "2", "3"}
    result = score(model, frame)
    assert result.frame["Scored Labels"].dtype == dtype
    right = (result.frame["Scored Labels"] == frame["symboling"]).mean()
    assert evaluate(result).metrics[0]["metrics"]["accuracy"] == pytest.approx(right, abs=1e-12)


@pytest.mark.slow
def test_scores_of_an_earlier_model_are_replaced():
    table = dataset("automobile_price")
    first = score(train(table, "body-style"), table)
    again = score(train(table, "drive-wheels"), first)
    assert again.columns_with("score") == ["Scored Labels", *(f"Scored Probabilities ({name})" for name in ("4wd", "fwd", "rwd"))]
    assert score(
        only("training.train_model", {"label": "price"}, untrained=only("regression.linear_regression"), table=table), first
    ).columns_with("score") == ["Scored Labels"]


def test_its_columns_are_not_known_before_training():
    module = catalogue().modules["scoring.score_model"]
    untrained = Model("L", "multi_class", None, "y", ())
    assert (
        call(module, module.columns, {"model": [untrained], "table": [Table(pl.DataFrame({"x": [1]}))]}, module.read_settings({}))["table"]
        is None
    )


def test_a_class_that_was_not_there_in_training_counts_as_wrong(notes):
    truth, chances = drawn()
    truth = np.where(np.arange(300) < 30, "new", truth)
    found = evaluate(scored(truth, chances)).metrics[0]["metrics"]
    guess = np.array(CLASSES)[chances.argmax(axis=1)]
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(truth, guess))
    assert found["f1_macro"] == pytest.approx(metrics.f1_score(truth, guess, average="macro"))
    assert any("no probability for the classes “new”" in line for line in notes)


def test_two_classes_make_a_two_class_model_and_classes_of_one_row_are_learned(notes):
    frame = dataset("automobile_price").frame
    model = train(frame, "fuel-type", positive_class="diesel")
    assert (model.task, model.classes) == ("two_class", ("gas", "diesel"))
    assert evaluate(score(model, frame)).metrics[0]["metrics"]["auc"] > 0.9
    train(frame, "num-of-cylinders", positive_class="two")
    assert any("positive class “two” is not used" in line for line in notes)
    assert any("“three”, “twelve” have a single row each" in line for line in notes)


def test_one_class_alone_has_no_figures_of_others():
    found = evaluate(scored(["a", "a"], np.array([[1.0, 0, 0, 0]] * 2))).metrics[0]["metrics"]
    assert (found["accuracy"], found["auc_macro"], found["kappa"]) == (1, None, None)


def test_a_copy_of_the_label_is_found(notes):
    frame = dataset("automobile_price").frame.with_columns(copy=pl.col("drive-wheels").replace_strict({"fwd": 1, "rwd": 0, "4wd": 0}))
    train(frame, "drive-wheels")
    assert any("“copy”" in line and "predicts the label almost perfectly" in line for line in notes)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["a"] * 600, "one_class"),
        ([f"v{row}" for row in range(600)], "too_many_classes"),
        ([row / 7 for row in range(600)], "too_many_classes"),
    ],
)
def test_labels_that_are_no_classes_are_refused(values, code):
    frame = pl.DataFrame({"x": range(600), "y": values})
    wrong = refuses("training.train_model", {"label": "y"}, code, untrained=learner(), table=frame)
    assert (wrong.column, wrong.param) == ("y", "label")


def test_scores_of_another_tool_are_judged_by_the_classes_they_name():
    truth, chances = drawn()
    table = scored(truth, chances, model=None, task=None)
    wanted = evaluate(scored(truth, chances)).metrics[0]["metrics"]
    assert evaluate(table).metrics[0] == {"name": "p d", "metrics": wanted}
    one = table.with_frame(table.frame.with_columns(y=pl.col("y") == "d")).with_role("p d", positive="true")
    two = Table(one.frame.select("y", "p c", "p d"), {name: one.role(name) for name in ("y", "p c", "p d")})
    assert "average_precision" in evaluate(two).metrics[0]["metrics"], "of two columns the last is judged, as of two classes"


@pytest.mark.parametrize("low", [-0.1, 1.1])
def test_scores_that_are_no_probabilities_are_refused(low):
    truth, chances = drawn(5)
    chances[0, 0] = low
    assert refuses("evaluation.evaluate_model", {}, "no_probability", scored=scored(truth, chances)).column == "p a"


def test_probabilities_that_do_not_add_up_are_said(notes):
    truth, chances = drawn(5)
    evaluate(scored(truth, chances * 0.5))
    assert any("probabilities of 5 rows do not add up to 1" in line for line in notes)


def test_scores_whose_classes_are_not_named_are_refused():
    table = scored(*drawn(5)).with_role("p d", positive=None)
    bare = Table(table.frame.select("y", "p d"), {name: table.role(name) for name in ("y", "p d")})
    refuses("evaluation.evaluate_model", {}, "no_probability", scored=bare)


def test_models_are_compared_and_other_tasks_are_not():
    truth, chances = drawn()
    report = evaluate(scored(truth, chances), scored(truth, chances[:, ::-1]))
    assert [row["name"] for row in report.blocks[0]["rows"]] == ["M 1", "M 2"]
    assert sum(block.get("role") == "confusion" for block in report.blocks) == 2
    numbers = Table(
        pl.DataFrame({"y": [1.0, 2.0], "s": [1.0, 2.0]}), {"y": ColumnRole("label"), "s": ColumnRole("score", model="N", task="regression")}
    )
    refuses("evaluation.evaluate_model", {}, "mixed_kinds", scored=[scored(truth, chances), numbers])


def test_the_report_of_many_classes_stays_small():
    rng = np.random.default_rng(0)
    names = [f"class {place}" for place in range(100)]
    report = evaluate(scored(rng.choice(names, 5000), rng.dirichlet(np.ones(100), 5000), names))
    msgspec.json.encode(report.blocks)
    chart = next(block for block in report.blocks if block.get("role") == "confusion")
    assert len(chart["spec"]["data"]["values"]) == 400 and "of 100" in chart["description"]
    assert len(json.dumps(report.blocks)) < 250_000 and not re.search("#[0-9a-f]{3}|rgb", json.dumps(report.blocks))
