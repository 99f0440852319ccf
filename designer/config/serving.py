"""What a web process serves: the ASGI application, with the scheduler beside it. Programs that only import the application schedule nothing."""

from __future__ import annotations

from designer.config.asgi import application
from designer.schedules.scheduler import Scheduler

__all__ = ["application"]

Scheduler().start()
