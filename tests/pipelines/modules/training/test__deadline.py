"""Trials end at the deadline of their search, and leave room for others."""

import pytest
from threadpoolctl import threadpool_info

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import until
from pipelines.catalogue.reporting import log, reporting_to
from pipelines.modelling.boosting import KEPT, TimeOver
from pipelines.modules.training._deadline import UntilDeadline, limited, require_time, threads


def test_a_trial_ends_at_the_deadline_or_before_what_would_end_after_it():
    require_time(1e9)  # without a deadline
    with until(100.0):
        require_time(50.0)
        with pytest.raises(ModuleError) as wrong:
            require_time(200.0)
    assert wrong.value.code == "time_over" and wrong.value.remedy
    with until(-1.0), pytest.raises(ModuleError):
        UntilDeadline().progress(1, 2, "")


def test_trees_are_kept_where_a_trial_says_so():
    with until(-1.0), reporting_to(told := UntilDeadline(keeps_trees=True)):
        with pytest.raises(TimeOver):
            told.progress(1, 2, "")
        assert told.kept is None
        for trees in (7, 5):
            log("The time was over.", figures={KEPT: trees})
    assert told.kept == 5


def test_a_trial_has_a_limit_of_its_own():
    with limited(None) as own:
        require_time()
    assert not own
    with until(5.0), limited(9.0) as own:
        require_time(4.0)
    assert not own
    with pytest.raises(ModuleError) as wrong, until(5.0), limited(1.0) as own:
        require_time(2.0)
    assert own and wrong.value.code == "trial_too_long" and wrong.value.param == "trial_seconds"
    with pytest.raises(ModuleError) as wrong, limited(1.0):
        raise ModuleError("other", "Something else.")
    assert wrong.value.code == "other"


def test_numeric_libraries_use_the_threads_that_they_may():
    before = [each["num_threads"] for each in threadpool_info()]
    with threads(1):
        assert {each["num_threads"] for each in threadpool_info()} == {1}
    with threads(None):
        assert [each["num_threads"] for each in threadpool_info()] == before
