"""`manage.py serve_endpoints`: a process that answers requests to endpoints. Any number may share a port, or stand behind a proxy."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from designer.endpoints.serving.server import serve


class Command(BaseCommand):
    """Serves until it is told to end."""

    help = "Serve published endpoints. Start it as often as there are processors; all may have the same port."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on; default: 127.0.0.1")
        parser.add_argument(
            "--port", type=int, default=settings.EASEL_SERVE_PORT, help="default: EASEL_SERVE_PORT, else the one after PORT"
        )
        parser.add_argument("--grace", type=int, default=5, help="seconds to finish requests when told to end; default: 5")

    def handle(self, *args: Any, host: str, port: int, grace: int, **options: Any) -> None:
        serve(host, port, grace)
