"""Environment directories for the sandbox, each named by a digest of its content and mounted read-only.

pip installs into a temporary directory, which is renamed once it is complete. Packages that Easel itself has are not installed again and
keep their versions. No package code runs meanwhile: only wheels are installed, and pip cannot start a process.
"""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, distribution, distributions
from pathlib import Path

from pipelines.execution.memory import in_words
from pipelines.execution.targets.base import pinned
from pipelines.execution.targets.images import CannotBuild, Source, hash_of
from pipelines.execution.targets.limit_monitor import sizes
from pipelines.execution.targets.pip import INSTALL, ONLY_WHEELS, Said
from pipelines.periodic import Periodic

BUILDING = ".building-"
NAME_LENGTH = 32
MOST_SECONDS = 1800.0
MOST_BYTES = 8 * 1024**3
SPARE_BYTES = 256 * 1024**2
LOOK_SECONDS = 1.0
YOUNG_SECONDS = 60.0  # a directory newer than this may not be locked yet
PASSED_ON = frozenset(("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"))
# pip honours --only-binary for what it chooses itself, yet builds a source archive that a package names by its address.
ALONE = f"""
import runpy, sys
def refuse(event, arguments):
    if event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty"):
        raise PermissionError({ONLY_WHEELS!r})
sys.addaudithook(refuse)
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""


def digest_of(requirements: Sequence[str], source: Source) -> str:
    """Return the digest that identifies a directory: of the requirements, Easel's own, and this machine's Python."""
    python = f"{platform.python_implementation()} {platform.python_version()} {platform.machine()}"
    return hash_of(["directory", *requirements, "", *pinned(source.own), "", python])


def name_of(digest: str) -> str:
    """Return the directory name of a digest."""
    return digest[:NAME_LENGTH]


def build(home: Path, requirements: Sequence[str], source: Source, say: Callable[[str], None]) -> None:
    """Build the directory of a list of requirements below a home, unless it exists.

    Raises:
        CannotBuild: When the build fails; the message says why.
    """
    place = home / name_of(digest_of(requirements, source))
    if place.is_dir():
        say("The packages are already installed for the sandbox.")
        return
    say("Installing the packages for the sandbox.")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with _aside(home) as folder:
            packages = _prepared(folder)
            _install(folder, requirements, source, say)
            (packages / "easel.pth").unlink()
            size = sum(sizes(packages))
            packages.chmod(0o755)  # the sandbox of a root worker runs as another user
            with suppress(FileExistsError):
                packages.rename(place)
    except OSError as fault:
        said = Said()
        said.hear(f"ERROR: {fault}")
        raise CannotBuild(said.why()) from fault
    say(f"The packages are installed for the sandbox; they use {in_words(size)}.")


def clean(home: Path, used: Collection[str]) -> list[str]:
    """Delete unused directories and the remains of dead builds; returns the names of the unused ones."""
    gone = []
    for folder in home.glob("*/"):
        if folder.name.startswith(BUILDING):
            if not _is_being_built(folder):
                shutil.rmtree(folder, ignore_errors=True)
        elif folder.name not in used:
            aside = folder.rename(home / f"{BUILDING}gone-{folder.name}")  # disappears at once, not file by file
            shutil.rmtree(aside, ignore_errors=True)
            gone.append(folder.name)
    return gone


@contextmanager
def _aside(home: Path) -> Iterator[Path]:
    """Yield a temporary directory, locked as long as this process or pip uses it, and deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=BUILDING, dir=home))
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.set_inheritable(lock, True)
        yield folder
    finally:
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def _is_being_built(folder: Path) -> bool:
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime < YOUNG_SECONDS:
            return True
        lock = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
    return False


def _prepared(folder: Path) -> Path:
    """Create a virtual environment in which pip sees Easel's packages as installed; returns its site-packages."""
    venv.EnvBuilder(symlinks=True).create(folder / "venv")
    packages = folder / "venv" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    try:
        (packages / "easel.pth").write_text(f"{distribution('pip').locate_file('')}\n")
    except PackageNotFoundError:
        words = f"pip is not installed. Install it on the machines of the workers: {sys.executable} -m ensurepip."
        raise CannotBuild(words) from None
    (folder / "tmp").mkdir()
    return packages


def _install(folder: Path, requirements: Sequence[str], source: Source, say: Callable[[str], None]) -> None:
    if not requirements:
        return
    if source.network == "none" and not source.wheels:
        raise CannotBuild("There is no package source: EASEL_BUILD_NETWORK is none, and EASEL_WHEELS is not set.")
    own = {f"{package.metadata['Name']}=={package.version}" for package in distributions() if package.metadata["Name"]}
    (folder / "easel.txt").write_text("\n".join(sorted(own)))
    (folder / "project.txt").write_text("\n".join(requirements))
    command = [str(folder / "venv" / "bin" / "python"), "-I", "-c", ALONE, *INSTALL, "--no-user"]
    command += [f"--constraint={folder}/easel.txt", f"--requirement={folder}/project.txt"]
    if source.wheels:
        command += ["--no-index", f"--find-links={source.wheels}"]
    process = subprocess.Popen(
        command,
        env=_variables(folder, source),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=0o022,
        close_fds=False,  # passes the lock on
    )
    with process, _bounded(process, folder) as over:
        why = _listen(process, (str(folder), str(source.wheels or folder)), say)
    if process.returncode:
        raise CannotBuild(over[0] if over else why)


def _listen(process: subprocess.Popen[str], places: Sequence[str], say: Callable[[str], None]) -> str:
    """Forward pip's lines, without Easel's own packages and this machine's paths; returns why it failed, or an empty string."""
    said = Said()
    assert process.stdout
    for text in process.stdout:
        line = text.rstrip()
        for place in places:
            line = line.replace(f"{place}/", "").replace(place, "EASEL_WHEELS")
        if not line.startswith("Requirement already satisfied"):
            said.hear(line)
            say(line)
    return said.why()


def _variables(folder: Path, source: Source) -> dict[str, str]:
    """Return pip's environment: its configuration or that of this account, and the proxy settings, nothing else."""
    found = {name: value for name, value in os.environ.items() if name.upper() in PASSED_ON}
    found |= {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder / "tmp"), "HOME": str(folder / "tmp")}
    if source.wheels or source.pip_config:
        return found | {"PIP_CONFIG_FILE": str(source.pip_config or os.devnull)}
    found |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return found | {"HOME": os.environ.get("HOME", "/")}


@contextmanager
def _bounded(process: subprocess.Popen[str], folder: Path) -> Iterator[list[str]]:
    """Kill a process that takes too long or too much disk space; the yielded list then has the reason."""
    over, until = list[str](), time.monotonic() + MOST_SECONDS

    def check() -> None:
        if over:
            return
        if time.monotonic() > until:
            over.append(f"The installation took more than {MOST_SECONDS // 60:.0f} minutes.")
        elif shutil.disk_usage(folder).free < SPARE_BYTES:
            over.append(f"The disk of {folder.parent.parent} is almost full. Free disk space there, then build again.")
        elif sum(sizes(folder)) > MOST_BYTES:
            over.append(f"The packages use more than {in_words(MOST_BYTES)}.")
        if over:
            process.kill()

    with Periodic(LOOK_SECONDS, check):
        try:
            yield over
        except BaseException:
            process.kill()
            raise
