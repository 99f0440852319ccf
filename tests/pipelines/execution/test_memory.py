"""A step's memory is measured, and what one may take is foretold from what others took."""

import numpy as np

from pipelines.execution import memory
from pipelines.execution.memory import SMALL, Peak, available_bytes, estimate, fair_bytes, in_words, machine_bytes, step_bytes

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


def test_a_step_may_take_half_of_the_machine_and_its_share_when_memory_is_scarce(monkeypatch):
    assert 0 < available_bytes() < machine_bytes()
    monkeypatch.setattr(memory, "machine_bytes", lambda: 1000)
    assert (step_bytes(), fair_bytes(2), fair_bytes(0)) == (500, 375, 750)


def test_what_is_available_in_a_container_is_its_limit_less_what_it_uses_and_cannot_drop(monkeypatch, tmp_path):
    for name, text in {"max": "5000000", "current": "4000000", "stat": "anon 1\ninactive_file 500000\n"}.items():
        (tmp_path / name).write_text(text)
    files = tuple(str(tmp_path / name) for name in ("max", "current", "stat"))
    monkeypatch.setattr(memory, "CGROUPS", ((*files, "inactive_file"), ("/none", "/none", "/none", "x")))
    assert available_bytes() == 1_500_000
    (tmp_path / "max").write_text("max")
    assert available_bytes() > 5_000_000
