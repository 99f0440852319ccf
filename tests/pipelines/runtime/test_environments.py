"""Project environments: what is built, once and by whom, and what a run says of one that is not there."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from pipelines import flow
from pipelines.execution.targets import images, installed
from pipelines.execution.targets.docker_client import DockerUnavailable
from pipelines.execution.targets.images import CannotBuild
from pipelines.graph import codec
from pipelines.graph.model import Graph
from pipelines.models import Build, Environment, Run
from pipelines.runtime import environments
from pipelines.runtime.environments import BuildState, Target
from tests.support.ledger_driver import NoDatasets, new_scope, start

pytestmark = pytest.mark.django_db(transaction=True)
PACKAGES = ["tomli-w==1.2.0"]


@pytest.fixture(autouse=True)
def directories(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[list[str]]:
    """What was built for the sandbox, by a pip that only says so."""
    done: list[list[str]] = []
    settings.EASEL_HOME = tmp_path
    monkeypatch.setattr(installed, "build", lambda home, packages, source, say: (done.append(packages), say("installed")))
    return done


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was built, by an engine that only says so."""
    done: list[list[str]] = []
    engine_that_builds(monkeypatch, lambda packages, say: (done.append(packages), say("done")))
    return done


def engine_that_builds(monkeypatch: pytest.MonkeyPatch, work: Callable[[list[str], Callable[[str], None]], Any]) -> None:
    class Engine:
        def __enter__(self) -> None: ...
        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(environments, "reap", lambda: 0)
    monkeypatch.setattr(environments, "engine", Engine)
    monkeypatch.setattr(images, "build", lambda client, packages, source, say: work(packages, say))


def ask(packages: list[str], enqueue: Callable[[str], None]) -> None:
    """Ask for an image alone."""
    environments.request_build(packages, enqueue, [Target.DOCKER])


def state(packages: list[str] = PACKAGES, target: Target = Target.DOCKER) -> tuple[str, str] | None:
    (build,) = environments.builds([packages], target)
    return (build.state, build.why) if build else None


def in_container(environment: str | None = None, target: str = "docker") -> Graph:
    execution = {"target": target, **({"environment": environment} if environment else {})}
    return codec.load({"nodes": {"a": {"module": "data.enter_data", "params": {"text": "x\n1"}, "execution": execution}}})


def check(graph: Graph, scope: str) -> list[Any]:
    return list(flow.check(graph, NoDatasets(), scope).problems)


def scripted(environment: str, **execution: str) -> Graph:
    """A script in an environment."""
    return codec.load({"nodes": {"a": {"module": "script.python", "execution": {"environment": environment, **execution}}}})


# Building


def test_a_build_waits_for_a_worker_and_is_built(built: list[list[str]]) -> None:
    rung: list[str] = []
    assert state() is None
    ask(PACKAGES, enqueue=rung.append)
    assert state() == (BuildState.WAITING, "")
    environments.build(rung[0])
    assert (state(), built) == ((BuildState.BUILT, ""), [PACKAGES])
    assert Build.objects.get().log == "done\n"


def test_asks_while_one_is_going_share_it(built: list[list[str]]) -> None:
    rung: list[str] = []
    for _ in range(3):
        ask(PACKAGES, enqueue=rung.append)
    assert len(rung) == 1
    for _ in range(3):  # a doorbell that came twice
        environments.build(rung[0])
    assert built == [PACKAGES]


def test_two_workers_that_hear_of_it_at_once_build_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[list[str]] = []
    inside, go_on = threading.Event(), threading.Event()
    engine_that_builds(monkeypatch, lambda packages, say: (done.append(packages), inside.set(), go_on.wait(10)))
    rung: list[str] = []
    ask(PACKAGES, enqueue=rung.append)
    other = threading.Thread(target=lambda: (environments.build(rung[0]), connection.close()))
    other.start()
    assert inside.wait(10)
    environments.build(rung[0])
    ask(PACKAGES, enqueue=rung.append)
    assert state() == (BuildState.BUILDING, "")
    go_on.set()
    other.join()
    assert (len(rung), len(done), state()) == (1, 1, (BuildState.BUILT, ""))


def test_the_log_can_be_read_while_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(packages: list[str], say: Callable[[str], None]) -> None:
        say("early")
        for _ in range(100):
            if Build.objects.get().log == "early\n":
                return
            threading.Event().wait(0.1)
        raise AssertionError("nothing of it was written down")

    engine_that_builds(monkeypatch, work)
    ask(PACKAGES, enqueue=environments.build)
    assert state() == (BuildState.BUILT, "")


def test_a_long_log_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "MOST_LOG", 1000)
    engine_that_builds(monkeypatch, lambda _, say: [say("x" * 99) for _ in range(100)])
    ask(PACKAGES, enqueue=environments.build)
    assert len(Build.objects.get().log) == 1000


def test_a_failed_build_says_why_and_may_start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(packages: list[str], say: Callable[[str], None]) -> None:
        raise CannotBuild("no such package")

    engine_that_builds(monkeypatch, refuse)
    ask(PACKAGES, enqueue=environments.build)
    assert (state(), Build.objects.get().log) == ((BuildState.FAILED, "no such package"), "no such package\n")
    engine_that_builds(monkeypatch, lambda packages, say: None)
    ask(PACKAGES, enqueue=environments.build)
    assert state() == (BuildState.BUILT, "")


