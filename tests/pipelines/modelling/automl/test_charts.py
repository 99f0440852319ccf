"""What reports of searches show of their course."""

from pipelines.modelling.automl.charts import best_so_far, costs
from tests.pipelines.modelling.automl.searching import a_search, searched


def test_the_dearest_learner_is_first_and_all_candidates_are_counted():
    _, _, history = searched(a_search(rows=900, candidates=60, patience=None), lambda about: 0.3 if about["learner"] == "xgboost" else 0.01)
    block = costs(history, "What each learner cost", "Learner")
    assert block["columns"] == ["Learner", "Candidates", "Seconds"] and block["rows"][0][0] == "xgboost"
    assert sum(row[1] for row in block["rows"]) == len(history.candidates)
    assert [row[2] for row in block["rows"]] == sorted((row[2] for row in block["rows"]), reverse=True)


def test_the_chart_has_the_scores_and_the_metric():
    points = [{"seconds": 1.0, "score": 0.7, "name": "Linear 1"}, {"seconds": 3.0, "score": 0.8, "name": "XGBoost 4"}]
    spec = best_so_far(points, "AUC", "The best score.")["spec"]
    assert spec["data"]["values"] == points and spec["encoding"]["y"]["title"] == "AUC"
