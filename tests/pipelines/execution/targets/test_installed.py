"""Directories of packages for the sandbox: what they are known by, what is in them, and that no half of one is ever there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from textwrap import dedent

import pytest

from pipelines.execution.targets import installed
from pipelines.execution.targets.images import CannotBuild, Source
from pipelines.execution.targets.selection import execute
from tests.pipelines.execution.targets.jobs import FRAME, job, listener
from tests.pipelines.execution.targets.wheels import wheel

ROOT = Path(__file__).parents[4]
OWN = ROOT / "requirements.txt"


def test_everything_that_goes_in_makes_another_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.txt").write_text("polars==3\n")
    plain = Source(OWN)
    digests = [installed.digest_of([], plain), installed.digest_of(["x"], plain), installed.digest_of([], Source(tmp_path / "other.txt"))]
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    assert len({*digests, installed.digest_of([], plain)}) == 4


def names(home: Path) -> list[str]:
    return sorted(folder.name for folder in home.iterdir())


def age(folder: Path) -> None:
    os.utime(folder, (time.time() - 3600,) * 2)


def test_cleaning_leaves_what_is_used_and_what_is_being_built(tmp_path: Path) -> None:
    for name in ("used", "unused", ".building-dead", ".building-young"):
        (tmp_path / name / "deep").mkdir(parents=True)
    age(tmp_path / ".building-dead")
    with installed._aside(tmp_path) as going:
        age(going)
        assert installed.clean(tmp_path, {"used"}) == ["unused"]
        assert names(tmp_path) == sorted([".building-young", going.name, "used"])
    assert names(tmp_path) == [".building-young", "used"]
    assert installed.clean(tmp_path / "nowhere", ()) == []


def test_a_list_without_packages_asks_nobody(tmp_path: Path) -> None:
    said: list[str] = []
    installed.build(tmp_path, [], Source(OWN, network="none"), said.append)
    (made,) = tmp_path.iterdir()
    assert (list(made.iterdir()), said[0]) == ([], "Installing the packages for the sandbox.")


def test_no_network_and_no_wheels_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotBuild, match="EASEL_BUILD_NETWORK is none"):
        installed.build(tmp_path, ["x"], Source(OWN, network="none"), lambda _: None)
    assert names(tmp_path) == []


def test_a_disk_without_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(installed, "_prepared", full)
    with pytest.raises(CannotBuild, match="The disk of the build is full"):
        installed.build(tmp_path, ["x"], Source(OWN), lambda _: None)
    assert names(tmp_path) == []


def test_a_machine_without_pip_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installed, "distribution", missing)
    with pytest.raises(CannotBuild, match="pip is not installed"):
        installed.build(tmp_path, ["x"], Source(OWN), lambda _: None)
    assert names(tmp_path) == []


def test_pip_gets_no_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EASEL_SECRET_KEY", "secret")
    monkeypatch.setenv("PIP_INDEX_URL", "http://index")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    mine = installed._variables(tmp_path, Source(OWN))
    assert (mine["PIP_INDEX_URL"], mine["HTTPS_PROXY"], "EASEL_SECRET_KEY" in mine) == ("http://index", "http://proxy", False)
    theirs = installed._variables(tmp_path, Source(OWN, pip_config=tmp_path / "pip.conf"))
    assert (theirs["PIP_CONFIG_FILE"], "PIP_INDEX_URL" in theirs) == (str(tmp_path / "pip.conf"), False)
    assert installed._variables(tmp_path, Source(OWN, wheels=tmp_path))["PIP_CONFIG_FILE"] == os.devnull


# With pip


def made(tmp_path: Path, requirements: list[str], said: list[str] | None = None, **more: object) -> Path:
    source = replace(Source(OWN, wheels=tmp_path / "wheels", network="none"), **more)  # type: ignore[arg-type]
    installed.build(tmp_path / "home", requirements, source, [].append if said is None else said.append)
    return tmp_path / "home" / installed.name_of(installed.digest_of(requirements, source))


@pytest.mark.processes
def test_packages_are_installed_once_and_easels_own_not_again(tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", needs="numpy")
    said: list[str] = []
    place = made(tmp_path, ["easel-trial==1.0", "polars"], said)
    assert names(place) == ["__pycache__", "easel_trial-1.0.dist-info", "easel_trial.py"]
    assert not any(str(tmp_path) in line for line in said), "the log shows paths of the machine"
    assert said[-1].startswith("The packages are installed for the sandbox; they use ")
    again: list[str] = []
    made(tmp_path, ["easel-trial==1.0", "polars"], again)
    assert again == ["The packages are already installed for the sandbox."]
    assert names(tmp_path / "home") == [place.name]


@pytest.mark.processes
@pytest.mark.parametrize(
    ("packages", "why"),
    [
        (["no-such-package"], "There is no wheel of “no-such-package”"),
        (["easel-trial==7"], "There is no wheel of “easel-trial==7” that can be installed here. Versions: 1.0."),
        (["polars==1.0"], "the list requires polars==1.0; Easel itself has polars=="),
        (["old"], "old 1.0 depends on numpy<1.5; Easel itself has numpy=="),
    ],
)
def test_a_failed_build_says_why_and_leaves_nothing(tmp_path: Path, packages: list[str], why: str) -> None:
    wheel(wheel(tmp_path / "wheels"), "old", needs="numpy<1.5")
    with pytest.raises(CannotBuild) as caught:
        made(tmp_path, packages)
    assert why in str(caught.value)
    assert names(tmp_path / "home") == []


@pytest.mark.processes
def test_an_index_that_does_not_answer_is_told(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = http://127.0.0.1:9/simple\nretries = 1\nno-index = false\nfind-links =\n")
    with pytest.raises(CannotBuild, match="The package index does not answer"):
        made(tmp_path, ["maps"], wheels=None, pip_config=tmp_path / "pip.conf", network="bridge")


@pytest.mark.processes
def test_no_code_of_a_package_runs_while_it_is_installed(tmp_path: Path) -> None:
    """pip itself would build it, --only-binary or not, since it is named by its address."""
    trace = tmp_path / "ran"
    (tmp_path / "evil-1.0").mkdir()
    (tmp_path / "evil-1.0" / "setup.py").write_text(f"open({str(trace)!r}, 'w')\n")
    (tmp_path / "evil-1.0" / "backend.py").write_text(f"open({str(trace)!r}, 'w')\n")
    (tmp_path / "evil-1.0" / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    )
    with tarfile.open(tmp_path / "evil-1.0.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "evil-1.0", "evil-1.0")
    wheel(tmp_path / "wheels", "good", needs=f"evil @ file://{tmp_path}/evil-1.0.tar.gz")
    with pytest.raises(CannotBuild, match="Only wheels are installed"):
        made(tmp_path, ["good"])
    assert not trace.exists()


@pytest.mark.processes
def test_a_build_that_is_killed_leaves_no_half_and_can_start_again(tmp_path: Path) -> None:
    code = dedent("""
        import sys, threading
        from pathlib import Path
        from pipelines.execution.targets import installed
        from pipelines.execution.targets.images import Source
        where = Path(sys.argv[1])
        def say(line):
            if line.startswith("Successfully"):
                print(line, flush=True)
                threading.Event().wait()
        installed.build(where / "home", ["easel-trial==1.0"], Source(Path("requirements.txt"), wheels=where / "wheels"), say)
    """)
    wheel(tmp_path / "wheels")
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT) as builder:
        assert builder.stdout and builder.stdout.readline().startswith(b"Successfully")
        (half,) = names(tmp_path / "home")
        assert half.startswith(installed.BUILDING)
        age(tmp_path / "home" / half)
        installed.clean(tmp_path / "home", ())
        assert names(tmp_path / "home") == [half], "it is still being built"
        builder.send_signal(signal.SIGKILL)
    assert made(tmp_path, ["easel-trial==1.0"]).is_dir()
    age(tmp_path / "home" / half)
    while (tmp_path / "home" / half).exists():  # pip, which has the lock too, is about to end
        installed.clean(tmp_path / "home", names(tmp_path / "home"))
        time.sleep(0.05)


# Inside


def outcome(tmp_path: Path, code: str, place: Path, ear: object) -> object:
    execution = {"environment": "maps", "packages": place.name}
    one = job(tmp_path, settings={"code": dedent(code)}, execution=execution)
    there = replace(one, environments=place.parent)
    return execute(there, lambda: None, lambda target: target.execute(there, ear))  # type: ignore[arg-type, return-value]


@pytest.mark.processes
def test_a_script_has_the_packages_and_can_change_none(tmp_path: Path) -> None:
    place = made(tmp_path, ["easel-trial==1.0"]) if wheel(tmp_path / "wheels") else tmp_path
    (place / "polars.py").write_text("raise ImportError('not the real one')\n")  # nothing in it replaces what Easel has
    before = {file: file.stat().st_mtime_ns for file in place.rglob("*")}
    code = """
    import easel_trial, pathlib, polars
    def main(t):
        place = pathlib.Path(easel_trial.__file__)
        print(easel_trial.ANSWER)
        for attempt in (lambda: place.write_text(""), lambda: place.unlink(), lambda: (place.parent / "new.py").write_text(""), lambda: place.chmod(0o777)):
            try:
                attempt()
            except OSError as refused:
                print(refused.errno)
        return t
    """
    ear = listener()
    done = outcome(tmp_path, code, place, ear)
    assert done.problem is None, done  # type: ignore[attr-defined]
    assert done.values["first"].frame.equals(FRAME)  # type: ignore[attr-defined]
    assert [call.args[0] for call in ear.log.call_args_list] == ["42", "30", "30", "30", "30"]  # read-only file system
    assert {file: file.stat().st_mtime_ns for file in place.rglob("*")} == before


@pytest.mark.processes
def test_a_machine_without_the_directory_says_so(tmp_path: Path) -> None:
    problem = outcome(tmp_path, "def main(t):\n    return t", tmp_path / "gone", listener()).problem  # type: ignore[attr-defined]
    assert (problem.code, problem.node) == ("no_packages", "n0")
    assert "“maps”" in problem.words and "Build the environment again" in problem.remedy
