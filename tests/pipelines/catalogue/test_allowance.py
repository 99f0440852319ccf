"""The memory that a running step may take."""

from pipelines.catalogue.allowance import OUTSIDE_A_STEP, memory_allowance, memory_allowed


def test_what_a_step_may_take_holds_inside_it():
    with memory_allowed(100):
        with memory_allowed(50):
            assert memory_allowance() == 50
        assert memory_allowance() == 100
    assert memory_allowance() == OUTSIDE_A_STEP
