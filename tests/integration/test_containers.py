"""Runs whose steps stand in containers, by real workers on a real Docker Engine: built, carried out, killed and cancelled, and nothing is left."""

import os
import signal
import time
from pathlib import Path

import pytest

from pipelines.execution.targets.docker_client import OWNER, engine
from pipelines.procfs import is_alive
from tests.support.graph_builder import TABLE, document
from tests.support.installation import Home, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.slow]
LONG = 60


@pytest.fixture(scope="module")
def home(plain_image):
    with Home(env={"EASEL_BUILD_NETWORK": "none"}) as home:
        home.printed_by("manage.py", "base_image")
        yield home


@pytest.fixture(autouse=True)
def _no_container_is_left(home):
    yield
    assert containers() == []


def containers():
    with engine() as client:
        return client.containers.list(all=True, ignore_removed=True, filters={"label": OWNER})


def in_container(seconds):
    wait = ("trial.wait", {"seconds": seconds}, {"target": "docker", "memory_mb": 512})
    return document({"source": TABLE, "wait": wait, "after": "trial.pass_on"}, "source.table wait.table", "wait.table after.table")


def scratch(home):
    return set(Path(home.folder, "home", "store").glob("*/scratch/*"))


def started(run):
    """The container of a run that has just started."""
    return wait_until(
        lambda: next((found for found in containers() if found.labels["easel.run"] == run.id and found.status == "running"), None)
    )


def test_a_step_in_a_container_is_one_of_its_run(home):
    worker = home.start_worker()
    run = home.run(in_container(1))
    assert started(run).labels["easel.step"] == "wait"
    assert run.ended()["state"] == "done"
    assert run.result("after") == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": "z"}]
    home.dismiss(worker)


def test_a_killed_process_leaves_no_container_and_its_step_starts_again(home):
    worker = home.start_worker()
    run = home.run(in_container(4))
    first = started(run)
    os.kill(int(first.labels[OWNER].split()[2]), signal.SIGKILL)
    wait_until(lambda: first.id not in [one.id for one in containers()])
    look = run.ended(60)
    assert (look["state"], look["steps"]["wait"]["attempt"]) == ("done", 2)
    home.dismiss(worker)


def test_a_killed_worker_leaves_no_container_once_another_starts(home):
    worker = home.start_worker()
    run = home.run(in_container(LONG))
    first = started(run)
    worker.kill()
    wait_until(lambda: not is_alive(int(first.labels[OWNER].split()[2])))
    worker = home.start_worker(name="two")
    wait_until(lambda: first.id not in [one.id for one in containers()], 10)
    run.cancel()
    assert run.ended()["state"] == "cancelled"
    home.dismiss(worker)


def test_cancel_ends_the_container_within_five_seconds(home):
    left_by_the_killed = scratch(home)
    worker = home.start_worker()
    run = home.run(in_container(LONG))
    started(run)
    asked = time.monotonic()
    run.cancel()
    assert run.ended()["state"] == "cancelled"
    wait_until(lambda: containers() == [], 5)
    assert time.monotonic() - asked < 5
    assert scratch(home) == left_by_the_killed
    home.dismiss(worker)
