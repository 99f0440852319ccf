"""Print the palette as JSON: `python manage.py palette > tests/pipelines/catalogue/palette.json`."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from django.core.management.base import BaseCommand

from pipelines.catalogue.palette import palette


class Command(BaseCommand):
    """Prints all shelves and modules as the canvas receives them, for the snapshot and for tests of the canvas."""

    help = "Print the palette as JSON."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        found = palette()
        for module in found.modules:
            if module.extra:
                module.extra.installed = True  # the same on every machine
        self.stdout.write(json.dumps(msgspec.to_builtins(found), indent=1, ensure_ascii=False))
