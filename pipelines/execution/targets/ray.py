"""Ray target: batches of items on a Ray cluster (EASEL_RAY_ADDRESS). The worker keeps the step: it lists the items, commits their ends and goes on."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cachetools import LRUCache

from pipelines.catalogue import extras
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.reporting import Listener
from pipelines.execution.step import Outcome
from pipelines.execution.store import Store
from pipelines.execution.targets import run_uninterrupted
from pipelines.execution.targets.batch import Batch, BatchEnd, decode_end, digests_of, encode, execute_batch
from pipelines.execution.targets.sandbox import packages

ADDRESS = "EASEL_RAY_ADDRESS"
CLIENT_PORT = 10001
REACH_SECONDS, CONNECT_SECONDS = 5.0, 120.0
POLL_SECONDS = 0.05
WAITS_LONG_SECONDS = 15.0
MOST_FILES = 64  # whose copies in the cluster a process remembers
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}


def execute(batch: Batch, files: Store, listener: Listener) -> Outcome:
    """Execute a batch on the cluster.

    Raises:
        ModuleError: `no_ray`, when there is no cluster or it does not answer.
        Stopped: When the step was cancelled; its task is ended.
    """
    return run_uninterrupted(lambda stopping: _execute(batch, files, listener, stopping))


def _execute(batch: Batch, files: Store, listener: Listener, stopping: threading.Event) -> Outcome:
    ray = _connected(stopping)
    end = _await(ray, _submit(ray, batch, files), listener, stopping)
    if not isinstance(end, BatchEnd):
        return end
    for line, level in end.notes:
        listener.log(line, level)
    if end.problem:
        return Outcome(problem=end.problem, trace=end.trace)
    for data in end.blobs.values():
        files.keep_bytes(data)
    return Outcome(items=end.ends)


def _connected(stopping: threading.Event) -> Any:
    """Return the module `ray`, connected to the cluster by this process."""
    address = os.environ.get(ADDRESS, "").strip()
    if not address:
        words = "This installation has no Ray cluster."
        raise ModuleError(
            "no_ray", words, remedy=f"Change “Run on”, or ask the administrator to set {ADDRESS}, such as to ray://head:10001."
        )
    if not extras.is_installed("ray"):
        raise ModuleError("no_ray", "The extra “ray” is not installed on the machine of this worker.", remedy=extras.remedy("ray"))
    import ray  # 0.7 s, and only here

    if not ray.is_initialized():
        _refs.clear()
        try:
            _require_reachable(address)
            _connect(ray, address, stopping)
        except (OSError, RuntimeError, ValueError) as fault:
            words = f"The Ray cluster at {address} does not answer: {str(fault)[:300]}"
            raise ModuleError("no_ray", words, remedy="Check that it runs and that this machine reaches it.", transient=True) from fault
    return ray


def _require_reachable(address: str) -> None:
    """Try the address first: Ray itself repeats for half a minute."""
    place = urlsplit(address)
    if place.scheme == "ray" and place.hostname:
        socket.create_connection((place.hostname, place.port or CLIENT_PORT), REACH_SECONDS).close()


def _connect(ray: Any, address: str, stopping: threading.Event) -> None:
    """Connect; a busy cluster may need several attempts of half a minute to start a server for this client."""
    until = time.monotonic() + CONNECT_SECONDS
    while True:
        try:
            with tempfile.TemporaryDirectory(prefix="easel-ray-") as folder:  # Ray has sent it when it is connected
                copy_code(Path(folder))
                ray.init(address, namespace="easel", log_to_driver=False, runtime_env={"working_dir": folder, "env_vars": _environment()})
            return
        except (ConnectionError, RuntimeError):
            if time.monotonic() > until or stopping.is_set():
                raise


def _environment() -> Mapping[str, str]:
    return {**ENVIRONMENT, "EASEL_MODULES": os.environ.get("EASEL_MODULES", "")}


def copy_code(folder: Path) -> None:
    """Copy Easel's engine and further modules, which the cluster distributes to its nodes."""
    for root, place in packages():
        shutil.copytree(place, folder / place.relative_to(root), ignore=shutil.ignore_patterns("__pycache__"))


_refs: LRUCache[str, Any] = LRUCache(MOST_FILES)


def _submit(ray: Any, batch: Batch, files: Store) -> Any:
    """Start a task for a batch; its files are put into the cluster once for each process."""
    refs = {}
    for digest in digests_of(batch):
        if digest not in _refs:
            _refs[digest] = ray.put(files.path(digest).read_bytes())
        refs[digest] = _refs[digest]
    task = ray.remote(num_cpus=1, max_retries=0)(_task)
    return task.remote(encode(batch), refs)


def _task(order: bytes, refs: Mapping[str, Any]) -> bytes:
    """Executed by a process of the cluster."""
    import ray

    return execute_batch(order, lambda digest: ray.get(refs[digest]))


def _await(ray: Any, task: Any, listener: Listener, stopping: threading.Event) -> BatchEnd | Outcome:
    """Wait for a task; it is ended when the step is cancelled."""
    gone = (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError, ray.exceptions.NodeDiedError)
    waits_since, said = time.monotonic(), False
    while not stopping.is_set():
        ready, _ = ray.wait([task], timeout=POLL_SECONDS)
        if ready:
            return _end(lambda: ray.get(task), gone)
        if not said and time.monotonic() - waits_since > WAITS_LONG_SECONDS:
            said = True
            listener.log("The items wait for, or are executed by, the Ray cluster.", "info")
    ray.cancel(task, force=True)
    return Outcome()  # discarded


def _end(get: Callable[[], bytes], gone: tuple[type[BaseException], ...]) -> BatchEnd | Outcome:
    try:
        return decode_end(get())
    except gone as fault:
        return Outcome(lost=f"A process of the Ray cluster ended: {str(fault).strip().splitlines()[0][:300]}.")
