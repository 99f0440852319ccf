"""Score Vowpal Wabbit Model; that its numbers are those of the library is tested with the training."""

import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example, cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

pytest.importorskip("vowpalwabbit")
INCOME = dataset("adult_census_income").frame.head(4000)


def trained(table, label, **settings):
    return only("text.train_vowpal_wabbit_model", {"label": label} | settings, table=table)


EXAMPLE = Example(inputs={"model": lambda: [trained(cars(), "diesel")]})


def test_a_scored_table_is_evaluated_without_renaming():
    model = trained(INCOME.head(3000), "income", arguments="-q cc")
    scored = only("text.score_vowpal_wabbit_model", model=model, table=INCOME.tail(1000))
    assert scored.frame.columns == [*INCOME.columns, "Scored Labels", "Scored Probabilities"] and scored.role("income").role == "label"
    figures = only("evaluation.evaluate_model", scored=scored).metrics[0]["metrics"]
    wanted = roc_auc_score(scored.frame["income"] == ">50K", scored.frame["Scored Probabilities"])
    assert figures["auc"] == pytest.approx(wanted, abs=1e-9) and wanted > 0.85


def test_scores_of_earlier_models_are_replaced_and_other_labels_ignored():
    model = trained(INCOME.head(100), "income")
    table = Table(INCOME.head(5), {"age": ColumnRole("label")})
    once = only("text.score_vowpal_wabbit_model", model=model, table=table)
    twice = only("text.score_vowpal_wabbit_model", {"threshold": 1}, model=model, table=once)
    assert twice.frame.columns == once.frame.columns and twice.role("age").role == "ignored"
    assert twice.frame["Scored Labels"].to_list() == ["<=50K"] * 5
    alone = only("text.score_vowpal_wabbit_model", {"append": False}, model=model, table=table)
    assert alone.frame.columns == ["income", "Scored Labels", "Scored Probabilities"]


def test_a_number_and_several_classes():
    number = only("text.score_vowpal_wabbit_model", model=trained(INCOME, "age", task="regression"), table=INCOME.head(3).drop("age"))
    assert number.frame["Scored Labels"].dtype == pl.Float64
    model = trained(INCOME, "race", task="multi_class")
    several = only("text.score_vowpal_wabbit_model", model=model, table=INCOME.head(3))
    assert several.frame.columns[-1] == f"Scored Probabilities ({model.classes[-1]})"
    assert several.frame[:, -len(model.classes) :].sum_horizontal().to_list() == pytest.approx([1] * 3, abs=1e-5)


def test_tables_without_rows_or_columns():
    model = trained(INCOME.head(100), "income")
    assert only("text.score_vowpal_wabbit_model", model=model, table=INCOME.clear()).frame.height == 0
    refuses("text.score_vowpal_wabbit_model", {}, "missing_columns", table=INCOME.drop("age"), model=model)
