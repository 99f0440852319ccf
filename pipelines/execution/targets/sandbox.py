"""Sandbox: bubblewrap namespaces, a seccomp filter and a limit monitor around one step's process.

Inside there is no network, no other process and no privilege, and only the system's and Easel's files, read-only. The isolation has three
independent layers, so that a fault in one is no way out: namespaces, the filter of system calls, and the monitor.
"""

from __future__ import annotations

import importlib.util
import os
import re
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.catalogue.discover import PACKAGES
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import Listener
from pipelines.execution.memory import in_words
from pipelines.execution.step import Outcome
from pipelines.execution.targets import NO_ITEMS, ItemSink, Job, JobStopped, Limits, run_uninterrupted, syscalls
from pipelines.execution.targets.item_ends import ItemEnds
from pipelines.execution.targets.job_folder import job_folder, read_outcome
from pipelines.execution.targets.limit_monitor import LESS_MEMORY, SAMPLE_SECONDS, LimitMonitor
from pipelines.execution.targets.messages import listen
from pipelines.procfs import children

NOBODY = "65534"
FIRST_USER = 2_000_000_000
PLACE = "/job"
FURTHER = "/packages"
SHARED_MEMORY_BYTES = 64 * 1024**2
LAST_WORDS = 2000
# Messages of libraries that abort the process when an allocation fails: Polars (Rust), DuckDB and LightGBM (C++).
NO_MEMORY = re.compile(rb"memory allocation of \d+ bytes failed|std::bad_alloc|Cannot allocate memory")
CHUNK = 64 * 1024
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32")
CONFIGURATION = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts", "/etc/R/Renviron", "/etc/R/repositories")


@dataclass(frozen=True)
class Sandbox:
    """Executes a step in a sandbox; `packages` is a directory of further packages, mounted read-only."""

    packages: Path | None = None

    def execute(self, job: Job, listener: Listener, sink: ItemSink = NO_ITEMS) -> Outcome:
        require()
        return run_uninterrupted(lambda stopping: self._execute(job, listener, sink, stopping), sink.commit)

    def _execute(self, job: Job, listener: Listener, sink: ItemSink, stopping: threading.Event) -> Outcome:
        with job_folder(job) as folder:
            with started(_command(self.packages), folder, job.limits, self.packages, job.threads) as process:
                said = bytearray()
                watch = LimitMonitor(process.pid, job.limits, folder / "outputs")
                end = listen(output_of(process, watch, stopping, said), listener, ItemEnds(job, folder / "outputs", sink).take)
            if stopping.is_set():
                return Outcome()  # discarded
            if end is None:
                raise ended_early(process.returncode, said, job.limits)
            return read_outcome(job, folder, end)


def require() -> None:
    """Check that this machine can create a sandbox.

    Raises:
        ModuleError: When it cannot; the remedy is included.
    """
    global _works
    if _works:
        return
    try:
        syscalls.program()
        done = subprocess.run(
            [*_walls(SHARED_MEMORY_BYTES), "--", *_inside(["/usr/bin/true"])], env={}, capture_output=True, text=True, check=False
        )
        why = done.stderr.strip() if done.returncode else ""
    except (OSError, RuntimeError) as missing:
        why = str(missing)
    if why:
        raise ModuleError(
            "no_sandbox",
            f"This machine cannot create the sandbox for the step: {why[:300]}",
            remedy="Install bubblewrap and libseccomp (Debian and Ubuntu: apt-get install bubblewrap libseccomp2) on the machines of the workers, and "
            "allow user namespaces; or run the module in a container. If only trusted people use this installation, you can set EASEL_TRUST_SCRIPTS=1 instead.",
        )
    _works = True


_works = False


