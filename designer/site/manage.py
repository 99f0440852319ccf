"""Django's command line, with a sentence in place of a traceback when a part of the installation is away."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError

from designer.http.outages import explained


def execute(arguments: Sequence[str]) -> None:
    """Execute a command; this process exits when the command fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")
    try:
        execute_from_command_line(list(arguments))
    except (OperationalError, InterfaceError, OSError) as fault:
        if (why := explained(fault)) is None:
            raise
        sys.exit(why)
