"""A report that people's code left is shown only in the form that the canvas knows."""

import msgspec
import pytest

from pipelines.catalogue.kind import kinds
from pipelines.execution.targets.reports import MOST_BYTES, check
from tests.pipelines.modules.examples import MADE, cars, trained
from tests.support.module_runner import only

GOOD = [
    {
        "type": "figures",
        "title": "F",
        "columns": [{"key": "a", "title": "a", "better": None}],
        "rows": [{"name": "main", "values": {"a": 1}}],
    },
    {"type": "chart", "title": "C", "description": "", "spec": {"mark": "bar"}},
    {"type": "picture", "title": "P", "image": "data:image/png;base64,iVBORw0KGgo="},
    {"type": "table", "title": "T", "columns": ["a", "b", "c", "d"], "rows": [[1, "x", None, True]]},
]


def report(*blocks):
    return msgspec.json.encode({"title": "", "blocks": blocks, "metrics": [{"name": "main", "metrics": {"a": None}}]})


def test_what_a_script_may_show():
    check(report(*GOOD))


def test_every_report_of_easels_own_modules_may_come_from_inside():
    """A step that loads a model of a script is isolated too, and so its report comes from inside."""
    classes = only(
        "training.train_model", {"label": "diesel"}, untrained=only("classification.two_class_logistic_regression"), table=cars()
    )
    scored = only("scoring.score_model", model=classes, table=cars())
    images = kinds()["images"].report(MADE["images"]())
    for made in (trained().report, classes.report, only("evaluation.evaluate_model", scored=scored), images):
        assert len(made.blocks) > 1
        check(msgspec.json.encode({"title": made.title, "blocks": made.blocks, "metrics": made.metrics}))


@pytest.mark.parametrize(
    "text",
    [
        report({"type": "picture", "title": "P", "image": "https://example.org/seen.png"}),
        report({"type": "picture", "title": "P", "image": "data:image/svg+xml;base64,PHN2Zz4="}),
        report(
            {
                "type": "pictures",
                "title": "P",
                "pictures": [{"image": "data:image/gif;base64,R0lGODlh", "name": "n", "label": None, "size": ""}],
            }
        ),
        report({"type": "chart", "title": "C", "description": "", "spec": "mark"}),
        report({"type": "table", "title": "T", "columns": ["a"], "rows": [[{"a": 1}]]}),
        report({"type": "figures", "title": "F", "columns": [], "rows": [{"name": "m", "values": {}, "intervals": {"a": "wide"}}]}),
        report({"type": "threshold", "title": "T", "models": [{"name": "m"}]}),
        report({"type": "else", "title": "E"}),
        report(*GOOD[:1] * (MOST_BYTES // 100)),
        b"[]",
        b"not JSON",
    ],
)
def test_what_it_may_not(text):
    with pytest.raises(ValueError):
        check(text)
