"""People's code in R gets nothing, changes nothing and leaves nothing: it runs in the sandbox of Python scripts."""

from unittest.mock import Mock

import pytest

from tests.security.r_attempts import IN_R, MIB, script_in_r
from tests.security.world import a_world, execute
from tests.support.module_runner import run

pytestmark = pytest.mark.processes
QUIET = [attempt for attempt in IN_R if attempt.is_quiet]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with a_world(tmp_path_factory.mktemp("world")) as made:
        yield made


def tried(world, attempts, limits=None):
    """Try some in a sandbox; returns what came out."""
    listener = Mock()
    outcome = execute(world.job(script_in_r(attempts, world.facts), limits, module="script.r"), listener, Mock())
    world.assert_contained(outcome, listener)
    return outcome


def test_what_can_be_tried_in_one_place_gains_nothing(world):
    outcome = tried(world, QUIET)
    assert outcome.problem is None, outcome
    assert outcome.values["first"].frame["name"].to_list() == []


@pytest.mark.parametrize("attempt", [attempt for attempt in IN_R if not attempt.is_quiet], ids=lambda attempt: attempt.name)
def test_it_is_contained(world, attempt):
    outcome = tried(world, [attempt], attempt.limits)
    assert (outcome.problem.code if outcome.problem else "") in (attempt.ends or ("",)), outcome


def test_without_walls_it_would_gain_something(world):
    """Those that may be tried here: else they would show nothing."""

    bare = [attempt for attempt in IN_R if attempt.bare]
    gained = run("script.r", {"code": script_in_r(bare, world.facts)})["first"].frame["name"].to_list()
    assert gained == [attempt.name for attempt in bare]


def test_the_memory_of_r_is_counted(world):
    code = "main <- function(t) { kept <- rep(1.5, 2e7); data.frame(a = 1:3) }"
    outcome = execute(world.job(code, module="script.r"), Mock(), Mock())
    assert outcome.peak_bytes > 160 * MIB
