"""Whose pages may open a socket."""

from __future__ import annotations

from typing import Any

import pytest

from designer.workspaces.socket import same_origin


@pytest.mark.parametrize(
    ("origin", "host", "taken"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("https://127.0.0.1", "127.0.0.1", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://easel.example", "backend", True),
        ("http://localhost:3000", "localhost:8000", False),
        ("http://evil.example", "localhost:8000", False),
        ("http://evil.example", "evil.example", False),
        ("http://localhost:8000.evil.example", "localhost:8000", False),
        ("null", "localhost:8000", False),
        ("", "", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_only_pages_of_this_host(settings: Any, origin: str, host: str, taken: bool) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://easel.example"]
    assert same_origin({b"origin": origin.encode(), b"host": host.encode()}) is taken
