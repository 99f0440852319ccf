"""How much memory a step may hold, and how much it will probably need."""

from pipelines.execution import memory
from pipelines.execution.memory import SMALL, estimate, fair_bytes, in_words, step_bytes

MB = 1024**2


def test_an_estimate_is_the_largest_scaled_to_what_arrives():
    past = [(100 * MB, 50 * MB), (90 * MB, 100 * MB)]
    assert estimate(past, 200 * MB) == 400 * MB
    assert estimate(past, 10 * MB) == 100 * MB, "less than before is no promise"
    assert estimate([(5 * MB, 1000)], SMALL) == 5 * MB, "small steps are not blown up"
    assert estimate([], MB) is None


def test_sizes_read_well():
    assert [in_words(size) for size in (10, 2048, 5 * MB, 1023 * MB, 3 * 1024**3 // 2)] == ["1 kB", "2 kB", "5 MB", "1,023 MB", "1.5 GB"]


def test_a_step_may_take_half_of_the_machine_and_its_share_when_memory_is_scarce(monkeypatch):
    monkeypatch.setattr(memory, "machine_bytes", lambda: 1000)
    assert (step_bytes(), fair_bytes(2), fair_bytes(0)) == (500, 375, 750)
