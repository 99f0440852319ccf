"""A step in a container of a real Docker Engine: what comes out, what it may take, and that nothing of it is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.compilation import Step
from pipelines.execution.codecs import load_table, save
from pipelines.execution.fan import ItemEnd
from pipelines.execution.step import Outcome
from pipelines.execution.store import LocalStore
from pipelines.execution.targets import Job, Limits
from pipelines.execution.targets.docker import Docker
from pipelines.execution.targets.docker_client import OWNER, engine, reap
from pipelines.execution.targets.fan_order import FanOrder
from pipelines.procfs import is_alive
from tests.support.installation import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.slow]
MB = 1024**2
ROOT = Path(__file__).parents[4]


class Heard:
    """A listener that keeps what it hears, and can stop the step at the first word."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps: list[tuple[float, float]] = []
        self.spoken = threading.Event()

    def log(self, line: str, level: str) -> None:
        self.lines.append(line)
        self.spoken.set()

    def progress(self, done: float, total: float, words: str) -> None:
        self.steps.append((done, total))


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(autouse=True)
def _nothing_is_left(plain_image: str, store: LocalStore, tmp_path: Path) -> Iterator[None]:
    yield
    assert containers() == []
    assert list((tmp_path / "store" / "scratch").iterdir()) == []


def containers() -> list[Any]:
    with engine() as client:
        return client.containers.list(all=True, ignore_removed=True, filters={"label": OWNER})


def job(store: LocalStore, module: str, limits: Limits | None = None, **settings: Any) -> Job:
    given = save(Table(pl.DataFrame({"x": [1, 2, 3]})), store)
    found = catalogue().modules[module]
    step = Step("n", module, found.settings(settings), {})
    return Job(step, found, {"table": [given]}, {}, store, limits or Limits(memory_bytes=512 * MB, seconds=60), run="r1")


def code(image: str, store: LocalStore, heard: Heard, text: str, limits: Limits | None = None) -> Outcome:
    return Docker(image).execute(job(store, "trial.code", limits, text=textwrap.dedent(text)), heard)


def refused(image: str, store: LocalStore, heard: Heard, text: str, limits: Limits | None = None) -> ModuleError:
    with pytest.raises(ModuleError) as wrong:
        code(image, store, heard, text, limits)
    assert wrong.value.remedy
    return wrong.value


def test_a_step_gives_the_same_as_in_the_worker(plain_image: str, store: LocalStore, heard: Heard) -> None:
    outcome = code(plain_image, store, heard, "table = table.with_columns(y=table['x'] * 2)")
    assert outcome.problem is None
    assert load_table(outcome.outputs["table"], store).frame.to_dict(as_series=False) == {"x": [1, 2, 3], "y": [2, 4, 6]}


def test_a_problem_of_the_module_comes_out_with_its_place(plain_image: str, store: LocalStore, heard: Heard) -> None:
    problem = Docker(plain_image).execute(job(store, "trial.fail"), heard).problem
    assert problem and (problem.code, problem.node, problem.port) == ("told_to_fail", "n", "table")


def test_what_it_says_and_prints_arrives_while_it_runs(plain_image: str, store: LocalStore, heard: Heard) -> None:
    text = """
        import time
        from pipelines.catalogue.reporting import progress
        print("printed early", flush=True)
        progress(1, 2, "half")
        time.sleep(6)
    """
    with ThreadPoolExecutor(1) as executor:
        done = executor.submit(code, plain_image, store, heard, text)
        assert heard.spoken.wait(90)
        assert not done.done()
        assert heard.lines == ["printed early"]
        assert done.result().problem is None
    assert heard.steps == [(1, 2)]


def test_items_end_while_the_container_runs(plain_image: str, store: LocalStore, heard: Heard) -> None:
    taken: list[ItemEnd] = []
    sink = Mock(take=taken.extend)
    chunk = replace(job(store, "trial.spread", to=3, bad="n1"), fans=FanOrder(items={"n1": None, "n2": None}))
    outcome = Docker(plain_image).execute(chunk, heard, sink)
    assert outcome.problem is None and sink.commit.called
    bad, good = taken
    assert bad.failure and bad.failure.code == "told_to_fail"
    assert good.figures == {"square": 4} and good.blob and good.blob.read(store) == b"2"


def test_too_much_time_is_told(plain_image: str, store: LocalStore, heard: Heard) -> None:
    # However late a busy machine starts the container, it sleeps longer than its limit.
    limits = Limits(memory_bytes=512 * MB, seconds=3)
    assert refused(plain_image, store, heard, "import time\ntime.sleep(60)", limits).code == "took_too_long"


def test_a_flood_of_lines_is_cut_and_harms_nobody(plain_image: str, store: LocalStore, heard: Heard) -> None:
    outcome = code(plain_image, store, heard, "for line in range(200_000): print('x' * 200)")
    assert outcome.problem is None
    assert len(heard.lines) == 2001


def test_too_much_memory_is_told_and_not_swapped(plain_image: str, store: LocalStore, heard: Heard) -> None:
    # A child that the step forks is counted too, and no limit of a single process stops it.
    text = "import os\nkept = []\nwhile True: kept.append(bytearray(b'x' * 50_000_000))"
    wrong = refused(plain_image, store, heard, text, Limits(memory_bytes=300 * MB, seconds=60))
    assert wrong.code == "out_of_memory"
    assert "300 MB" in str(wrong)


def test_too_much_disk_is_told(plain_image: str, store: LocalStore, heard: Heard) -> None:
    text = """
        for number in range(100):
            with open(f"/job/outputs/{number}", "wb") as file:
                file.write(bytes(10_000_000))
        import time
        time.sleep(60)
    """
    assert refused(plain_image, store, heard, text, Limits(memory_bytes=512 * MB, seconds=60, disk_bytes=100 * MB)).code == "disk_full"


