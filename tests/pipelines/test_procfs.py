"""What Linux says about processes and memory."""

import mmap
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipelines import procfs
from pipelines.procfs import Peak, available_bytes, children, family, held_bytes, is_alive, machine_bytes, open_files, started_at
from tests.support.installation import wait_until

MB = 1024**2
ROOT = Path(__file__).parents[2]
GONE = 2**22 + 1  # no process has this id


def test_no_other_file_reads_facts_from_the_system():
    found = [path for folder in ("pipelines", "designer") for path in (ROOT / folder).rglob("*.py") if path != Path(procfs.__file__)]
    assert [str(path.relative_to(ROOT)) for path in found if re.search(r"[\"']/(proc|sys)/", path.read_text())] == []


@pytest.fixture
def started():
    """A process with a thread, a child and a grandchild."""
    code = "import os, sys\nif not os.fork():\n os.fork()\nos.write(1, b'ready\\n')\nsys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0)
    for _ in range(3):
        assert process.stdout.readline() == b"ready\n"
    yield process
    os.killpg(process.pid, 9)
    process.communicate()


def test_a_family_is_all_that_came_from_a_process(started):
    root = started.pid
    (child,) = children(root)
    assert set(family(root, 10)) == {root, child, *children(child)}
    assert len(set(family(root, 10))) == 3
    assert len(list(family(root, 1))) == 2


def test_one_that_is_gone_has_no_children():
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    assert children(process.pid) == [] and list(open_files(process.pid)) == [] and held_bytes(process.pid) == 0


def test_a_process_that_ended_but_was_not_collected_does_not_live():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_alive(child.pid)
    child.kill()
    wait_until(lambda: not is_alive(child.pid), 5)
    assert Path(f"/proc/{child.pid}").exists()
    child.communicate()
    assert not is_alive(child.pid)


def test_a_process_is_known_by_its_start():
    assert started_at(os.getpid()) == started_at(os.getpid()) and started_at(GONE) is None


@pytest.mark.slow
def test_a_process_holds_its_own_and_shared_pages_but_no_mapped_file(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * (200 * MB))
    before = held_bytes(os.getpid())
    mapped = np.memmap(tmp_path / "large", dtype=np.uint8, mode="r")
    assert int(mapped.sum()) == 200 * MB * ord("x") and held_bytes(os.getpid()) - before < 100 * MB
    own, shared = bytearray(os.urandom(100 * MB)), mmap.mmap(-1, 100 * MB)
    shared.write(own)
    assert 150 * MB < held_bytes(os.getpid()) - before < 300 * MB
    assert held_bytes(GONE) == 0


def test_the_growth_of_a_process_is_measured_though_it_shrank_again():
    """In a process of its own: libraries of this one give memory of earlier tests back meanwhile."""
    code = (
        "import numpy as np; from pipelines.procfs import Peak; peak = Peak(); block = np.ones(200 * 2**20, dtype=np.uint8); del block; "
        "print(peak.bytes(), Peak().bytes())"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    growth, after = map(int, found.split())
    assert 150 * MB < growth < 260 * MB and after < 50 * MB


def test_a_mapped_file_does_not_count(tmp_path):
    file = tmp_path / "large"
    file.write_bytes(b"x" * (100 * MB))
    peak = Peak()
    mapped = np.memmap(file, dtype=np.uint8, mode="r")
    assert int(mapped.sum()) == 100 * MB * ord("x")
    assert peak.bytes() < 50 * MB


def test_the_machine_has_some_memory():
    assert machine_bytes() > 256 * MB and 0 < available_bytes() < machine_bytes()


def test_what_is_available_in_a_container_is_its_limit_less_what_it_uses_and_cannot_drop(monkeypatch, tmp_path):
    for name, text in {"max": "5000000", "current": "4000000", "stat": "anon 1\ninactive_file 500000\n"}.items():
        (tmp_path / name).write_text(text)
    files = tuple(str(tmp_path / name) for name in ("max", "current", "stat"))
    monkeypatch.setattr(procfs, "CGROUPS", ((*files, "inactive_file"), ("/none", "/none", "/none", "x")))
    assert available_bytes() == 1_500_000
    (tmp_path / "max").write_text("max")
    assert available_bytes() > 5_000_000
