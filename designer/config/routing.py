"""All websocket routes. A test requires a row in the permission table for each."""

from typing import Any

from django.urls import path, re_path

from designer.documents.consumer import DocumentConsumer
from designer.runs.consumer import RunConsumer
from designer.workspaces.consumer_base import NOT_HERE, WatchedConsumer


def _socket(address: str, consumer: type[WatchedConsumer]) -> Any:
    application: Any = consumer.as_asgi()
    return path(address, application)


routes: list[Any] = [
    _socket("ws/pipelines/<str:pipeline>/", DocumentConsumer),
    _socket("ws/runs/<str:run>/", RunConsumer),
]


async def _nowhere(scope: Any, receive: Any, send: Any) -> Any:
    """Reject an unknown path. The socket is accepted before it is closed: browsers see the code only then."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": NOT_HERE})


_any_address: Any = _nowhere
elsewhere: Any = re_path("", _any_address)
