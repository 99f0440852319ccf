"""Trials end at the deadline of their search, and leave room for others."""

import pytest
from threadpoolctl import threadpool_info

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import until
from pipelines.modules.training._deadline import UntilDeadline, require_time, threads


def test_a_trial_ends_at_the_deadline_or_before_what_would_end_after_it():
    require_time(1e9)  # without a deadline
    with until(100.0):
        require_time(50.0)
        with pytest.raises(ModuleError) as wrong:
            require_time(200.0)
    assert wrong.value.code == "time_over" and wrong.value.remedy
    with until(-1.0), pytest.raises(ModuleError):
        UntilDeadline().progress(1, 2, "")


def test_numeric_libraries_use_the_threads_that_they_may():
    before = [each["num_threads"] for each in threadpool_info()]
    with threads(1):
        assert {each["num_threads"] for each in threadpool_info()} == {1}
    with threads(None):
        assert [each["num_threads"] for each in threadpool_info()] == before
