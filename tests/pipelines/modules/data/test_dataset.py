"""Dataset."""

from tests.support.module_runner import dataset, only


def test_it_gives_the_data_sets_rows():
    assert only("data.dataset", {"dataset": "automobile_price"}).frame.equals(dataset("automobile_price").frame)
