"""Score SVD Recommender: predictions and lists, against a matrix of all users and items."""

import numpy as np
import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole
from pipelines.modules.recommendation._ranking import best
from pipelines.validation import DRAFT, find_problems
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.recommendation.rating import hearing, parts, score, small, train
from tests.pipelines.modules.refusing import refuses
from tests.support.graph_builder import draw
from tests.support.module_runner import only

ID = "recommendation.score_svd_recommender"
EXAMPLE = Example({"predicted": True}, {"recommender": lambda: [train()], "table": lambda: [small()]})


def matrix(trained):
    return (
        trained.mean + trained.user_biases[:-1, None] + trained.item_biases[:-1] + trained.user_factors[:-1] @ trained.item_factors[:-1].T
    )


def listed(table, trained):
    """Items of each user in the order of the ranks."""
    assert all(ranks == list(range(1, len(ranks) + 1)) for ranks in table.frame.group_by("userId").agg("Rank")["Rank"].to_list())
    rows = table.frame.sort("userId", "Rank", maintain_order=True).group_by("userId", maintain_order=True).agg("movieId").rows()
    return dict(rows)


def test_ratings_are_predicted_within_the_range_of_those_in_training():
    training, test = parts()
    trained = train(training, regularization=0.1)
    known = test.filter(pl.col("movieId").is_in(training["movieId"].implode()))
    with hearing() as heard:
        scored = score(trained, known, kind="ratings")
    raw = matrix(trained)[np.searchsorted(trained.users, known["userId"]), np.searchsorted(trained.items, known["movieId"])]
    assert np.allclose(scored.frame["Scored Ratings"], raw.clip(0.5, 5), rtol=0, atol=1e-9)
    limited = int(((raw < 0.5) | (raw > 5)).sum())
    assert limited and heard.lines == [f"{limited} predictions beyond the ratings in training were limited to 0.5–5."]
    assert scored.frame.drop("Scored Ratings").equals(known)
    assert scored.role("Scored Ratings") == ColumnRole("score", model="SVD Recommender", task="regression")
    assert scored.role("rating").role == "label"
    assert score(trained, scored, kind="ratings").frame.equals(scored.frame), "scores of an earlier recommender are replaced"


def test_evaluate_model_accepts_predicted_ratings():
    training, test = parts()
    scored = score(train(training), test, kind="ratings")
    metrics = only("evaluation.evaluate_model", scored=scored).metrics[0]["metrics"]
    off = scored.frame["rating"] - scored.frame["Scored Ratings"]
    assert metrics["root_mean_squared_error"] == pytest.approx((off**2).mean() ** 0.5, abs=1e-12)


def test_an_unknown_user_or_item_is_predicted_by_what_is_known():
    trained = train()
    frame = pl.DataFrame({"who": ["Ada", "Zoë", "Zoë", None], "make": ["tesla", "audi", "tesla", "audi"]})
    with hearing() as heard:
        found = score(trained, frame, kind="ratings").frame["Scored Ratings"].to_list()
    ada, audi = trained.mean + trained.user_biases[0], trained.mean + trained.item_biases[0]
    assert found == [pytest.approx(ada), pytest.approx(audi), pytest.approx(trained.mean), None]
    assert heard.lines == [
        "1 row with a missing value in “who”, “make” was left out.",
        "1 user was not in the training ratings and is predicted like the mean user: “Zoë”.",
        "1 item was not in the training ratings and is predicted like the mean item: “tesla”.",
    ]
    by_counts = train(feedback="implicit")
    mean = by_counts.user_factors[:-1].mean(0) @ by_counts.item_factors[0]
    assert score(by_counts, frame, kind="ratings").frame["Scored Ratings"][1] == pytest.approx(mean)


