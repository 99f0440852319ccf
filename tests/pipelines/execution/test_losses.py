"""A step is started again after a death or two, but not into the same wall."""

from pipelines.execution.losses import give_up_reason


def test_a_small_step_is_started_again_twice():
    assert [give_up_reason("n", losses, None) is None for losses in (1, 2, 3)] == [True, True, False]
    assert give_up_reason("n", 3, None).code == "worker_lost"


def test_a_large_step_is_not_started_again():
    problem = give_up_reason("n", 1, 12 * 1024**3)
    assert (problem.code, problem.node) == ("out_of_memory", "n")
    assert problem.words == "The worker stopped while this step used 12 GB of memory; the machine probably ran out of memory."
