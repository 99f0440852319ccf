"""Forms of estimators, made from the constraints of their parameters."""

import pytest

from pipelines.modelling.constraints import LEFT_OUT, as_json, forms
from pipelines.modelling.estimators import FORMS, estimators_of, parameters_of

KINDS = ("classifier", "regressor")


@pytest.mark.parametrize("kind", KINDS)
def test_every_estimator_has_a_form_of_its_own_parameters(kind):
    names, form = estimators_of(kind).values, parameters_of(kind, "estimator")
    assert len(names) == {"classifier": 30, "regressor": 43}[kind]
    assert not {"CalibratedClassifierCV", "VotingClassifier", "StackingRegressor", *LEFT_OUT} & set(names)
    for name in names:
        fields = form.fields(name)
        assert len({field.name for field in fields}) == len(fields)
        for field in fields:
            assert field.help.endswith(".")
            assert field.default is None or field.read(field.default) == field.default
            assert field.default is not None or field.nullable
            assert field.shown_when is None or field.shown_when.param in {other.name for other in fields}
    assert form.fields("Nothing") is None


def test_constraints_become_kinds_ranges_and_choices():
    fields = {field.name: field for field in parameters_of("classifier", "estimator").fields("SVC")}
    assert (fields["C"].kind, fields["C"].range.min, fields["C"].range.exclusive_min, fields["C"].default) == ("number", 0, True, 1.0)
    assert [value for value, _ in fields["kernel"].choices] == ["linear", "poly", "rbf", "sigmoid"], "none that is computed before"
    assert [value for value, _ in fields["gamma"].choices] == ["auto", "scale", "number"]
    assert (fields["gamma_number"].shown_when.param, fields["gamma_number"].shown_when.values) == ("gamma", ("number",))
    assert fields["class_weight"].nullable and fields["random_state"].kind == "seed" and fields["shrinking"].kind == "switch"
    assert not {"verbose", "cache_size", "n_jobs"} & fields.keys()


def test_the_forms_are_those_of_the_installed_scikit_learn():
    """After an update: manage.py estimators > pipelines/modelling/estimators.json."""
    assert FORMS.read_text() == as_json({kind: forms(kind) for kind in KINDS}) + "\n"