def test_a_death_is_told(plain_image: str, store: LocalStore, heard: Heard) -> None:
    wrong = refused(plain_image, store, heard, "import os; os.kill(os.getpid(), 11); os._exit(3)")
    assert wrong.code == "ended_early"
    assert "exit code 3" in str(wrong) or "SIGSEGV" in str(wrong)


def test_a_cancelled_step_ends_within_five_seconds(plain_image: str, store: LocalStore, heard: Heard) -> None:
    """As in a worker: the signal's handler raises Stopped in the main thread, wherever that is."""
    script = f"""
        import signal, sys
        from pathlib import Path
        from pipelines.execution.step import Stopped
        from pipelines.execution.store import LocalStore
        from pipelines.execution.targets.docker import Docker
        from tests.pipelines.execution.targets.test_docker import Heard, job
        def stop(*_): raise Stopped
        signal.signal(signal.SIGUSR2, stop)
        class Loud(Heard):
            def log(self, line, level): print("running", flush=True)
        try:
            Docker({plain_image!r}).execute(job(LocalStore(Path(sys.argv[1])), "trial.wait", seconds=60), Loud())
        except Stopped:
            print("stopped")
    """
    with _process(script, store) as process:
        assert process.stdout and process.stdout.readline() == "running\n"
        asked = time.monotonic()
        process.send_signal(signal.SIGUSR2)
        assert process.stdout.readline() == "stopped\n"
        assert time.monotonic() - asked < 5
        assert containers() == []


def test_a_killed_workers_container_is_reaped_by_the_next(plain_image: str, store: LocalStore, heard: Heard, tmp_path: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        from pipelines.execution.store import LocalStore
        from pipelines.execution.targets.docker import Docker
        from tests.pipelines.execution.targets.test_docker import Heard, job
        class Loud(Heard):
            def log(self, line, level): print("running", flush=True)
        Docker({plain_image!r}).execute(job(LocalStore(Path(sys.argv[1])), "trial.wait", seconds=60), Loud())
    """
    with _process(script, store) as process:
        assert process.stdout and process.stdout.readline() == "running\n"
        (orphan,) = containers()
        assert orphan.labels["easel.run"], orphan.labels["easel.step"] == ("r1", "n")
        assert reap() == 0  # its process lives
        process.kill()
        wait_until(lambda: not is_alive(process.pid))
        assert reap() == 1  # though nobody has collected it yet
    (folder,) = (tmp_path / "store" / "scratch").iterdir()
    subprocess.run(["rm", "-r", folder], check=True)  # as the store forgets scratch files of dead writers


def _process(script: str, store: LocalStore) -> Any:
    command = [sys.executable, "-c", textwrap.dedent(script), str(store._root)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_missing_image_is_told(plain_image: str, store: LocalStore, heard: Heard) -> None:
    assert refused("easel-environment:nothere", store, heard, "").code == "no_image"


def test_a_missing_engine_is_told(plain_image: str, store: LocalStore, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("DOCKER_HOST", "unix:///nothing/here")
        wrong = refused(plain_image, store, heard, "")
    assert wrong.code == "no_docker"
    assert "does not answer" in str(wrong)


def test_an_engine_without_limits_is_refused(plain_image: str, store: LocalStore, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docker.DockerClient.info", lambda _: {"MemoryLimit": False, "PidsLimit": True, "CpuCfsQuota": True})
    wrong = refused(plain_image, store, heard, "")
    assert (wrong.code, str(wrong)) == ("no_limits", "The Docker engine cannot enforce limits of memory.")


INSIDE = """
    import os
    status = open("/proc/self/status").read()
    environment = " ".join(os.environ)
    assert (os.getuid(), os.getgid()) == (65534, 65534) and set(os.getgroups()) <= {65534}, "an account without a name"
    assert "\\nCapEff:\\t0000000000000000\\n" in status and "\\nCapBnd:\\t0000000000000000\\n" in status, "no right"
    assert "\\nNoNewPrivs:\\t1\\n" in status, "no new rights"
    assert "\\nSeccomp:\\t2\\n" in status, "a filter of system calls"
    assert os.listdir("/sys/class/net") == ["lo"], "no network"
    assert not os.path.exists("/var/run/docker.sock") and not os.path.exists("/run/docker.sock"), "no engine"
    assert "SECRET" not in environment and "DATABASE" not in environment and "PIP" not in environment, "nothing of the environment"
    assert not os.path.exists("/bin/sh") and not os.path.exists("/usr/bin/sh"), "no shell"
    given = ["/job/inputs/" + name for name in os.listdir("/job/inputs")]
    assert given
    for place in (*given, "/x", "/job/x", "/job/inputs/x", "/job/job.json", "/easel/pipelines/x", "/opt/easel/x", "/proc/sys/kernel/hostname"):
        for mode in ("r+b", "wb", "ab"):
            try:
                open(place, mode).write(b"x")
            except OSError:
                continue
            raise AssertionError(place + " can be written")
"""


def test_there_is_nothing_inside_but_the_job(plain_image: str, store: LocalStore, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_SECRET_KEY", "secret")
    assert code(plain_image, store, heard, INSIDE).problem is None


def test_threads_and_processes_are_bounded(plain_image: str, store: LocalStore, heard: Heard) -> None:
    text = """
        import os, signal, time
        made = []
        try:
            while len(made) < 1000:
                child = os.fork()
                if child == 0:
                    time.sleep(60)
                    os._exit(0)
                made.append(child)
        except OSError:
            pass
        for child in made:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        assert 10 < len(made) < 160, len(made)
    """
    assert code(plain_image, store, heard, text, Limits(memory_bytes=512 * MB, seconds=60, processes=20)).problem is None
