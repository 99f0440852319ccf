"""Which step is carried out where."""

from dataclasses import replace
from unittest.mock import Mock

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.execution.step import Outcome
from pipelines.execution.targets import selection
from pipelines.execution.targets.selection import execute
from tests.pipelines.execution.targets.jobs import job

SANDBOXED, HERE = Outcome(trace="sandbox"), Outcome(trace="here")


@pytest.fixture(autouse=True)
def sandbox(monkeypatch):
    monkeypatch.setattr(selection, "Sandbox", lambda packages: Mock(execute=lambda job: SANDBOXED))
    monkeypatch.delenv("EASEL_TRUST_SCRIPTS", raising=False)


def place(job):
    return execute(job, lambda: HERE, lambda target: target.execute(job))


def do(tmp_path, module, execution=None):
    return place(job(tmp_path, module, {}, execution))


def test_a_module_is_carried_out_in_the_worker(tmp_path):
    assert do(tmp_path, "transform.sql") is HERE
    assert do(tmp_path, "transform.sql", {"target": "worker"}) is HERE


def test_a_node_may_want_the_sandbox(tmp_path):
    assert do(tmp_path, "transform.sql", {"target": "sandbox"}) is SANDBOXED


def test_peoples_code_goes_into_the_sandbox(tmp_path):
    assert do(tmp_path, "script.python") is SANDBOXED


def test_peoples_code_is_not_carried_out_in_the_worker(tmp_path):
    problem = do(tmp_path, "script.python", {"target": "worker"}).problem
    assert (problem.code, problem.node) == ("needs_walls", "n0")
    assert "Sandbox" in problem.remedy


def test_who_is_alone_may_trust_their_own_code(tmp_path, monkeypatch):
    monkeypatch.setenv("EASEL_TRUST_SCRIPTS", "1")
    assert do(tmp_path, "script.python") is HERE
    assert do(tmp_path, "script.python", {"target": "worker"}) is HERE
    assert do(tmp_path, "script.python", {"target": "sandbox"}) is SANDBOXED


def test_packages_of_an_environment_are_for_the_sandbox_whoever_is_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("EASEL_TRUST_SCRIPTS", "1")
    (tmp_path / "abc").mkdir()
    one = job(tmp_path, "script.python", {}, {"environment": "maps", "packages": "abc"})
    assert place(replace(one, environments=tmp_path)) is SANDBOXED
    assert place(one).problem.code == "no_packages"


def test_a_target_that_is_none_is_a_problem(tmp_path):
    problem = do(tmp_path, "transform.sql", {"target": "moon"}).problem
    assert (problem.code, problem.node) == ("unknown_target", "n0")


@pytest.mark.parametrize(("trusts", "works", "runs"), [("1", False, True), ("0", True, True), ("0", False, False)])
def test_whether_peoples_code_can_run_locally(trusts, works, runs, monkeypatch):
    def require():
        if not works:
            raise ModuleError("no_sandbox", "This machine cannot make one.")

    monkeypatch.setenv("EASEL_TRUST_SCRIPTS", trusts)
    monkeypatch.setattr(selection, "require", require)
    assert selection.can_run_user_code() is runs
