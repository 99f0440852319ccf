"""People's code in a container gets nothing, changes nothing and leaves nothing, and the worker goes on: the sandbox's list once more."""

from unittest.mock import Mock

import pytest

from pipelines.execution.targets.docker_client import OWNER, engine
from tests.security.attempt import script
from tests.security.world import HARMLESS, a_world, attempts_for, execute

ATTEMPTS = attempts_for("docker")
# How a container ends some of them where the sandbox has another way; none gains anything by it.
OTHERWISE = {
    "many threads": ("ended_early",),  # the engine refuses further threads, and a library gives up
    "memory shared among children": ("took_too_long",),  # the system ends the children, and their parent waits
    "a file descriptor bomb": ("unexpected_error",),
    "a stopped process": ("",),  # the first process of a container cannot be stopped
}
pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module")
def world(tmp_path_factory, plain_image):
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(autouse=True)
def _no_container_is_left(plain_image):
    yield
    with engine() as client:
        assert client.containers.list(all=True, ignore_removed=True, filters={"label": OWNER}) == []


def tried(world, image, attempts, limits=None):
    """Try some in a container; returns what came out."""
    listener = Mock()
    outcome = execute(world.job(script(attempts, world.facts), limits, {"target": "docker", "image": image}), listener, Mock())
    world.assert_contained(outcome, listener)
    return outcome


@pytest.fixture(scope="module")
def gained(world, plain_image):
    """What was gained by those that can be tried in one container."""
    outcome = tried(world, plain_image, [attempt for attempt in ATTEMPTS if attempt.is_quiet])
    return dict(outcome.values["first"].frame.iter_rows())


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
def test_it_is_contained(world, gained, plain_image, attempt):
    if attempt.is_quiet:
        assert attempt.name not in gained
        return
    outcome = tried(world, plain_image, [attempt], attempt.limits)
    assert (outcome.problem.code if outcome.problem else "") in (attempt.ends or ("",)) + OTHERWISE.get(attempt.name, ()), outcome


def test_the_worker_does_its_next_job(world, plain_image):
    outcome = execute(world.job(HARMLESS, execution={"target": "docker", "image": plain_image}), Mock(), Mock())
    assert outcome.problem is None, outcome
    assert outcome.values["first"].frame.to_dict(as_series=False) == {"a": [6]}


def test_there_are_at_least_forty():
    assert len(ATTEMPTS) >= 40
