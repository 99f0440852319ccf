"""What a worker's processes did is summed over those that live and those that died."""

import os
import signal

import billiard
import pytest

from pipelines.runtime.telemetry import counters


def grown(before):
    return {name: value - before[name] for name, value in counters.total().items() if value != before[name]}


def work(times, die=False):
    for _ in range(times):
        counters.add("done")
    if die:
        os.kill(os.getpid(), signal.SIGKILL)


def child(index, *arguments):
    process = billiard.context.ForkProcess(target=work, args=arguments)
    process.index = index
    process.start()
    return process


def test_children_count_into_the_memory_of_their_parent():
    before = counters.total()
    counters.add("lost")
    children = [child(0, 1000), child(1, 500, True)]
    for one in children:
        one.join()
    child(1, 5).join()  # who takes the dead one's place counts on
    assert grown(before) == {"lost": 1, "done": 1505}


@pytest.mark.parametrize(("seconds", "bucket"), [(0.001, "0.005"), (0.005, "0.005"), (0.3, "0.5"), (9000, "inf")])
def test_a_time_goes_into_the_bucket_that_holds_it(seconds, bucket):
    before = counters.total()
    counters.add_seconds(seconds)
    assert grown(before) == pytest.approx({f"seconds_up_to_{bucket}": 1, "seconds_sum": seconds})
