"""Load Transformation."""

from tests.support.module_runner import only


def test_it_is_the_saved_transformation():
    assert only("data.load_transformation", {"transform": "scaling"}).name == "normalize"
