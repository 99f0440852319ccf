"""`make bench` says first what it leaves out, and prints what it has measured although a part fails."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest

from tests.bench import __main__ as bench


def fails(*_: object) -> dict[str, float]:
    raise OSError("no such browser")


def interrupted(*_: object) -> dict[str, float]:
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _three_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def nobody():
        yield None

    monkeypatch.setattr(bench, "easel", nobody)
    monkeypatch.setattr(
        bench, "PARTS", {"one": lambda *_: {"a": 1.23456}, "broken": fails, "stopped": interrupted, "two": lambda *_: {"b": None}}
    )
    monkeypatch.setattr(bench, "NEEDS", {})


def run(monkeypatch: pytest.MonkeyPatch, *parts: str) -> None:
    monkeypatch.setattr("sys.argv", ["bench", *parts])
    bench.main()


def test_a_part_that_fails_takes_no_other_with_it(monkeypatch, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "one", "broken", "two")
    said = capsys.readouterr()
    assert json.loads(said.out) == {"a": 1.235, "b": None}
    assert "no such browser" in said.err and ended.value.code == "Not measured, for the reasons above: broken."


def test_an_interrupt_keeps_what_is_measured(monkeypatch, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        run(monkeypatch, "one", "stopped", "two")
    assert json.loads(capsys.readouterr().out) == {"a": 1.235}
    assert ended.value.code == "Not measured, for the reasons above: stopped, two."


def test_what_is_not_installed_is_said_before_anything_is_measured(monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench, "NEEDS", {"two": ("/no/such/chromium", "chromium", "b_*")})
    run(monkeypatch, "one", "two")
    said = capsys.readouterr()
    first, second = said.err.splitlines()
    assert (
        first
        == "two is left out: it needs /no/such/chromium, which is not installed (apt-get install chromium). Without it there are no b_*."
    )
    assert second == "measuring one …" and json.loads(said.out) == {"a": 1.235}
