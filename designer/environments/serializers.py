"""What the API of environments takes and gives."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from designer.environments.services import STATES
from pipelines.flow import environments

BUILD_STATES = [(state, state) for state in STATES]
TARGETS = [(target, target) for target in environments.Target]
NAME = r"^[a-z0-9][a-z0-9_-]{0,59}\Z"


class EnvironmentBuildSerializer(serializers.Serializer[Any]):
    """A build of an environment: for the sandbox a directory, for containers an image."""

    target = serializers.ChoiceField(TARGETS)
    state = serializers.ChoiceField(BUILD_STATES)
    why = serializers.CharField(allow_null=True)


class EnvironmentSerializer(serializers.Serializer[Any]):
    """An environment; its state is `built` where one of its builds is, and `why` says why none is."""

    id = serializers.CharField()
    workspace = serializers.CharField()
    name = serializers.CharField()
    requirements = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    state = serializers.ChoiceField(BUILD_STATES)
    why = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    builds = EnvironmentBuildSerializer(many=True)


class NewEnvironmentSerializer(serializers.Serializer[Any]):
    """A name for nodes to call it by, and packages, one a line."""

    name = serializers.RegexField(NAME, error_messages={"invalid": "Use at most 60 small letters, digits, - and _."})
    requirements = serializers.CharField(allow_blank=True, max_length=20_000)
    workspace = serializers.CharField(required=False, allow_blank=True, max_length=64)


class BuildLogSerializer(serializers.Serializer[Any]):
    """A part of the log of an environment's builds; `next` is the `after` of what follows."""

    text = serializers.CharField(allow_blank=True)
    next = serializers.IntegerField()
    state = serializers.ChoiceField(BUILD_STATES)
