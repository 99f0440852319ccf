"""The table of rate limits."""

from __future__ import annotations

import pytest

from designer.rate_table import DEFAULTS, table


def test_every_default_can_be_read() -> None:
    assert set(table()) == set(DEFAULTS)


def test_single_limits_are_changed_and_switched_off() -> None:
    found = table(" run.start = 5/minute , upload=off,")
    assert (found["run.start"].amount, found["run.start"].get_expiry()) == (5, 60)
    assert "upload" not in found and found["download"].amount == table()["download"].amount


@pytest.mark.parametrize(
    ("changes", "words"), [("runs=5/minute", "names 'runs', which is not a limit"), ("upload=many", "sets upload to 'many'")]
)
def test_what_cannot_be_read_names_the_limit_and_the_remedy(changes: str, words: str) -> None:
    with pytest.raises(ValueError, match=r"The limits are|Use a form such as") as found:
        table(changes)
    assert words in str(found.value)
