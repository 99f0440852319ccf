"""Project environments: what a run says of one that is missing or not built, and what it keeps of one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines import flow
from pipelines.execution.targets import installed
from pipelines.graph import codec
from pipelines.graph.run_options import RunOptions
from pipelines.models import Build, Environment
from pipelines.runtime import environments
from pipelines.runtime.environments import BuildState, Target
from tests.pipelines.runtime.test_environments import PACKAGES, ask, built, check, directories, in_container, scripted
from tests.support.graph_builder import codes
from tests.support.ledger_driver import new_scope, start

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["built", "directories"]  # fixtures of every test


def test_a_script_runs_in_the_sandbox_with_its_directory() -> None:
    scope = new_scope()
    assert codes(check(scripted("geo"), scope)) == ["unknown_environment"]
    Environment.objects.create(scope=scope, name="geo", requirements=PACKAGES)
    (never,) = check(scripted("geo"), scope)
    assert (never.code, never.words) == ("environment_not_built", "The environment “geo” for the sandbox is not built yet.")
    ask(PACKAGES, enqueue=environments.build)
    assert len(check(scripted("geo"), scope)) == 1, "an image is of no use to it"
    assert check(scripted("geo", target="docker"), scope) == []
    environments.request_build(PACKAGES, enqueue=environments.build, targets=[Target.SANDBOX])
    assert check(scripted("geo"), scope) == check(scripted("geo", target="sandbox"), scope) == []
    held = start(scripted("geo"), scope).read_plan().steps["a"].execution
    assert held == RunOptions(environment="geo", packages=installed.name_of(environments.digest_of(PACKAGES, Target.SANDBOX)))


def test_a_script_that_does_not_follow_the_graph_into_the_worker_needs_its_environment_as_well() -> None:
    scope = new_scope()
    Environment.objects.create(scope=scope, name="geo", requirements=PACKAGES)
    graph = replace(scripted("geo"), execution={"target": "worker"})
    assert codes(check(graph, scope)) == ["environment_not_built"]
    environments.request_build(PACKAGES, enqueue=environments.build)
    assert check(graph, scope) == [] and start(graph, scope).read_plan().steps["a"].execution.packages


def test_a_script_without_an_environment_needs_no_build() -> None:
    graph = codec.load({"nodes": {"a": {"module": "script.python"}}})
    assert check(graph, new_scope()) == []
    assert start(graph, new_scope()).read_plan().steps["a"].execution == RunOptions()


# Before running


def test_a_node_with_an_unknown_environment_is_a_problem() -> None:
    (problem,) = check(in_container("nothing"), new_scope())
    assert (problem.code, problem.node) == ("unknown_environment", "a")
    assert problem.remedy


def test_environments_of_other_workspaces_are_unknown() -> None:
    Environment.objects.create(scope=new_scope(), name="geo", requirements=PACKAGES)
    assert codes(check(in_container("geo"), new_scope())) == ["unknown_environment"]


def test_an_environment_is_a_problem_until_it_is_built() -> None:
    scope = new_scope()
    Environment.objects.create(scope=scope, name="geo", requirements=PACKAGES)
    (never,) = check(in_container("geo"), scope)
    ask(PACKAGES, enqueue=lambda _: None)
    (going,) = check(in_container("geo"), scope)
    Build.objects.update(state=BuildState.FAILED, why="no such package")
    (failed,) = check(in_container("geo"), scope)
    assert codes([never, going, failed]) == ["environment_not_built"] * 3
    assert all(problem.node == "a" and problem.remedy for problem in (never, going, failed))
    assert "no such package" in failed.words
    with pytest.raises(flow.UnsoundGraph):
        start(in_container("geo"), scope)
    Build.objects.update(state=BuildState.BUILT)
    assert check(in_container("geo"), scope) == []


def test_without_an_environment_the_plain_one_must_be_built() -> None:
    (problem,) = check(in_container(), new_scope())
    assert "base_image" in problem.remedy
    ask([], enqueue=environments.build)
    assert check(in_container(), new_scope()) == []


def test_other_targets_need_no_environment() -> None:
    assert check(in_container("nothing", target="worker"), new_scope()) == []


def test_a_run_keeps_the_image_it_was_started_with() -> None:
    scope = new_scope()
    Environment.objects.create(scope=scope, name="geo", requirements=PACKAGES)
    ask(PACKAGES, enqueue=environments.build)
    run = start(in_container("geo"), scope)
    image = run.read_plan().steps["a"].execution.image
    Environment.objects.update(requirements=["other"])
    run.refresh_from_db()
    assert image.startswith("easel-environment:")
    assert run.read_plan().steps["a"].execution.image == image


def test_a_workspaces_end_is_that_of_its_environments() -> None:
    scope = new_scope()
    Environment.objects.create(scope=scope, name="geo", requirements=PACKAGES)
    flow.purge(scope)
    assert not Environment.objects.exists()
