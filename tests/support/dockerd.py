"""A Docker Engine for tests, on a private socket, with its data in memory; it leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.execution.targets import images
from pipelines.execution.targets.docker_client import DockerUnavailable, engine

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
# No bridge and no firewall rules, so that the machine's network stays unchanged; no systemd, so the engine creates the cgroups itself.
ALONE = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--exec-opt", "native.cgroupdriver=cgroupfs", "--log-level", "warn"]


@contextmanager
def docker_engine() -> Iterator[str]:
    """Run an engine; yields the address for DOCKER_HOST."""
    assert shutil.which("dockerd"), "the Docker target is tested against a real engine: apt-get install docker.io"
    assert os.getuid() == 0, "the tests' own Docker Engine must be started by root"
    folder = Path(tempfile.mkdtemp(prefix="easel-docker-"))
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4g", "easel", folder], check=True
    )  # on a disk, removing it takes longer than the tests
    places = {"--data-root": "data", "--exec-root": "exec", "--pidfile": "pid"}
    command = ["setpriv", "--pdeathsig", "TERM", "dockerd", *ALONE, "--host", f"unix://{folder}/socket"]
    command += [argument for option, name in places.items() for argument in (option, str(folder / name))]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(folder, process)
        yield f"unix://{folder}/socket"
    finally:
        process.terminate()
        process.wait(30)
        left = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if line.split()[1].startswith(f"{folder}/")]
        for mount in (*reversed(left), str(folder)):
            subprocess.run(["umount", "--lazy", mount], check=True)
        folder.rmdir()
        assert set(left) <= {f"{folder}/exec/netns/default"}, f"the engine left mounts: {left}"  # sometimes left behind


def _wait_for(folder: Path, process: subprocess.Popen[bytes]) -> None:
    os.environ["DOCKER_HOST"] = f"unix://{folder}/socket"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with engine():
                return
        except DockerUnavailable:
            time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    raise AssertionError(f"dockerd did not start; it said:\n{(folder / 'log').read_text()[-3000:]}")


def source(wheels: Path | None = None) -> images.Source:
    """Images are built from this machine, without a network."""
    return images.Source(ROOT / "requirements.txt", wheels=wheels, network="none")
