"""All websocket addresses. A test walks them: each has its row in the permission table."""

from typing import Any

from django.urls import path

from designer.documents.consumer import DocumentConsumer
from designer.runs.consumer import RunConsumer
from designer.workspaces.socket import WatchedConsumer


def _socket(address: str, consumer: type[WatchedConsumer]) -> Any:
    application: Any = consumer.as_asgi()
    return path(address, application)


routes: list[Any] = [
    _socket("ws/pipelines/<str:pipeline>/", DocumentConsumer),
    _socket("ws/runs/<str:run>/", RunConsumer),
]
