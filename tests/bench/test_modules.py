"""The plain calls beside which modules are measured do the same job: on a few rows they return the same."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import Table
from tests.bench.module_baselines.case import Case, cases, reasons
from tests.bench.modules import missing, prepared, summary

ROWS = 1000
FAST = ("transform", "statistics")  # shelves; learners are compared with libraries by tests/pipelines/modules
COMPARED = [
    pytest.param(case, marks=() if case.module.startswith(FAST) else pytest.mark.slow, id=case.name)
    for case in cases()
    if case.ours is None
]


@pytest.mark.parametrize("case", COMPARED)
def test_the_plain_call_returns_the_same(case: Case) -> None:
    if not catalogue().modules[case.module].is_installed:
        pytest.skip("its extra is not installed")
    ours, plain = (work() for work in prepared(case, ROWS))
    for found, wanted in zip(ours.values(), plain if isinstance(plain, tuple) else (plain,), strict=False):
        same(found, wanted, case.tolerance)


def same(found: Any, wanted: Any, tolerance: float) -> None:
    if wanted is None:
        return
    if isinstance(wanted, pl.DataFrame):
        assert isinstance(found, Table)
        assert_frame_equal(found.frame, wanted, check_dtypes=False, check_exact=False, rel_tol=tolerance, abs_tol=tolerance)
    else:
        np.testing.assert_allclose(found, wanted, rtol=tolerance, atol=tolerance)


def test_a_module_is_compared_or_has_a_reason_not_to_be() -> None:
    compared = {case.module for case in cases()}
    assert not compared & set(reasons())
    assert compared | set(reasons()) <= set(catalogue().modules)
    assert not missing() & (compared | set(reasons()))


def test_the_summary_is_of_nine_in_ten() -> None:
    figures = {f"module_ratio m{at}": float(at) for at in range(1, 11)}
    assert summary(figures) == {"modules_ratio_p90": 9.0, "modules_ratio_worst": 10.0}