@pytest.mark.parametrize("among", ["all", "unrated"])
def test_lists_are_the_largest_of_a_row_of_the_matrix(among, monkeypatch):
    monkeypatch.setattr("pipelines.modules.recommendation._ranking.MOST_NUMBERS", 7_000)  # several parts
    training, test = parts()
    trained = train(training)
    scores = matrix(trained)
    if among == "unrated":
        scores[np.searchsorted(trained.users, training["userId"]), np.searchsorted(trained.items, training["movieId"])] = -np.inf
    found = score(trained, test, training, among=among, most=7, predicted=True)
    items = trained.items.to_numpy()
    assert listed(found, trained) == {
        user: items[np.argsort(-row, kind="stable")[:7]].tolist() for user, row in zip(trained.users.to_list(), scores, strict=True)
    }
    expected = -np.sort(-scores, axis=1)[:, :7]
    assert np.allclose(found.frame["Scored Ratings"], expected.clip(*trained.bounds).ravel(), atol=1e-9)
    assert found.frame.columns == ["userId", "Rank", "movieId", "Scored Ratings"]
    assert found.role("Rank") == ColumnRole("score", model="SVD Recommender", task="ranking")


def test_rated_items_are_ranked_of_users_with_enough_of_them():
    training, test = parts()
    trained = train(training)
    few = pl.concat([test, test.head(1).with_columns(userId=pl.lit(999, pl.Int64)), test.head(1)])
    with hearing() as heard:
        found = listed(score(trained, few, most=3, fewest=2), trained)
    place = {item: at for at, item in enumerate(trained.items)}  # an item that is not known has the last place
    raw = trained.of_pairs(np.searchsorted(trained.users, test["userId"]), np.array([place.get(item, -1) for item in test["movieId"]]))
    rows = sorted(zip(test["userId"], -raw, range(test.height), test["movieId"], strict=True))
    for user, items in found.items():
        assert items == [item for who, *_, item in rows if who == user][:3]
    assert 999 not in found and len(found) == 60
    assert heard.lines[0] == "1 user with fewer than 2 rated items was left out."


def test_equal_scores_keep_their_order_and_what_is_taken_never_comes():
    scores = np.array([[1.0, 3, 3, 3, 2], [-np.inf, -np.inf, 0, -np.inf, 0], [-np.inf] * 5])
    row, column = best(scores, 2)
    assert list(zip(row.tolist(), column.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2), (1, 4)]
    row, column = best(scores[:1], 9)
    assert column.tolist() == [1, 2, 3, 4, 0]


def test_who_rated_everything_gets_nothing_new():
    trained, table = train(), small()
    every = pl.DataFrame({"who": ["Ada"] * 4, "make": ["audi", "bmw", "fiat", "volvo"]})
    with hearing() as heard:
        found = score(trained, table, every, among="unrated", most=9)
    assert "Ada" not in found.frame["who"].to_list() and found.frame.filter(pl.col("who") == "Ben").height == 4
    assert heard.lines == ["1 user rated every item already, so there is none to recommend."]


def test_a_number_is_the_same_in_every_type():
    training, _ = parts()
    trained = train(training.with_columns(pl.col("movieId").cast(pl.Float64)))
    pairs = training.head(50).with_columns(pl.col("userId").cast(pl.Int16), pl.col("movieId").cast(pl.Decimal(20, 2)))
    assert (
        score(trained, pairs, kind="ratings")
        .frame["Scored Ratings"]
        .equals(score(train(training), training.head(50), kind="ratings").frame["Scored Ratings"])
    )


def test_what_is_wrong_is_named():
    trained = train()
    assert refuses(ID, {"among": "unrated"}, "no_training", recommender=trained, table=small()).port == "training"
    assert refuses(ID, {}, "missing_columns", recommender=trained, table=small().only(["who"])).column == "make"
    numbers = small().frame.with_columns(who=pl.int_range(9))
    assert refuses(ID, {}, "other_type", recommender=trained, table=numbers).column == "who"
    assert refuses(ID, {}, "not_an_id", recommender=trained, table=small().frame.with_columns(make=pl.date(2024, 1, 1))).column == "make"


def test_score_model_refuses_a_recommender_on_the_canvas():
    drawn = draw({"a": "recommendation.train_svd_recommender", "b": "scoring.score_model"}, "a.recommender b.model")
    (problem,) = find_problems(drawn, catalogue(), DRAFT)
    assert problem.code == "wrong_kind" and "a trained recommender" in problem.words
