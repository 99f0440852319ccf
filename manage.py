#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError

from designer.http.outages import explained

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, InterfaceError, OSError) as fault:
        if (why := explained(fault)) is None:
            raise
        sys.exit(why)
