"""Before polars is loaded its allocator is told how many arenas to make."""

import subprocess
import sys

from pipelines import ALLOCATOR

LOOK = "import pipelines, os, sys; print('polars' in sys.modules, os.environ[pipelines.ALLOCATOR[0]])"


def test_it_is_told_before_polars_is_loaded():
    said = subprocess.run([sys.executable, "-c", LOOK], env={}, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", ALLOCATOR[1]]


def test_who_runs_it_may_say_otherwise():
    said = subprocess.run([sys.executable, "-c", LOOK], env={ALLOCATOR[0]: "narenas:3"}, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "narenas:3"]


def test_threads_of_openmp_sleep_while_they_wait():
    look = "import pipelines, os; print(os.environ['OMP_WAIT_POLICY'])"
    for env, wanted in (({}, "passive"), ({"OMP_WAIT_POLICY": "active"}, "active")):
        assert subprocess.run([sys.executable, "-c", look], env=env, capture_output=True, text=True, check=True).stdout.strip() == wanted
