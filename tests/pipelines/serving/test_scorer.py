"""Scorers: compiled and by tables, alone and together, to the last bit."""

import json
import subprocess
import sys

import pytest

from pipelines.serving.bundle import BadBundle, read_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.scorer import Scorer
from tests.support.scoring import HOUSES, Trained, houses


@pytest.fixture(scope="module")
def linear(tmp_path_factory):
    return Trained(houses(), tmp_path_factory.mktemp("linear"))


def two_classes():
    rows = [line.rsplit(",", 1) for line in HOUSES.splitlines()[1:]]
    return "size,rooms,town,note,big\n" + "\n".join(f"{rest},{'yes' if int(price) > 130 else 'no'}" for rest, price in rows)


def prose():
    """Notes of several words, no two alike."""
    rows = [line.split(",") for line in HOUSES.splitlines()[1:]]
    notes = [f"{'old' if at % 3 else 'new'} house no {at} {'with a garden' * (at % 2)}" for at in range(len(rows))]
    return "\n".join(["size,rooms,town,note,price", *(",".join([*row[:3], note, row[4]]) for row, note in zip(rows, notes, strict=True))])


@pytest.mark.parametrize(
    ("drawn", "mode"),
    [
        (houses(), "compiled"),
        (houses(("drop", ("transform.clean_missing", {"mode": "drop_rows", "columns": ["size", "rooms"]}))), "compiled"),
        (houses(("fill", ("transform.clean_missing", {"mode": "mean", "columns": ["rooms"]}))), "compiled"),
        (houses(learner="regression.boosted_trees"), "compiled"),
        (houses(learner="classification.two_class_logistic_regression", label="big", text=two_classes()), "compiled"),
        (houses(learner="classification.two_class_boosted_trees", label="big", text=two_classes()), "compiled"),
        (houses(learner="regression.decision_forest"), "tables"),
        (houses(text=prose()), "tables"),
        (houses(learner="regression.boosted_trees", text=prose()), "tables"),
    ],
    ids=["linear", "dropped", "filled", "trees", "logistic", "two-class trees", "forest", "linear of prose", "trees of prose"],
)
def test_every_way_gives_the_bits_of_the_run(drawn, mode, tmp_path):
    trained = Trained(drawn, tmp_path)
    assert trained.scorer.mode == mode
    assert bool(trained.scorer.why) is (mode == "tables")
    proof = trained.proof()
    assert proof.passed, [case for case in proof.cases if not case.passed]
    assert proof.exact
    assert proof.held_out > 15


def test_a_row_that_is_left_out_has_no_answer_and_a_reason(tmp_path):
    drawn = houses(("drop", ("transform.clean_missing", {"mode": "drop_rows", "columns": ["rooms"]})))
    trained = Trained(drawn, tmp_path)
    row = trained.graph.signature.example
    for scorer in (trained.scorer, Scorer(read_bundle(trained.bundle), compiled=False)):
        answer = scorer.score([row, {**row, "rooms": None}, row])
        assert [each["Scored Labels"] is None for each in answer.rows] == [False, True, False]
        assert answer.reasons == {1: "“Apply: Clean Missing Data” leaves this row out."}


def test_a_category_that_training_did_not_have_is_told(linear):
    row = {**linear.graph.signature.example, "town": "far away"}
    compiled, tables = linear.scorer.score([row]), Scorer(read_bundle(linear.bundle), compiled=False).score([row])
    assert compiled == tables
    assert "“town”: 1 row has a value that was not in the training rows" in compiled.warnings[0]


def test_wrong_rows_are_refused_and_do_not_fail_others_when_asked(linear):
    row = linear.graph.signature.example
    with pytest.raises(BadRows, match="Row 1, column “size”"):
        linear.scorer.score([row, {**row, "size": "large"}])
    answer = linear.scorer.score([row, {**row, "size": "large"}, 5], on_error="null")
    assert answer.rows[0] == linear.scorer.score([row]).rows[0]
    assert [each["Scored Labels"] for each in answer.rows[1:]] == [None, None]
    assert "Row 1, column “size”" in answer.reasons[1] and "Row 2" in answer.reasons[2]


def test_no_rows_have_no_answers(linear):
    assert linear.scorer.score([]).rows == []
    empty = {column.name: [] for column in linear.graph.signature.inputs}
    assert linear.scorer.score_columns(empty).rows == []


def many(trained):
    """More rows than are checked row by row, with gaps, whole numbers and a column that is not used."""
    row = trained.graph.signature.example
    return [{**row, "size": 40 + at if at % 2 else float(40 + at), "rooms": None if at % 9 == 0 else at % 4, "id": at} for at in range(90)]


@pytest.mark.parametrize("learner", ["regression.linear_regression", "regression.boosted_trees"])
def test_many_rows_get_the_bits_of_single_ones_and_of_a_table(learner, tmp_path):
    trained = Trained(houses(("fill", ("transform.clean_missing", {"mode": "mean", "columns": ["rooms"]})), learner=learner), tmp_path)
    rows, scorer = many(trained), trained.scorer
    found = scorer.score(rows)
    assert len(set(found.columns["Scored Labels"])) > 5
    assert found.rows == [scorer.score([row]).rows[0] for row in rows]
    assert found.columns == Scorer(read_bundle(trained.bundle), compiled=False).score(rows).columns
    assert found.warnings == ("The column “id” is not used by the model; it was ignored.",)


def test_many_compiled_rows_are_not_executed_on_a_table(linear, monkeypatch):
    row, scorer = linear.graph.signature.example, linear.scorer
    monkeypatch.setattr(scorer, "_answer", None)
    assert scorer.score([row] * 500).rows == scorer.score([row]).rows * 500


def test_of_many_rows_a_note_tells_how_many_it_is_about(linear):
    rows = [{**linear.graph.signature.example, "town": "far away" if at < 3 else "a"} for at in range(90)]
    found = linear.scorer.score(rows)
    assert "“town”: 3 rows have a value that was not in the training rows" in found.warnings[0]
    assert found.rows[0] == linear.scorer.score(rows[:1]).rows[0]


@pytest.mark.parametrize(
    ("bad", "words"), [({"size": "large"}, "Row 70, column “size”"), ("text", "Row 70 is no object"), (None, "Row 70")]
)
def test_of_many_rows_the_wrong_one_is_named(linear, bad, words):
    row = linear.graph.signature.example
    rows = [row] * 90
    rows[70] = {**row, **bad} if isinstance(bad, dict) else bad
    with pytest.raises(BadRows, match=words):
        linear.scorer.score(rows)


def test_other_bytes_are_no_bundle(linear):
    for data in (b"", b"nonsense", linear.bundle[:-10], b"\x80"):
        with pytest.raises(BadBundle):
            Scorer.load(data)


def test_another_process_without_a_database_gives_the_same(linear, tmp_path):
    file = tmp_path / "bundle"
    file.write_bytes(linear.bundle)
    code = (
        "import json, sys; from pathlib import Path; from pipelines.serving.scorer import Scorer; "
        "scorer = Scorer.load(Path(sys.argv[1]).read_bytes()); answer = scorer.score([scorer.signature.example]); "
        "print(json.dumps([answer.rows, 'django' in sys.modules]))"
    )
    told = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True).stdout
    assert json.loads(told) == [linear.scorer.score([linear.graph.signature.example]).rows, False]
