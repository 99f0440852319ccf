"""What the API of environments takes and answers."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from rest_framework import serializers

from designer.http.openapi import Instant
from pipelines.flow import environments

BuildState = Literal["none", "waiting", "building", "built", "failed"]
NAME = r"^[a-z0-9][a-z0-9_-]{0,59}\Z"


class EnvironmentBuild(msgspec.Struct):
    """A build of an environment: for the sandbox a directory, for containers an image."""

    target: environments.Target
    state: BuildState
    why: str | None


class Environment(msgspec.Struct):
    """An environment; its state is `built` where one of its builds is, and `why` says why none is."""

    id: str
    workspace: str
    name: str
    requirements: list[str]
    created_at: Instant
    state: BuildState
    why: str | None
    started_at: Instant | None
    finished_at: Instant | None
    builds: list[EnvironmentBuild]


class BuildLog(msgspec.Struct):
    """A part of the log of an environment's builds; `next` is the `after` of what follows."""

    text: str
    next: int
    state: BuildState


class NewEnvironmentSerializer(serializers.Serializer[Any]):
    """A name for nodes to call it by, and packages, one a line."""

    name = serializers.RegexField(
        NAME, error_messages={"invalid": "Use up to 60 lowercase letters, digits, - and _, with a letter or digit first."}
    )
    requirements = serializers.CharField(allow_blank=True, max_length=20_000)
    workspace = serializers.CharField(required=False, allow_blank=True, max_length=64)
