"""Load Trained Model."""

from tests.pipelines.modules.examples import trained
from tests.support.module_runner import only


def test_it_is_the_saved_model():
    assert only("data.load_trained_model", {"model": "prices"}) is trained()
