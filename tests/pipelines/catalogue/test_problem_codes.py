"""The errors of a module, from its code; tests/designer/site/test_problem_codes.py tests how sentences are read."""

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.problem_codes import raised_by


def errors(id):
    return raised_by(catalogue().modules[id])


def test_a_module_has_its_own_errors_first_and_those_of_the_code_it_uses():
    found = errors("forecasting.prepare_time_series")
    assert found[0].file == "pipelines.modules.forecasting.prepare_time_series"
    assert {"reserved_name", "unknown_column", "no_frequency"} <= {entry.code for entry in found}
    assert all(entry.words for entry in found)
    assert {"reserved_name", "not_two_classes", "cannot_learn"} <= {entry.code for entry in errors("training.train_model")}


def test_errors_of_code_beside_it_are_not_its_own():
    assert "reserved_name" not in {entry.code for entry in errors("transform.join")}
    assert [entry.code for entry in errors("classification.two_class_boosted_trees")] == []


def test_no_sentence_is_repeated():
    found = [(entry.code, entry.words) for entry in errors("script.python")]
    assert len(found) == len(set(found))
