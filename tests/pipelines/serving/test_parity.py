"""The proof of parity: what counts as a difference, by column, and how far it is."""

import json

import msgspec
import pytest

from pipelines.serving.parity import ColumnCase, compared, prove
from tests.support.scoring import HOUSES, Trained, houses


def test_differences_are_told_by_column():
    wanted = {"score": [1.0, 2.0, 3.0], "label": ["a", "b", "c"]}
    case = compared("x", "X", wanted, {"score": [1.0, 2.5, 3.0 + 1e-15], "label": ["a", "b", "c"]})
    assert case.columns == (ColumnCase("score", 3, 1, 0.5), ColumnCase("label", 3, 0, 0.0))
    assert (case.rows, case.differing, case.largest, case.passed) == (3, 1, 0.5, False)
    assert case.detail == "“score”, row 1: 2.5 instead of 2.0."


@pytest.mark.parametrize(("one", "other"), [("yes", "no"), (1.0, None), ("1", 1), (1.0, float("inf"))])
def test_what_has_no_difference_in_numbers_differs_and_is_still_json(one, other):
    case = compared("x", "X", {"label": [one]}, {"label": [other]})
    assert not case.passed and case.differing == 1
    assert json.loads(json.dumps(msgspec.to_builtins(case), allow_nan=False))["largest"] == 0.0


@pytest.mark.parametrize("name", ["place", "rows"])  # words that Easel's own columns had
def test_a_column_may_have_any_name(name, tmp_path):
    assert Trained(houses(text=HOUSES.replace("town", name)), tmp_path).proof().exact


def test_the_proof_tells_how_far_it_is(tmp_path):
    trained = Trained(houses(), tmp_path)
    told = []
    scored, source = trained.values["score"]["table"], trained.values["data"]["table"]
    proof = prove(trained.bundle, scored, source, lambda title, share: told.append((title, share)))
    assert proof.passed and proof.exact
    assert {column.name for case in proof.cases for column in case.columns} == {"Scored Labels"}
    shares = [share for _, share in told]
    assert shares == sorted(shares) and shares[0] == 0.0 and shares[-1] == 1.0
    assert {case.title for case in proof.cases if case.name in ("all_at_once", "one_at_a_time", "tables", "made_rows")} <= {
        title for title, _ in told
    }
