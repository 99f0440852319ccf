"""The outside that attempts try to reach: a worker with secrets, a store, servers and other processes; and whether all is as it was."""

import os
import platform
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import polars as pl
import pyseccomp

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Report, Table
from pipelines.catalogue.reporting import Listener
from pipelines.compilation import Step
from pipelines.execution.codecs import save
from pipelines.execution.output import Output
from pipelines.execution.step import Outcome
from pipelines.execution.store import LocalStore
from pipelines.execution.targets import Job, Limits, selection
from pipelines.graph.run_options import RunOptions
from tests.security.attempt import Attempt
from tests.security.bombing import BOMBING
from tests.security.forging import FORGING
from tests.security.reaching import REACHING
from tests.security.rising import RISING
from tests.support.process_groups import wait_until

ATTEMPTS = [*REACHING, *RISING, *FORGING, *BOMBING]
CALLS = """
mount umount2 fsopen open_tree chroot pivot_root unshare clone clone3 setns open_by_handle_at ptrace process_vm_readv pidfd_getfd capset bpf
perf_event_open keyctl add_key userfaultfd io_uring_setup kexec_load init_module reboot shmget msgget
""".split()
ENOUGH = Limits(memory_bytes=1024**3, seconds=30.0, disk_bytes=1024**3, processes=64)
HARMLESS = "def main(first):\n    print('hello')\n    return first.sum()"


def attempts_for(target: str) -> list[Attempt]:
    """Those that concern a target."""
    return [attempt for attempt in ATTEMPTS if attempt.only in (None, target)]


@dataclass
class World:
    """What there is, and the facts that a script is told."""

    store: LocalStore
    root: Path
    input: Output
    facts: dict[str, Any]
    servers: list[socket.socket]
    victim: "subprocess.Popen[bytes]"
    before: dict[str, Any]

    def job(
        self, code: str, limits: dict[str, Any] | None = None, execution: dict[str, Any] | None = None, module: str = "script.python"
    ) -> Job:
        """A step of a script; in the sandbox it has packages of an environment."""
        module = catalogue().modules[module]
        options = RunOptions(**execution or {"environment": "maps", "packages": "maps"})
        step = Step("n0", module.id, module.settings({"code": code}), {}, {}, options)
        package = Path(self.facts["package"])
        limited = replace(ENOUGH, **limits or {})
        return Job(step, module, {"first": [self.input]}, {}, self.store, limited, environments=package.parents[1])

    def state(self) -> dict[str, Any]:
        """All that no script may change."""
        files = [self.store.path(self.input.digest), *(Path(self.facts[fact]) for fact in ("foreign", "file", "package"))]
        beside = sorted(path.name for path in Path(self.facts["package"]).parent.iterdir())
        return {path.name: (path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns) for path in files} | {"beside": beside}

    def processes(self) -> list[int]:
        """Processes that see a job's folder: those inside."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if str(self.root) in (folder / "mountinfo").read_text():
                    found.append(int(folder.name))
            except OSError:
                pass
        return found

    def forget_visits(self) -> int:
        """Take whoever knocks at the servers of the outside; returns how many did."""
        visits = 0
        for server in self.servers:
            with suppress(BlockingIOError):
                while server.accept():
                    visits += 1
        return visits

    def assert_contained(self, outcome: Outcome, listener: Mock) -> None:
        """Nothing gained, nothing changed, nothing left."""
        assert outcome.problem is None or (outcome.problem.node == "n0" and outcome.problem.words)
        for output in outcome.outputs.values():
            assert self.store.path(output.digest).stat().st_mode & 0o7777 == 0o644
        for value in outcome.values.values():
            if isinstance(value, Report):
                assert not value.title and not value.blocks and not value.metrics, "it gained something"
                continue
            assert value.frame.to_dict(as_series=False) in ({"name": [], "got": []}, {"a": [1, 2, 3]}, {"a": [1]}, {}), (
                "it gained something"
            )
        said = [str(call) for call in (*listener.log.call_args_list, *listener.progress.call_args_list)]
        assert not any(self.facts["secret"] in line for line in [*said, str(outcome)])
        changed = [name for name, state in self.state().items() if state != self.before[name]]
        assert changed == []
        wait_until(
            lambda: self.processes() == []
        )  # the kernel ends what is left once the first process is gone; a busy machine takes its time
        assert list((self.root / "scratch").iterdir()) == []
        assert self.victim.poll() is None
        assert self.forget_visits() == 0, "somebody spoke with a server of the outside"


@contextmanager
def a_world(folder: Path) -> Iterator[World]:
    """Make it, and take it down."""
    secret = uuid4().hex
    shared = Path("/dev/shm") / f"easel-{secret}"
    with ExitStack() as ends:
        (folder / "home").mkdir()
        package = folder / "environments" / "maps" / "maps.py"
        package.parent.mkdir(parents=True)
        package.write_text("ANSWER = 42\n")
        file = folder / "home" / "secret_key"
        for path in (file, shared):
            path.write_text(secret)
            path.chmod(0o644)
        ends.callback(shared.unlink)
        os.environ["EASEL_SECRET_KEY"] = secret
        ends.callback(os.environ.pop, "EASEL_SECRET_KEY")
        store = LocalStore(folder / "store")
        input = save(Table(pl.DataFrame({"a": [1, 2, 3]})), store)
        foreign = save(Table(pl.DataFrame({"a": [secret]})), store)
        servers = [ends.enter_context(socket.socket(family)) for family in (socket.AF_INET, socket.AF_UNIX, socket.AF_UNIX)]
        for server, address in zip(servers, (("127.0.0.1", 0), str(folder / "s"), f"\0{secret[:16]}"), strict=True):
            server.bind(address)
            server.listen()
            server.setblocking(False)
        victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], env={"EASEL_SECRET_KEY": secret})
        ends.callback(victim.wait)
        ends.callback(victim.kill)
        arch = pyseccomp.Arch.NATIVE
        facts = {
            "secret": secret,
            "file": str(file),
            "package": str(package),
            "home": str(file.parent),
            "foreign": str(store.path(foreign.digest)),
            "digest": foreign.digest,
            "input": input.digest,
            "shared": shared.name,
            "port": servers[0].getsockname()[1],
            "socket": str(folder / "s"),
            "abstract": secret[:16],
            "worker": os.getpid(),
            "victim": victim.pid,
            "calls": {name: pyseccomp.resolve_syscall(arch, name) for name in CALLS},
            "processor": platform.machine(),
        }
        world = World(store, folder / "store", input, facts, servers, victim, {})
        world.before = world.state()
        yield world


def execute(job: Job, listener: Listener, here: Callable[[], Outcome]) -> Outcome:
    """Execute a job on its target, or `here`."""
    return selection.execute(job, here, lambda target: target.execute(job, listener))
