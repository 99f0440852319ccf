"""Scoring graphs with a script: served by a warm sandbox, proven, and clear when it ends."""

from textwrap import dedent

import msgspec
import pytest

from pipelines.catalogue import isolation
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.execution.sealed import sealed
from pipelines.execution.targets import JobStopped, warm
from pipelines.graph import codec
from pipelines.serving.bundle import write_bundle
from pipelines.serving.checking import BadRows
from pipelines.serving.derivation import derive
from pipelines.serving.graph import CannotDerive
from pipelines.serving.isolated import UNTIL_READY, Isolation, Unavailable
from pipelines.serving.parity import prove
from pipelines.serving.scorer import Scorer
from tests.support.graph_builder import document
from tests.support.module_runner import run as run_module
from tests.support.scoring import HOUSES, Results, Trained

pytestmark = pytest.mark.processes
CODE = """
    import os, time
    import polars as pl

    def main(first):
        if 998 in first["size"]:
            os._exit(3)
        if 999 in first["size"]:
            time.sleep(60)
        if 997 in first["size"]:
            raise ValueError("no such house")
        if first.height == 1:
            print("alone")
        return first.with_columns(area=pl.col("size") / 3 + pl.col("note").str.len_chars())
"""
OTHERS = "import polars as pl\ndef main(first):\n    return first.with_columns(area=pl.col('size') - pl.col('size').mean())"


R = "main <- function(first) transform(first, area = size / 3 + nchar(note))"


def scripted(code=CODE, module="script.python", **settings):
    nodes = {
        "data": ("data.enter_data", {"text": HOUSES}),
        "script": (module, {"each_row": True, "code": dedent(code), **settings}),
        "split": ("transform.split_data", {"fraction": 0.6}),
        "learner": "regression.linear_regression",
        "train": ("training.train_model", {"label": "price"}),
        "score": "scoring.score_model",
    }
    wires = (
        "data.table script.first|script.first split.table|learner.model train.untrained|split.first train.table|train.model score.model|"
        "split.second score.table"
    )
    return {"format": 1, "name": "Houses", **document(nodes, *wires.split("|"))}


def test_a_script_row_by_row_is_kept_proven_and_survives_its_sandbox(tmp_path):
    trained = Trained(scripted(), tmp_path)
    assert trained.fate("script") == "kept"
    scorer, row = trained.scorer, trained.graph.signature.example
    assert (scorer.mode, scorer.why) == ("sandbox", "Slower: has a script. Executed in a sandbox: Execute Python Script.")
    proof = trained.proof()
    assert proof.passed and proof.exact and proof.mode == "sandbox", [case for case in proof.cases if not case.passed]
    right = scorer.score([row, {**row, "town": "b"}]).rows
    with pytest.raises(Unavailable, match="ended unexpectedly") as ended:
        scorer.score([{**row, "size": 998}])
    assert (ended.value.code, ended.value.node) == ("ended_early", "script")
    assert scorer.score([row, {**row, "town": "b"}]).rows == right
    with pytest.raises(Unavailable, match=r"not done within 0\.5 s") as late:
        scorer.score([{**row, "size": 999}], seconds=0.5)
    assert late.value.code == "took_too_long"
    with pytest.raises(BadRows, match="no such house"):
        scorer.score([{**row, "size": 997}])
    with pytest.raises(Unavailable, match="not done within"):
        scorer.score([{**row, "size": 999}], seconds=0.5)
    with pytest.raises(Unavailable, match="still starting") as early:
        scorer.score([row], seconds=0.0001)
    assert early.value.code == "still_starting"
    assert scorer.score([row], seconds=60).rows == right[:1]  # what was starting was not ended


def test_only_a_request_gives_up_on_a_sandbox_that_is_still_starting(monkeypatch):
    """On a machine so busy that a sandbox needed minutes to start, the proof of a version was refused with "try again in some seconds"."""
    waited = []

    def starting(_, seconds):
        waited.append(seconds)
        raise JobStopped("still_starting", "The sandbox is still starting.")

    monkeypatch.setattr(warm.Warm, "_alive", starting)
    isolation, node = Isolation(), codec.load(scripted()).nodes["script"]
    for seconds in (None, 5.0):
        isolation.begin(seconds)
        with pytest.raises(Unavailable, match="still starting"):
            isolation.call(catalogue().modules[node.module], node, "Script", {})
    assert waited[0] == UNTIL_READY > 120 and 0 < waited[1] <= 5


