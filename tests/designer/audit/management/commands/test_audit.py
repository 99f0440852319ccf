"""`manage.py audit`."""

from __future__ import annotations

import io
import json

import pytest
from django.core.management import CommandError, call_command

from designer.audit import trail


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("audit", *options, stdout=out)
    return out.getvalue()


@pytest.mark.slow
def test_the_whole_installation_is_printed(db: None) -> None:
    trail.record(trail.Draft("run.start", workspace="a", user_name="ann@example.org"))
    trail.record(trail.Draft("run.start", workspace="b"), 403)
    lines = [json.loads(line) for line in said().splitlines()]
    assert [(line["who"], line["workspace"], line["outcome"]) for line in lines] == [
        ("ann@example.org", "a", "allowed"),
        ("", "b", "refused"),
    ]
    assert len(said("--workspace", "a").splitlines()) == 1 and len(said("--outcome", "refused").splitlines()) == 1
    assert [line.split(",")[4] for line in said("--as", "csv").splitlines()] == ["action", "run.start", "run.start"]


def test_a_mistake_is_a_sentence(db: None) -> None:
    with pytest.raises(CommandError, match=r"“since” must be a date or a time, not 'monday'\. Use a format such as"):
        said("--since", "monday")
