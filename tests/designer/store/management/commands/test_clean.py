"""`manage.py clean`."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from pipelines.models import Result, Run
from tests.designer.conftest import Team
from tests.support.graph_builder import chain
from tests.support.ledger_driver import run


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command("clean", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def old(team: Team) -> Run:
    it = run(chain(1), team.workspace.pk)
    past = timezone.now() - timedelta(days=8)
    Run.objects.update(finished_at=past)
    Result.objects.update(created_at=past)
    return it


def test_a_dry_run_prints_what_would_go(team: Team, old: Run) -> None:
    line = next(line for line in said("--dry-run", "--older-than", "7").splitlines() if line.startswith("Team"))
    assert "1 runs, 2 results and 0 files of 0 kB would be deleted; 1 files of" in line and "are deleted once unused for 3,600 s" in line
    assert Run.objects.count() == 1


def test_without_a_retention_nothing_of_runs_goes(old: Run) -> None:
    assert ": 0 runs, 0 results" in said()
    assert Run.objects.count() == 1


def test_of_one_workspace_alone(team: Team, old: Run) -> None:
    lines = said("--older-than", "7", "--grace", "0", "--workspace", team.workspace.pk).splitlines()
    assert len(lines) == 1 and "1 runs, 2 results and 1 files" in lines[0]
    assert not Run.objects.exists()


@pytest.mark.parametrize("wrong", [["--workspace", "nowhere"], ["--older-than", "-1"], ["--grace", "-1"]])
def test_what_cannot_be_is_said(db: None, wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        said(*wrong)