def test_an_unforeseen_error_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    engine_that_builds(monkeypatch, lambda packages, say: 1 / 0)
    ask(PACKAGES, enqueue=environments.build)
    assert state() == (BuildState.FAILED, "The build stopped with an unexpected error: ZeroDivisionError: division by zero")


def test_a_build_that_died_is_noticed_and_may_start_again(built: list[list[str]]) -> None:
    ask(PACKAGES, enqueue=lambda _: None)
    long_ago = timezone.now() - timedelta(minutes=1)
    Build.objects.update(state=BuildState.BUILDING, attempt=1, lease_until=long_ago)
    assert state() == (BuildState.FAILED, "The worker that built it stopped.")
    ask(PACKAGES, enqueue=environments.build)
    assert (state(), built, Build.objects.get().attempt) == ((BuildState.BUILT, ""), [PACKAGES], 3)


def test_a_late_builder_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(packages: list[str], say: Callable[[str], None]) -> None:
        Build.objects.update(attempt=7)  # another worker took it over
        raise CannotBuild("late")

    engine_that_builds(monkeypatch, work)
    ask(PACKAGES, enqueue=environments.build)
    assert state() == (BuildState.BUILDING, "")


def test_an_ask_that_no_worker_heard_can_be_repeated(built: list[list[str]]) -> None:
    ask(PACKAGES, enqueue=lambda _: None)
    Build.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    ask(PACKAGES, enqueue=environments.build)
    assert built == [PACKAGES]


def test_a_broker_that_is_away_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(current_app, "send_task", away)
    environments.request_build(PACKAGES)
    assert state() == state(target=Target.SANDBOX) == (BuildState.WAITING, "")


def test_the_command_builds_here_and_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, built: list[list[str]]
) -> None:
    call_command("base_image")
    assert (capsys.readouterr().out, built) == ("done\n", [[]])
    engine_that_builds(monkeypatch, lambda packages, say: 1 / 0)
    with pytest.raises(CommandError, match="ZeroDivisionError"):
        call_command("base_image")


# For the sandbox


def test_one_message_builds_the_directory_and_then_the_image(directories: list[list[str]], built: list[list[str]]) -> None:
    sent: list[str] = []
    environments.request_build(PACKAGES, enqueue=sent.append)
    assert (len(sent), state(target=Target.SANDBOX), state()) == (1, (BuildState.WAITING, ""), (BuildState.WAITING, ""))
    environments.build(sent[0])
    assert (state(target=Target.SANDBOX), state()) == ((BuildState.BUILT, ""), (BuildState.BUILT, ""))
    assert (directories, built) == ([PACKAGES], [PACKAGES])
    logs = [build.log for target in Target for build in environments.builds([PACKAGES], target) if build]
    assert logs == ["installed\n", "done\n"]


def test_without_an_engine_the_directory_is_built_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise DockerUnavailable("The Docker engine does not answer.")

    monkeypatch.setattr(environments, "engine", away)
    environments.request_build(PACKAGES, enqueue=environments.build)
    assert state(target=Target.SANDBOX) == (BuildState.BUILT, "")
    failed = state()
    assert failed and failed[0] == BuildState.FAILED and failed[1].startswith("The Docker engine does not answer. Install and start")


def test_a_directory_that_cannot_be_built_says_why_and_the_image_is_tried(monkeypatch: pytest.MonkeyPatch, built: list[list[str]]) -> None:
    def refuse(*_: object) -> None:
        raise CannotBuild("There is no room left.")

    monkeypatch.setattr(installed, "build", refuse)
    environments.request_build(PACKAGES, enqueue=environments.build)
    assert (state(target=Target.SANDBOX), state(), built) == (
        (BuildState.FAILED, "There is no room left."),
        (BuildState.BUILT, ""),
        [PACKAGES],
    )


def test_a_worker_that_is_not_alike_says_so(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    sent: list[str] = []
    environments.request_build(PACKAGES, enqueue=sent.append)
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    environments.build(sent[0])
    failed = Build.objects.get(digest=sent[0])
    assert (failed.state, failed.why) == (BuildState.FAILED, environments.OTHER_WORKER)


def test_directories_that_nothing_names_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def names() -> list[str]:
        return sorted(folder.name for folder in environments.directories().iterdir())

    scope = new_scope()
    Environment.objects.create(scope=scope, name="geo", requirements=PACKAGES)
    environments.request_build(PACKAGES, enqueue=environments.build)
    run = start(scripted("geo"), scope)
    place = run.read_plan().steps["a"].execution.packages
    for name in (place, "unused"):
        (environments.directories() / name).mkdir(parents=True)
    assert (environments.remove_unused(), names()) == (["unused"], [place])
    Environment.objects.all().delete()
    assert environments.remove_unused() == [], "a run that is not over has it"
    Run.objects.update(finished_at=timezone.now())
    assert (environments.remove_unused(), names()) == ([place], [])
