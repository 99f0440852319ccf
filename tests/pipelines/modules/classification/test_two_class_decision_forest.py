"""Two-Class Decision Forest."""

from sklearn.ensemble import RandomForestClassifier

from tests.pipelines.modules.matrices import is_what_the_library_predicts


def test_predictions_are_those_of_scikit_learn():
    model = is_what_the_library_predicts(
        "classification.two_class_decision_forest", "aspiration", RandomForestClassifier(30, max_depth=32, random_state=0), {"trees": 30}
    )
    assert any(block["title"] == "Feature importance" for block in model.report.blocks)


def test_settings_reach_scikit_learn():
    settings = {
        "trees": 9,
        "resampling": "replicate",
        "max_depth": 4,
        "rows_per_leaf": 3,
        "column_share": 0.3,
        "seed": 5,
        "class_weight": "balanced",
    }
    plain = RandomForestClassifier(
        9, bootstrap=False, max_depth=4, min_samples_leaf=3, max_features=0.3, random_state=5, class_weight="balanced"
    )
    is_what_the_library_predicts("classification.two_class_decision_forest", "aspiration", plain, settings)
