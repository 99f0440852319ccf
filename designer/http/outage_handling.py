"""Handling of a database outage or a full disk: one log line, and a websocket close code that means "try again"."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import SuspiciousOperation

from designer.http.outages import outage_of

log = logging.getLogger(__name__)
TRY_AGAIN_LATER = 1013


class OneLine(logging.Filter):
    """Logs outages and refused requests in one line: the traceback adds nothing, and any client could fill the log with it."""

    def filter(self, record: logging.LogRecord) -> bool:
        fault = record.exc_info[1] if record.exc_info else None
        if isinstance(fault, SuspiciousOperation):
            record.exc_info = None
        elif found := outage_of(fault):
            cause = (str(fault).strip() or type(fault).__name__).splitlines()[0]
            record.msg, record.args = f"{record.getMessage()}: {found.words} ({cause})", ()
            record.exc_info = None
        return True


class Outages:
    """ASGI middleware: a socket that meets an outage is closed with 1013, after which browsers reconnect later.

    It is accepted before it is closed: browsers see the code only then.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        asked = accepted = False

        async def heard() -> Any:
            nonlocal asked
            message = await receive()
            asked = True
            return message

        async def noted(message: dict[str, Any]) -> None:
            nonlocal accepted
            accepted = accepted or message["type"] == "websocket.accept"
            await send(message)

        try:
            await self.application(scope, heard, noted)
        except Exception as fault:
            found = outage_of(fault)
            if found is None:
                raise
            log.warning("%s was closed", scope["path"], exc_info=fault)
            if not asked:
                await receive()
            if not accepted:
                await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": TRY_AGAIN_LATER, "reason": found.words})
