"""Patience with the database: what a step has computed may have taken hours, so a short outage is waited out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE_SECONDS = 15.0  # shorter than a lease
RETRY_SECONDS = 0.2


def patiently(do: Callable[[], T], failed: Callable[[], None] = lambda: None) -> T:
    """Use the database, again and again while it is away.

    Args:
        do: Uses it.
        failed: Called after each failure, before the next attempt.

    Returns:
        What `do` returns.
    """
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return do()
        except (OperationalError, InterfaceError) as fault:
            if time.monotonic() > give_up:
                raise
            log.warning("the database is away, and asked again: %s", fault)
            connection.close()
            time.sleep(RETRY_SECONDS)
            failed()
