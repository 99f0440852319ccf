"""Browsers of the team's people, and a way to upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from designer.workspaces.models import Workspace
from pipelines import flow
from tests.designer.conftest import Team

Send = Callable[..., Any]


@pytest.fixture
def workspace(team: Team) -> Workspace:
    return team.workspace


@pytest.fixture
def client(team: Team) -> APIClient:
    return team.client("editor")


@pytest.fixture
def viewer(team: Team) -> APIClient:
    return team.client("viewer")


@pytest.fixture
def stranger(team: Team) -> APIClient:
    return team.client("foreign")


@pytest.fixture
def send(client: APIClient, workspace: Workspace) -> Send:
    """Upload bytes under a file name."""

    def upload(content: bytes, file_name: str = "cars.csv", to: str = "/api/datasets/", by: APIClient = client, **fields: str) -> Any:
        data = {"file": SimpleUploadedFile(file_name, content), **fields}
        if to == "/api/datasets/":
            data.setdefault("workspace", workspace.pk)
        return by.post(to, data, format="multipart")

    return upload


@pytest.fixture
def scratch(workspace: Workspace) -> Callable[[], list[str]]:
    """What lies in the workspace's scratch folder."""
    folder = flow.store(workspace.pk).scratch().parent
    return lambda: sorted(file.name for file in folder.iterdir())
