"""The OpenAPI schema, for signed-in users."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.renderers import OpenApiJsonRenderer2
from drf_spectacular.views import SpectacularAPIView

from designer.workspaces.endpoint import Endpoint


class Schema(SpectacularAPIView, Endpoint):
    """The API's own description."""

    actions: ClassVar = {"get": "schema.see"}
    http_method_names = ["get", "head"]
    takes_any_query = True  # its base reads some, such as format
    renderer_classes = [OpenApiJsonRenderer2]
