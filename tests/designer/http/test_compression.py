"""Compressed JSON answers."""

from __future__ import annotations

import gzip
import json

from tests.designer.conftest import Team


def test_a_large_json_answer_is_compressed_for_who_takes_it(team: Team) -> None:
    client = team.client("viewer")
    plain = client.get("/api/modules/")
    packed = client.get("/api/modules/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
    assert json.loads(gzip.decompress(packed.content)) == plain.json()
    assert len(packed.content) < len(plain.content) / 3


def test_a_page_is_left_as_it_is(team: Team) -> None:
    assert "Content-Encoding" not in team.client("viewer").get("/sign-in", headers={"Accept-Encoding": "gzip"}).headers
