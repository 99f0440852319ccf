"""`make bench` first reports what it leaves out, and keeps its figures although a part fails."""

from __future__ import annotations

import pytest

from tests.bench.report import Figures, Need, can_run, measured


def fails() -> Figures:
    raise OSError("no such browser")


def interrupted() -> Figures:
    raise KeyboardInterrupt


PARTS = {"one": lambda: {"a": 1.5}, "broken": fails, "stopped": interrupted, "two": lambda: {"b": None}}


def test_a_part_that_fails_takes_no_other_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert measured(["one", "broken", "two"], lambda name: PARTS[name]()) == ({"a": 1.5, "b": None}, ["broken"])
    assert "no such browser" in capsys.readouterr().err


def test_an_interrupt_keeps_what_is_measured() -> None:
    assert measured(["one", "broken", "stopped", "two"], lambda name: PARTS[name]()) == ({"a": 1.5}, ["broken", "stopped", "two"])


def test_what_is_not_installed_is_said_with_the_keys_that_will_be_missing(capsys: pytest.CaptureFixture[str]) -> None:
    needs = {"two": Need("/no/such/chromium", "chromium", "b_*"), "three": Need("/", "base-files", "c_*")}
    assert [name for name in ("one", "two", "three") if can_run(name, needs)] == ["one", "three"]
    assert capsys.readouterr().err == (
        "two is left out: it needs /no/such/chromium, which is not installed (apt-get install chromium). Without it there are no b_*.\n"
    )
