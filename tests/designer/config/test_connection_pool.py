"""Which processes keep connections to which database."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections

from designer.config.connection_pool import keep_connections


@pytest.mark.parametrize(
    ("engine", "most", "kept"),
    [
        ("django.db.backends.postgresql", 32, 32),
        ("django.db.backends.postgresql", 0, None),
        ("django.db.backends.sqlite3", 32, None),
    ],
)
def test_a_web_process_keeps_connections_to_postgresql(
    monkeypatch: pytest.MonkeyPatch, settings: Any, engine: str, most: int, kept: int | None
) -> None:
    settings.EASEL_DATABASE_POOL = most
    monkeypatch.setitem(connections.settings, "default", {"ENGINE": engine, "OPTIONS": {"connect_timeout": 5}})
    keep_connections()
    options = connections.settings["default"]["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert options.get("pool", {}).get("max_size") == kept
