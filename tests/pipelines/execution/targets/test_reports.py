"""A report that people's code left is shown only in the form that the canvas knows."""

import msgspec
import pytest

from pipelines.execution.targets.reports import MOST_BYTES, check

GOOD = [
    {
        "type": "figures",
        "title": "F",
        "columns": [{"key": "a", "title": "a", "better": None}],
        "rows": [{"name": "main", "values": {"a": 1}}],
    },
    {"type": "chart", "title": "C", "description": "", "spec": {"mark": "bar"}},
    {"type": "picture", "title": "P", "image": "data:image/png;base64,iVBORw0KGgo="},
]


def report(*blocks):
    return msgspec.json.encode({"title": "", "blocks": blocks, "metrics": [{"name": "main", "metrics": {"a": None}}]})


def test_what_a_script_may_show():
    check(report(*GOOD))


@pytest.mark.parametrize(
    "text",
    [
        report({"type": "picture", "title": "P", "image": "https://example.org/seen.png"}),
        report({"type": "picture", "title": "P", "image": "data:image/svg+xml;base64,PHN2Zz4="}),
        report({"type": "chart", "title": "C", "description": "", "spec": "mark"}),
        report({"type": "else", "title": "E"}),
        report(*GOOD[:1] * (MOST_BYTES // 100)),
        b"[]",
        b"not JSON",
    ],
)
def test_what_it_may_not(text):
    with pytest.raises(ValueError):
        check(text)
