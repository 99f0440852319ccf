"""Local Outlier Factor."""

from sklearn.neighbors import LocalOutlierFactor

from tests.pipelines.modules.anomaly.detecting import is_what_the_library_detects
from tests.pipelines.modules.distances import cars
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only


def test_scores_and_flags_are_those_of_scikit_learn():
    plain = LocalOutlierFactor(7, novelty=True, contamination=0.15)
    is_what_the_library_detects("anomaly.local_outlier_factor", plain, {"neighbors": 7}, share=0.15)


def test_more_neighbors_than_rows_are_refused():
    untrained = only("anomaly.local_outlier_factor")
    refuses("training.train_anomaly_detection", {}, "too_few_rows", untrained=untrained, table=cars()[0].head(20))
