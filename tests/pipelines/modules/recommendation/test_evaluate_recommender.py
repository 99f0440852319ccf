"""Evaluate Recommender: figures of scikit-learn and of sets."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn import metrics

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.recommendation.rating import COLUMNS, SMALL, evaluate, hearing, parts, score, small, train
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset

ID = "recommendation.evaluate_recommender"
EXAMPLE = Example(SMALL, {"test": lambda: [small()], "scored": lambda: [score(train(), small())]})
NAME = "SVD Recommender"


def test_errors_are_those_of_scikit_learn():
    training, test = parts()
    scored = score(train(training), test, kind="ratings")
    found, report = evaluate(test.reverse(), scored, training=training)
    truth, said = scored.frame["rating"], scored.frame["Scored Ratings"]
    assert found[NAME, "Mean absolute error"][0] == pytest.approx(metrics.mean_absolute_error(truth, said), abs=1e-12)
    value, low, high = found[NAME, "Root mean squared error"]
    assert value == pytest.approx(metrics.root_mean_squared_error(truth, said), abs=1e-12)
    assert low < value < high and found[NAME, "Ratings"][0] == test.height
    assert json.dumps(report.blocks) and report.metrics[0]["metrics"]["root_mean_squared_error"] == value


def test_it_beats_the_means_on_ratings_that_were_held_back():
    """MovieLens, 671 users: 0.880 with 20 factors, against 0.933 of the means of user and item."""
    rated = dataset("movie_ratings").frame
    held = pl.Series(np.random.default_rng(0).random(rated.height) < 0.25)
    training, test = rated.filter(~held), rated.filter(held)
    found, _ = evaluate(test, score(train(training, factors=20), test, kind="ratings"), training=training)
    assert found[NAME, "Root mean squared error"][0] == pytest.approx(0.8805, abs=0.002)
    means = {side: dict(training.group_by(side).agg(pl.col("rating").mean()).rows()) for side in ("userId", "movieId")}
    whole = training["rating"].mean()
    guess = [
        min(5.0, max(0.5, means["userId"].get(user, whole) + means["movieId"].get(item, whole) - whole))
        for user, item in test.select("userId", "movieId").rows()
    ]
    baseline = found["Means of user and item (baseline)", "Root mean squared error"][0]
    assert baseline == pytest.approx(metrics.root_mean_squared_error(test["rating"], guess), abs=1e-9)
    assert baseline == pytest.approx(0.9328, abs=1e-4)


def test_ndcg_is_that_of_scikit_learn():
    """Of rated items all are in the pool, which is what scikit-learn computes."""
    training, test = parts()
    trained = train(training)
    found, _ = evaluate(test, score(trained, test, most=5, fewest=2))
    ranked = score(trained, test, most=10_000, fewest=2).frame.join(test, on=["userId", "movieId"])
    by_user = [
        metrics.ndcg_score([rows["rating"].to_list()], [(-rows["Rank"]).to_list()], k=5)
        for _, rows in ranked.group_by("userId", maintain_order=True)
    ]
    value, low, high = found[NAME, "NDCG"]
    assert value == pytest.approx(np.mean(by_user), abs=1e-12)
    assert high - value == pytest.approx(1.959963984540054 * np.std(by_user, ddof=1) / len(by_user) ** 0.5) == value - low


@pytest.mark.parametrize("length", [None, 3])
def test_precision_recall_and_coverage_are_those_of_sets(length):
    training, test = parts()
    listed = score(train(training), test, training, among="unrated", most=10)
    found, report = evaluate(test, listed, training=training, relevant=4, length=length)
    lists = {
        user: items[:length]
        for user, items in listed.frame.sort("userId", "Rank").group_by("userId", maintain_order=True).agg("movieId").rows()
    }
    liked = {user: set(test.filter((pl.col("userId") == user) & (pl.col("rating") >= 4))["movieId"]) for user in lists}
    hits = {user: len(liked[user] & set(items)) for user, items in lists.items()}
    assert found[NAME, "Precision"][0] == pytest.approx(np.mean([hits[user] / len(lists[user]) for user in lists]))
    assert found[NAME, "Recall"][0] == pytest.approx(np.mean([hits[user] / len(liked[user]) for user in lists if liked[user]]))
    every = set(test["movieId"]) | set(training["movieId"])
    shown = {item for items in lists.values() for item in items}
    assert found[NAME, "Coverage of items"][0] == pytest.approx(len(shown) / len(every))
    assert found[NAME, "Coverage of users"][0] == 1 and found[NAME, "Users"][0] == len(lists)
    bars = next(block for block in report.blocks if block.get("role") == "most_recommended")["spec"]["data"]["values"]
    shares = {str(item): np.mean([item in items for items in lists.values()]) for item in shown}
    assert [bar["value"] for bar in bars] == pytest.approx(sorted(shares.values(), reverse=True)[:20])
    assert all(shares[bar["item"]] == pytest.approx(bar["value"]) for bar in bars)


def test_several_recommenders_stand_side_by_side():
    training, test = parts()
    one, other = (score(train(training, factors=factors), test) for factors in (1, 4))
    found, report = evaluate(test, one, other)
    assert [row["name"] for row in report.metrics] == [f"{NAME} 1", f"{NAME} 2"]
    assert found[f"{NAME} 1", "NDCG"] == evaluate(test, one)[0][NAME, "NDCG"] != found[f"{NAME} 2", "NDCG"]
    assert json.dumps(report.blocks)


def test_the_kind_is_recorded_or_said():
    test = small()
    ranks = score(train(), test).frame
    settings = {**SMALL, "kind": "recorded"}
    refuses(ID, settings, "no_score", test=test, scored=ranks)
    ranked = Table(ranks, {"Rank": ColumnRole("score")})
    assert refuses(ID, settings, "unknown_kind", test=test, scored=ranked).param == "kind"
    said = evaluate(test, ranked, **SMALL | {"kind": "lists"})[0]
    assert said["Rank", "NDCG"] == evaluate(test, score(train(), test), **SMALL)[0][NAME, "NDCG"]
    both = [score(train(), test), score(train(), test, kind="ratings")]
    refuses(ID, settings, "mixed_kinds", test=test, scored=both)


def test_negative_ratings_have_no_ndcg_and_the_median_counts_as_relevant():
    test = small().with_frame(small().frame.with_columns(pl.col("stars") - 4))
    lists = score(train(), test)
    with hearing() as heard:
        found, report = evaluate(test, lists, **SMALL)
    assert found[NAME, "NDCG"] == (None, None, None) and found[NAME, "Precision"][0] is not None
    assert heard.lines[0] == "Ratings of at least 0, their median, count as relevant." and "negative" in heard.lines[1]
    assert report.metrics[0]["metrics"]["ndcg"] is None


def test_what_is_wrong_is_named():
    test, lists = small(), score(train(), small())
    refuses(ID, SMALL, "nothing_scored", test=test)
    assert refuses(ID, SMALL, "rated_twice", test=pl.concat([test.frame] * 2), scored=lists).port == "test"
    assert refuses(ID, SMALL, "no_rows", test=test, scored=lists, training=test.frame.clear()).port == "training"
    assert refuses(ID, SMALL, "rated_twice", test=test, scored=lists.with_frame(pl.concat([lists.frame] * 2))).port == "scored"
    others = lists.with_frame(lists.frame.with_columns(who=pl.lit("Zoë"), make=pl.int_range(pl.len()).cast(pl.String)))
    refuses(ID, SMALL, "nothing_in_common", test=test, scored=others)
    numbers = lists.with_frame(lists.frame.with_columns(who=pl.int_range(pl.len())))
    assert refuses(ID, SMALL, "other_type", test=test, scored=numbers).port == "scored"
    texts = lists.with_frame(lists.frame.with_columns(pl.col("Rank").cast(pl.String)))
    assert refuses(ID, SMALL, "score_not_a_number", test=test, scored=texts).column == "Rank"
    assert COLUMNS.keys() == SMALL.keys()
