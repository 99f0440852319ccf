"""A workspace with one person of each role, and one who is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from designer.datasets import ingest, reader
from designer.datasets.parsing.parse import DEFAULT, Options, parse
from designer.documents import repository, services
from designer.documents.models import Pipeline
from designer.http import rate_limits
from designer.scoring import deriving, tasks
from designer.workspaces.models import Membership, Workspace
from designer.workspaces.people import make_person, make_workspace

ROLES = ("viewer", "editor", "admin", "owner")


@dataclass
class Team:
    """Who is there."""

    workspace: Workspace
    people: dict[str, User] = field(default_factory=dict)

    def client(self, who: str) -> APIClient:
        """A signed-in browser."""
        client = APIClient()
        client.force_login(self.people[who])
        return client


@pytest.fixture(autouse=True)
def _no_drafts_of_earlier_tests() -> Iterator[None]:
    """A rolled-back database must not meet drafts that remember more."""
    repository._open.clear()
    yield
    repository._open.clear()


@pytest.fixture(autouse=True)
def _no_counts_of_earlier_tests() -> None:
    """The people of all tests have the same numbers."""
    rate_limits.reset()


@pytest.fixture(autouse=True)
def _no_worker_for_scoring_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker derives is derived at once."""
    monkeypatch.setattr(deriving, "enqueue_derivation", tasks.derive)


@pytest.fixture(autouse=True)
def _files_are_parsed_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of its own takes half a second; test_parser_process.py has it."""

    def read(file: Path, format_: str, out: Path, options: Options = DEFAULT) -> Any:
        return parse(file, format_, out, options=options).as_json()

    monkeypatch.setattr(ingest, "parse_in_child", read)
    monkeypatch.setattr(reader, "parse_in_child", read)


def make_team() -> Team:
    people = {role: make_person(f"{role}@example.org", name=role.title()) for role in (*ROLES, "foreign")}
    workspace = make_workspace("Team", people["owner"])
    for role in ROLES[:-1]:
        Membership.objects.create(workspace=workspace, user=people[role], role=role)
    make_workspace("Elsewhere", people["foreign"])
    return Team(workspace, people)


@pytest.fixture
def team(db: None) -> Team:
    return make_team()


@pytest.fixture
def pipeline(team: Team) -> Pipeline:
    return services.make(team.workspace, team.people["editor"], "Cars")
