"""The API of lineage."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.lineage import queries, schemas
from designer.workspaces.endpoint import Endpoint, queried


class Lineage(Endpoint):
    """What a thing is made of, and what depends on it."""

    actions: ClassVar = {"get": "lineage.see"}

    @extend_schema(parameters=[schemas.LineageSerializer], responses=schemas.Lineage)
    def get(self, request: Request) -> Response:
        asked = queried(schemas.LineageSerializer, request)
        found = queries.lineage(
            self.person, self.action, asked["of"], asked.get("column"), asked["direction"], asked["depth"], asked.get("workspace")
        )
        return Response(found)
