"""Notifies open windows of a document's changes, after they are stored. Only a hint: a window that misses one reads the database."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from designer.documents.repository import EditResult
from designer.http.channel_layer import log_throttled

CARRIED = 64 * 1024


def group(pipeline: str) -> str:
    """The channel group of a document's open windows."""
    return f"document.{pipeline}"


def edited(kept: EditResult, by: str = "") -> dict[str, Any]:
    """The message about an edit; each process reads a large edit from the database."""
    carried = kept.update if kept.update is not None and len(kept.update) <= CARRIED else None
    return {"type": "draft.edited", "revision": kept.revision, "update": carried, "by": by}


async def send(pipeline: str, message: dict[str, Any]) -> None:
    """Send to all windows of a document; the receivers detect a lost message."""
    try:
        layer: Any = get_channel_layer()
        await layer.group_send(group(pipeline), message)
    except Exception as fault:  # redis raises many kinds of error
        log_throttled("the windows of a pipeline are not told, and will ask", fault)


def announce(pipeline: str, message: dict[str, Any]) -> None:
    """`send` for synchronous code."""
    async_to_sync(send)(pipeline, message)
