"""A step's memory is measured, and what one may take is foretold from what others took."""

import numpy as np

from pipelines.execution.memory import SMALL, Peak, estimate, in_words, machine_bytes

MB = 1024**2


def test_the_growth_of_a_process_is_measured_though_it_shrank_again():
    peak = Peak()
    block = np.ones(200 * MB, dtype=np.uint8)
    del block
    assert 150 * MB < peak.bytes() < 260 * MB
    assert Peak().bytes() < 50 * MB


def test_a_mapped_file_does_not_count(tmp_path):
    file = tmp_path / "large"
    file.write_bytes(b"x" * (100 * MB))
    peak = Peak()
    mapped = np.memmap(file, dtype=np.uint8, mode="r")
    assert int(mapped.sum()) == 100 * MB * ord("x")
    assert peak.bytes() < 50 * MB


def test_an_estimate_is_the_largest_scaled_to_what_arrives():
    past = [(100 * MB, 50 * MB), (90 * MB, 100 * MB)]
    assert estimate(past, 200 * MB) == 400 * MB
    assert estimate(past, 10 * MB) == 100 * MB, "less than before is no promise"
    assert estimate([(5 * MB, 1000)], SMALL) == 5 * MB, "small steps are not blown up"
    assert estimate([], MB) is None


def test_the_machine_has_some_memory_and_sizes_read_well():
    assert machine_bytes() > 256 * MB
    assert [in_words(size) for size in (10, 2048, 5 * MB, 1023 * MB, 3 * 1024**3 // 2)] == ["1 kB", "2 kB", "5 MB", "1,023 MB", "1.5 GB"]
