"""What processes take together, and what is too much."""

import os
import subprocess
import sys

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.execution.targets import Limits
from pipelines.execution.targets.limit_monitor import MOST_FILES, LimitMonitor

pytestmark = pytest.mark.processes
TREE = """
import os, sys, threading
held = b"x" * int(sys.argv[1])
if not os.fork():
    os.fork()
os.write(1, b"ready\\n")
sys.stdin.read()
"""


@pytest.fixture
def tree():
    """Three processes that hold so many bytes together, since two were forked."""
    started = []

    def start(bytes):
        process = subprocess.Popen([sys.executable, "-c", TREE, str(bytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
        started.append(process)
        for _ in range(3):
            assert process.stdout.readline() == b"ready\n"
        return process.pid

    yield start
    for process in started:
        os.killpg(process.pid, 9)
        process.communicate()


def over(watch):
    with pytest.raises(ModuleError) as caught:
        watch.sample()
    assert caught.value.words.endswith("and was stopped.") and caught.value.remedy
    return caught.value.code


def test_all_is_well_within_the_limits(tree, tmp_path):
    LimitMonitor(tree(1), Limits(), tmp_path).sample()


def test_memory_is_counted_over_all_and_what_is_shared_once(tree, tmp_path):
    root = tree(100_000_000)
    LimitMonitor(root, Limits(memory_bytes=200_000_000), tmp_path).sample()
    assert over(LimitMonitor(root, Limits(memory_bytes=90_000_000), tmp_path)) == "out_of_memory"


def test_processes_are_counted(tree, tmp_path):
    assert over(LimitMonitor(tree(1), Limits(processes=2), tmp_path)) == "too_many_processes"


def test_time_passes(tree, tmp_path):
    assert over(LimitMonitor(tree(1), Limits(seconds=-1), tmp_path)) == "took_too_long"


def test_the_disk_is_looked_at(tree, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"x" * 2_000_000)
    root = tree(1)
    LimitMonitor(root, Limits(disk_bytes=3_000_000), tmp_path).sample()
    assert over(LimitMonitor(root, Limits(disk_bytes=1_000_000), tmp_path)) == "disk_full"


def test_files_are_counted(tree, tmp_path):
    for name in range(MOST_FILES + 1):
        (tmp_path / str(name)).touch()
    assert over(LimitMonitor(tree(1), Limits(), tmp_path)) == "disk_full"