def test_a_script_that_looks_at_other_rows_fails_the_proof(tmp_path):
    proof = Trained(scripted(OTHERS), tmp_path).proof()
    assert not proof.passed
    assert "one_at_a_time" in [case.name for case in proof.cases if not case.passed]


def test_a_script_in_r_row_by_row_is_served(tmp_path):
    trained = Trained(scripted(R, "script.r"), tmp_path)
    scorer = trained.scorer
    assert (trained.fate("script"), scorer.slower) == ("kept", "slower: has a script")
    wanted = trained.values["score"]["table"].frame["Scored Labels"].to_list()
    rows = trained.values["split"]["second"].frame.select("size", "rooms", "town", "note").to_dicts()
    assert [row["Scored Labels"] for row in scorer.score(rows).rows] == wanted
    assert scorer.score(rows[:1]).rows[0]["Scored Labels"] == wanted[0]


IMPORTED = ("data.load_trained_model", {"model": "bought"})


class OfFile(Results):
    """What a pipeline left that scored with a model which is loaded in a sandbox only."""

    def record(self, end):
        found = super().record(end)
        return msgspec.structs.replace(found, by_code=True) if end.node == "model" else found

    def value(self, end):
        if end.node != "model":
            return super().value(end)
        return sealed(self.record(end), self.store.path(self.record(end).digest))


MODEL = """
import os
class Line:
    def fit(self, X, y):
        return self
    def predict(self, X):
        if (X["size"] == 998).any():
            os._exit(3)
        return X["size"].fillna(0.0) / 3
"""


def test_a_model_that_may_be_loaded_in_a_sandbox_only_is_served_by_one_and_survives_its_end(tmp_path, monkeypatch):
    with monkeypatch.context() as inside:
        inside.setattr(isolation, "_isolated", True)
        source = Table(run_module("data.enter_data", {"text": HOUSES})["table"].frame)
        untrained = run_module("script.python_model", {"code": MODEL, "features": "columns"})["model"]
        model = run_module("training.train_model", {"label": "price"}, untrained=untrained, table=source)["model"]
        scored = run_module("scoring.score_model", model=model, table=source)["table"]
    nodes = {"data": ("data.enter_data", {"text": HOUSES}), "model": IMPORTED, "score": "scoring.score_model"}
    drawn = {"format": 1, "name": "Houses", **document(nodes, "data.table score.table", "model.model score.model")}
    results = OfFile({"data": {"table": source}, "model": {"model": model}, "score": {"table": scored}}, tmp_path)
    monkeypatch.setattr("pipelines.kinds.model._load_estimator", lambda _: pytest.fail("loaded outside a sandbox"))
    graph = derive(codec.load(drawn), catalogue(), results)
    assert [column.name for column in graph.signature.inputs] == ["size", "rooms", "town", "note"]
    kept = next(each for each in graph.decisions if each.node == "score")
    assert kept.fate == "kept" and "imported" in kept.reason and "sandbox" in kept.reason
    bundle = write_bundle(graph, results.store)
    proof = prove(bundle, scored, source)
    assert proof.passed and proof.exact and proof.mode == "sandbox", [case for case in proof.cases if not case.passed]
    scorer, row = Scorer.load(bundle), graph.signature.example
    assert (scorer.slower, scorer.why) == ("slower: imported model", "Slower: imported model. Executed in a sandbox: Score Model.")
    right = scorer.score([row]).rows
    with pytest.raises(Unavailable, match="ended unexpectedly") as ended:
        scorer.score([{**row, "size": 998}])
    assert (ended.value.code, ended.value.node) == ("ended_early", "score")
    assert scorer.score([row]).rows == right == [{"Scored Labels": row["size"] / 3}]


def test_what_cannot_be_served_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(CannotDerive) as closed:
        Trained(scripted(each_row=False), tmp_path)
    assert "Each row by itself" in closed.value.problem.remedy

    def missing():
        raise ModuleError("no_sandbox", "This machine cannot create the sandbox.", remedy="Install bubblewrap.")

    monkeypatch.setattr(warm, "require", missing)
    with pytest.raises(CannotDerive, match="cannot create the sandbox") as refused:
        Trained(scripted(), tmp_path)
    assert (refused.value.problem.node, refused.value.problem.remedy) == ("script", "Install bubblewrap.")
