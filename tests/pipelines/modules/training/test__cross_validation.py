"""What folds say together."""

from __future__ import annotations

from pipelines.modules.training._cross_validation import _say_once


def test_lines_of_folds_that_differ_in_counts_alone_are_said_once(notes: list[str]) -> None:
    folds = [
        {"log": [("“x1”: 5 of 1,000 values are odd.", "warning"), ("“x1” was left out.", "warning"), ("Ready.", "info")]},
        {"log": [("“x1”: 7 of 1,001 values are odd.", "warning"), ("“x2” was left out.", "warning"), ("Ready.", "info")]},
    ]
    _say_once(folds)
    assert notes == [
        "In 2 of 2 folds, in the first of them: “x1”: 5 of 1,000 values are odd.",
        "In 1 of 2 folds: “x1” was left out.",
        "Ready.",
        "In 1 of 2 folds: “x2” was left out.",
    ]
