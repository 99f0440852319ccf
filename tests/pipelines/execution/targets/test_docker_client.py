"""An engine that cannot be reached is told in words. What an engine does is tested by test_docker.py."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.execution.targets import docker_client as subject
from pipelines.execution.targets.docker_client import DockerUnavailable, engine


def why(monkeypatch: pytest.MonkeyPatch, address: str) -> str:
    monkeypatch.setenv("DOCKER_HOST", address)
    with pytest.raises(DockerUnavailable) as fault, engine():
        pass
    return str(fault.value)


@pytest.fixture
def deaf() -> Iterator[str]:
    """The address of something that takes calls and hangs up."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = Path(folder) / "socket"
        listening.bind(str(path))
        listening.listen()
        threading.Thread(target=_hang_up, args=(listening,), daemon=True).start()
        yield f"unix://{path}"


def _hang_up(listening: socket.socket) -> None:
    while True:
        try:
            listening.accept()[0].close()
        except OSError:
            return


def test_no_engine_is_told_with_its_address_and_the_systems_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        why(monkeypatch, "unix:///nothing/here") == "The Docker engine at unix:///nothing/here does not answer: no such file or directory."
    )
    assert why(monkeypatch, "tcp://127.0.0.1:9") == "The Docker engine at tcp://127.0.0.1:9 does not answer: connection refused."


def test_an_address_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert why(monkeypatch, "nonsense").startswith("The Docker engine at nonsense does not answer: Invalid bind address format")


def test_an_engine_that_hangs_up_is_told_without_an_exception(monkeypatch: pytest.MonkeyPatch, deaf: str) -> None:
    words = why(monkeypatch, deaf)
    assert words.startswith(f"The Docker engine at {deaf} does not answer: ")
    assert "(" not in words and "Error" not in words


def test_an_engine_that_is_slow_is_told_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "PATIENCE_SECONDS", 0.05)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/socket")
        listening.listen()
        assert why(monkeypatch, f"unix://{folder}/socket").endswith("does not answer: no answer within 0.05 seconds.")
