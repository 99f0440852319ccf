"""People's code in the sandbox gets nothing, changes nothing and leaves nothing, and the worker goes on."""

import json
import subprocess
import sys
from unittest.mock import Mock

import pytest

from tests.security.attempt import script
from tests.security.world import HARMLESS, a_world, attempts_for, execute

ATTEMPTS = attempts_for("sandbox")
pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(scope="module")
def gained(world):
    """What was gained by those that can be tried in one place."""
    listener = Mock()
    outcome = execute(world.job(script([attempt for attempt in ATTEMPTS if attempt.is_quiet], world.facts)), listener, Mock())
    world.assert_contained(outcome, listener)
    return dict(outcome.values["first"].frame.iter_rows())


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.name)
def test_it_is_contained(world, gained, attempt):
    if attempt.is_quiet:
        assert attempt.name not in gained
        return
    listener = Mock()
    outcome = execute(world.job(script([attempt], world.facts), attempt.limits), listener, Mock())
    code = outcome.problem.code if outcome.problem else ""
    assert code in (attempt.ends or ("",)), outcome
    world.assert_contained(outcome, listener)


def test_without_walls_it_would_gain_something(world):
    """Those that may be tried here: else they would show nothing."""
    bare = [attempt for attempt in ATTEMPTS if attempt.bare]
    code = script(bare, world.facts) + "\nprint(json.dumps(main(None)['name'].to_list()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    world.forget_visits()
    assert json.loads(done.stdout.splitlines()[-1]) == [attempt.name for attempt in bare], done.stdout


def test_the_worker_does_its_next_job(world):
    listener = Mock()
    outcome = execute(world.job(HARMLESS), listener, Mock())
    assert outcome.values["first"].frame.to_dict(as_series=False) == {"a": [6]}
    listener.log.assert_called_once_with("hello", "info")


def test_there_are_at_least_forty():
    assert len(ATTEMPTS) >= 40
    assert len({attempt.name for attempt in ATTEMPTS}) == len(ATTEMPTS)