@contextmanager
def started(
    command: Sequence[str], folder: Path, limits: Limits, packages: Path | None = None, threads: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a sandboxed process that has a folder at PLACE, of which it may write `outputs`; on exit it and all its descendants are ended."""
    if _is_root():
        os.chown(folder / "outputs", _user(), _user())
    rules = os.memfd_create("rules")
    try:
        os.write(rules, syscalls.program())
        os.lseek(rules, 0, os.SEEK_SET)
        process = subprocess.Popen(
            [
                *_walls(limits.memory_bytes // 4),
                *_work(folder, packages, threads),
                "--seccomp",
                str(rules),
                "--",
                *_inside(command),
            ],
            env={},  # the first process's environment can be read inside
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(rules,),
        )
    finally:
        os.close(rules)
    with process:
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the first process of the sandbox's pid namespace: the kernel then kills all others before it is gone."""
    first = children(process.pid)
    for pid in first:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if not first:
        process.kill()
    process.wait()


def output_of(process: subprocess.Popen[bytes], watch: LimitMonitor, stopping: threading.Event, said: bytearray) -> Iterator[bytes]:
    """Yield what the process writes to its message channel, until it ends or is to stop; `said` keeps the end of its standard error."""
    assert process.stdout and process.stderr
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        ready.register(process.stderr, selectors.EVENT_READ)
        while not stopping.is_set():
            watch.sample()
            for key, _ in ready.select(SAMPLE_SECONDS):
                chunk = os.read(key.fd, CHUNK)
                if not chunk:
                    ready.unregister(key.fileobj)
                if key.fileobj is process.stderr:
                    said += chunk
                    del said[:-LAST_WORDS]
                elif chunk:
                    yield chunk
                else:
                    return


def _walls(tmp_bytes: int) -> list[str]:
    """Return the bubblewrap arguments that are the same for every step."""
    walls = ["bwrap", *"--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try --hostname sandbox".split()]
    walls += "--die-with-parent --new-session --clearenv --chdir /tmp --cap-drop ALL".split()
    if _is_root():
        walls += "--cap-add CAP_SETUID --cap-add CAP_SETGID --cap-add CAP_SETPCAP".split()  # dropped by _inside
    else:
        walls += ["--unshare-user", "--disable-userns", "--uid", NOBODY, "--gid", NOBODY]
    for path in SYSTEM:
        if Path(path).is_symlink():
            walls += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).is_dir():
            walls += ["--ro-bind", path, path]
    walls += ["--dir", "/etc", "--dir", "/etc/R"]  # bubblewrap's own would be private, out of the reach of a root worker's user
    for path in CONFIGURATION:
        walls += ["--ro-bind-try", path, path]
    walls += "--proc /proc --remount-ro /proc --dev /dev".split()
    for place, size in (("/dev/shm", SHARED_MEMORY_BYTES), ("/tmp", tmp_bytes)):
        walls += ["--perms", "1777", "--size", str(size), "--tmpfs", place]
    return [*walls, "--remount-ro", "/dev"]


def _work(folder: Path, further: Path | None, threads: int | None = None) -> list[str]:
    """Return the bubblewrap arguments that mount Easel's code, further packages and the job; only the outputs and /tmp are writable."""
    code = [Path(sys.base_prefix), Path(sys.prefix), *(place for _, place in packages())]
    code = [path for path in dict.fromkeys(code) if Path("/usr") not in (path, *path.parents)]
    parents = dict.fromkeys(str(parent) for path in code for parent in reversed(path.parents[:-1]))
    shown = [argument for parent in parents for argument in ("--dir", parent)]  # bubblewrap's own parents would be private
    shown += [argument for path in code for argument in ("--ro-bind", str(path), str(path))]
    shown += ["--ro-bind", str(further), FURTHER] if further else []
    shown += ["--ro-bind", str(folder), PLACE, "--bind", str(folder / "outputs"), f"{PLACE}/outputs", "--remount-ro", "/"]
    roots = os.pathsep.join(dict.fromkeys(str(root) for root, _ in packages()))
    environment = {"PATH": "/usr/bin", "HOME": "/tmp", "LANG": "C.UTF-8", "PYTHONPATH": roots, "PYTHONDONTWRITEBYTECODE": "1"}
    environment["EASEL_MODULES"] = os.environ.get("EASEL_MODULES", "")
    environment |= dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS"), str(threads)) if threads else {}
    return [*shown, *(argument for name, value in environment.items() for argument in ("--setenv", name, value))]


def packages() -> list[tuple[Path, Path]]:
    """Return the folders of Easel's engine and of packages of further modules, each with the folder it is imported from."""
    found = []
    for name in (PACKAGES[0].partition(".")[0], *filter(None, os.environ.get("EASEL_MODULES", "").replace(" ", "").split(","))):
        spec = importlib.util.find_spec(name)
        place = Path(next(iter(spec.submodule_search_locations or ()))) if spec else None
        if place:
            found.append((place.parents[name.count(".")], place))
    return found


def _command(further: Path | None) -> Sequence[str]:
    return (sys.executable, "-P", "-m", "pipelines.execution.targets.job", PLACE, *([FURTHER] if further else []))


def _inside(command: Sequence[str]) -> Sequence[str]:
    if not _is_root():
        return command
    user = str(_user())
    return ("setpriv", "--reuid", user, "--regid", user, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all", "--", *command)


def _is_root() -> bool:
    """Return whether this worker is root: a namespace does not change that for the kernel, which limits no processes of root."""
    return os.getuid() == 0


def _user() -> int:
    """Return the user id of a root worker's sandbox: unique, so that the kernel counts its processes alone."""
    return FIRST_USER + os.getpid()


def ended_early(code: int, said: bytearray, limits: Limits) -> JobStopped:
    """Return why a process ended that did not say how it ended."""
    if NO_MEMORY.search(said):
        words = f"The step exceeded its memory limit of {in_words(limits.memory_bytes)}, and a library ended its process."
        return JobStopped("out_of_memory", words, remedy=LESS_MEMORY)
    how = signal.Signals(code - 128).name if code > 128 and code - 128 in set(signal.Signals) else f"exit code {code}"
    last = said.decode(errors="replace").strip().rpartition("\n")[2]
    return JobStopped(
        "ended_early",
        f"The process of the step ended unexpectedly ({how}{': ' + last[:300] if last else ''}).",
        remedy="Check for code that exits or crashes the process, such as os._exit or a fault in a library.",
    )
