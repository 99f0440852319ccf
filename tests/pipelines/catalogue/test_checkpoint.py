"""Checkpoints as modules see them."""

from pathlib import Path

import pytest

from pipelines.catalogue import checkpoint
from pipelines.catalogue.reporting import reporting_to


class Keeper:
    def __init__(self, fault=None):
        self.fault, self.file = fault, None

    def kept(self):
        return self.file

    def keep(self, write):
        if self.fault:
            raise self.fault
        self.file = Path("f")


class Listener:
    def __init__(self):
        self.lines = []

    def log(self, line, level):
        self.lines.append((line, level))


def test_without_a_keeper_nothing_is_kept():
    checkpoint.keep(lambda file: pytest.fail("written"))
    assert checkpoint.kept() is None


def test_what_is_kept_is_found_inside_the_context():
    with checkpoint.kept_by(Keeper()):
        assert checkpoint.kept() is None
        checkpoint.keep(lambda file: None)
        assert checkpoint.kept() == Path("f")
    assert checkpoint.kept() is None


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), RuntimeError("write failed")])
def test_a_full_disk_costs_the_work_nothing_but_a_warning(fault):
    with reporting_to(heard := Listener()), checkpoint.kept_by(Keeper(fault)):
        checkpoint.keep(lambda file: None)
    ((line, level),) = heard.lines
    assert level == "warning" and str(fault) in line


def test_any_other_fault_is_one_of_the_module():
    with checkpoint.kept_by(Keeper(TypeError("x"))), pytest.raises(TypeError):
        checkpoint.keep(lambda file: None)
