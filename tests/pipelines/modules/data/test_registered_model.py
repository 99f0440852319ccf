"""Registered Model."""

from pipelines.catalogue.discover import catalogue, registrable_kinds
from pipelines.catalogue.params import ParamKind
from tests.pipelines.modules.examples import Example, value_of
from tests.support.module_runner import run

EXAMPLE = Example({"model": "line"})


def test_it_gives_the_model_that_the_engine_has_read():
    assert run("data.registered_model", {"model": "line", "version": "champion"})["model"] is value_of("model")


def test_its_settings_name_a_model_of_the_registry():
    model, version = catalogue().modules["data.registered_model"].params
    assert (model.kind, model.holds, model.registered, model.required) == (ParamKind.DATASET, "model", True, True)
    assert (version.kind, version.nullable) == (ParamKind.MODEL_VERSION, True)
    assert registrable_kinds() == {"model"}
