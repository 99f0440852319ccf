"""Work for several columns at a time looks like a loop: results, log lines and errors in the order of the items."""

from threading import Barrier, current_thread

import polars as pl
import pytest

from pipelines.catalogue.reporting import log
from pipelines.modelling.parallel import FEWEST_ROWS, parallel_map

pytestmark = pytest.mark.parametrize("rows", [FEWEST_ROWS, FEWEST_ROWS - 1], ids=["threads", "loop"])


@pytest.fixture(autouse=True)
def _two_threads(monkeypatch):
    monkeypatch.setattr(pl, "thread_pool_size", lambda: 2)


def told(item):
    log(f"item {item}")
    if item == 3:
        raise ValueError(item)
    return item * 10


def test_results_and_lines_are_in_the_order_of_the_items(rows, notes):
    assert list(parallel_map(told, [2, 0, 1], rows)) == [20, 0, 10]
    assert notes == ["item 2", "item 0", "item 1"]


def test_the_first_error_ends_it_after_the_lines_before(rows, notes):
    found = parallel_map(told, [1, 3, 2, 3], rows)
    assert next(found) == 10
    with pytest.raises(ValueError, match="3"):
        next(found)
    assert notes == ["item 1", "item 3"]


def test_threads_work_at_the_same_time(rows):
    both = Barrier(2, timeout=60 if rows == FEWEST_ROWS else 0.01)

    def work(item):
        if rows == FEWEST_ROWS:
            both.wait()
        return current_thread().name

    assert (len(set(parallel_map(work, [1, 2], rows))) == 2) is (rows == FEWEST_ROWS)


def test_nothing_gives_nothing(rows):
    assert list(parallel_map(told, [], rows)) == []
