"""What a function's code uses, by name."""

from pipelines.catalogue.used_code import bindings, used_code

FILTER = "pipelines.modules.transform.filter_rows"


def test_names_are_followed_into_other_files():
    found = used_code(FILTER, "filter_rows")
    assert (FILTER, "filter_rows") in found and ("pipelines.catalogue.columns", "require") in found
    assert ("pipelines.catalogue.errors", "ModuleError") in found


def test_what_a_file_has_beside_is_not_used():
    found = {name for file, name in used_code("pipelines.modules.classification.one_vs_all", "one_vs_all") if file.endswith("learner")}
    assert "of_two_classes" in found and "learner" not in found, "decorators do not count"


def test_what_a_package_finds_by_itself_is_used_with_it():
    assert ("pipelines.modelling.tasks.two_class", "TASK") in used_code("pipelines.modelling.tasks", "tasks")


def test_names_are_bound_by_functions_classes_and_assignments():
    assert {"Used", "used_code", "_imports"} <= bindings("pipelines.catalogue.used_code").keys()
