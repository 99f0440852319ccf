"""What modules say while they run."""

from collections.abc import Iterator

import pytest

from pipelines.catalogue import isolation
from pipelines.catalogue.reporting import reporting_to


class Listener:
    """Keeps the lines that are noted."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.warnings: list[str] = []

    def log(self, line: str, level: str, figures: object = None) -> None:
        self.lines.append(line)
        if level == "warning":
            self.warnings.append(line)

    def progress(self, done: float, total: float, words: str) -> None:
        pass


@pytest.fixture
def notes() -> Iterator[list[str]]:
    """The lines that are noted during a test."""
    with reporting_to(listener := Listener()):
        yield listener.lines


@pytest.fixture
def warned() -> Iterator[list[str]]:
    """The warnings among them."""
    with reporting_to(listener := Listener()):
        yield listener.warnings


@pytest.fixture(autouse=True)
def _inside(monkeypatch):
    """Modules run here as in the isolated process of a step: models of scripts may be fitted and asked."""
    monkeypatch.setattr(isolation, "_isolated", True)
