"""Two-Class Decision Forest."""

from sklearn.ensemble import RandomForestClassifier

from tests.pipelines.modules.learner_cases import forests
from tests.pipelines.modules.matrices import is_what_the_library_predicts


@forests
def test_predictions_are_those_of_scikit_learn(settings, plain):
    model = is_what_the_library_predicts(
        "classification.two_class_decision_forest", "aspiration", RandomForestClassifier(**plain), settings
    )
    assert any(block["title"] == "Feature importance" for block in model.report.blocks)
