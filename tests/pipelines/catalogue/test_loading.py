"""The modules that load saved values are made of the records of their kinds."""

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.help import help_of
from pipelines.catalogue.kind import kinds
from pipelines.catalogue.loading import loader_of
from pipelines.catalogue.palette import palette
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import Transform
from tests.support.module_runner import only

# Stored documents name them.
EARLIER = {
    "data.load_trained_model": ("Load Trained Model", "model", "model"),
    "data.load_transformation": ("Load Transformation", "transform", "transform"),
    "vision.load_image_model": ("Load Image Model", "model", "image_model"),
}
LOADED = {kind.loader.id: kind for kind in kinds().values() if kind.loader}


@pytest.mark.parametrize("id", EARLIER)
def test_documents_of_earlier_versions_find_modules_settings_and_ports(id):
    module, (title, name, kind) = catalogue().modules[id], EARLIER[id]
    assert (module.title, module.inputs, [param.name for param in module.params]) == (title, (), [name, "version"])
    assert [(port.name, port.kind) for port in module.outputs] == [(name, kind)]


@pytest.mark.parametrize("id", LOADED)
def test_a_record_makes_a_module(id):
    module, kind = catalogue().modules[id], LOADED[id]
    (output,), (saved, version) = module.outputs, module.params
    assert (module.loads, module.shelf.id, output.kind) == (kind.id, id.partition(".")[0], kind.id)
    assert (saved.kind, saved.holds, saved.required, version.kind, version.nullable) == (
        ParamKind.DATASET, kind.id, True, ParamKind.INTEGER, True,
    )  # fmt: skip
    assert saved.name == output.name
    with pytest.raises(ValueError, match="at least 1"):
        version.read(0)
    assert help_of(id).no_example == f"Save {kind.words} from the results of a run first; then choose it here."


def test_every_kind_that_is_fitted_is_loaded_somewhere():
    given = {port.kind for module in catalogue().modules.values() for port in module.outputs if not module.id.startswith("trial.")}
    made_by_hand = {"table", "report", "untrained_model", "image_network", "images", "bundle", "untrained_forecaster"}
    assert given - made_by_hand == {
        kind.id for kind in LOADED.values() if kind.id != "note"
    }  # a scoring graph is given by its loader alone


def test_the_canvas_is_told_what_can_be_saved():
    assert {kind.id for kind in palette().kinds if kind.savable} == {kind.id for kind in LOADED.values()}


def test_it_gives_the_saved_value():
    assert isinstance(only("data.load_transformation", {"transform": "scaling"}), Transform)


def test_a_kind_without_a_loader_is_not_loaded():
    with pytest.raises(TypeError, match="report cannot be saved"):
        loader_of(kinds()["report"], catalogue().modules["data.dataset"].shelf)
