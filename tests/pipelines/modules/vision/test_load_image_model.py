"""Load Image Model."""

from pipelines.catalogue.discover import catalogue
from tests.support.module_runner import only

ID = "vision.load_image_model"


def test_it_is_the_saved_model():
    assert only(ID, {"model": "digits"}).classes == ("a", "b")
    assert catalogue().modules[ID].param("model").holds == "image_model"
