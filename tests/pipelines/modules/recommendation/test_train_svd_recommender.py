"""Train SVD Recommender: the same as plain normal equations, one user and one item at a time."""

import numpy as np
import polars as pl
import pytest

from pipelines.kinds.recommender import KIND
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.recommendation.rating import COLUMNS, SMALL, hearing, movies, small, train
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import only

ID = "recommendation.train_svd_recommender"
EXAMPLE = Example(SMALL, {"table": lambda: [small()]})


def coded(frame):
    u, i = (np.unique(frame[column].to_numpy(), return_inverse=True)[1] for column in ("userId", "movieId"))
    return u, i, frame["rating"].to_numpy()


def one_by_one(frame, factors, iterations, penalty, bias_penalty, seed):
    """Biased factorization, Koren's equation of 2009, by a loop over users and items."""
    u, i, r = coded(frame)
    mean, spread = r.mean(), r.std()
    z, users, items = (r - mean) / spread, u.max() + 1, i.max() + 1
    p, q = np.random.Generator(np.random.PCG64(seed)).normal(0, 0.1, (users, factors)), np.zeros((items, factors))
    a, b = np.zeros(users), np.zeros(items)
    ridge = np.diag([penalty] * factors + [bias_penalty])
    for _ in range(iterations):
        for own, other, mine, theirs, bias, fixed in ((i, u, q, p, b, a), (u, i, p, q, a, b)):
            for place in range(len(mine)):
                at = own == place
                x = np.column_stack([theirs[other[at]], np.ones(at.sum())])
                found = np.linalg.solve(x.T @ x + ridge, x.T @ (z[at] - fixed[other[at]]))
                mine[place], bias[place] = found[:-1], found[-1]
    return mean + spread * (a[u] + b[i] + (p[u] * q[i]).sum(1)), (spread * a, spread * b, spread**0.5 * p, spread**0.5 * q)


def counted_one_by_one(frame, factors, iterations, penalty, confidence, seed):
    """Hu, Koren and Volinsky's equations of 2008 with dense matrices of confidence and preference."""
    u, i, r = coded(frame)
    c, like = np.ones((u.max() + 1, i.max() + 1)), np.zeros((u.max() + 1, i.max() + 1))
    c[u, i], like[u, i] = 1 + confidence * r, 1
    p, q = np.random.Generator(np.random.PCG64(seed)).normal(0, 0.1, (len(c), factors)), np.zeros((c.shape[1], factors))
    errors = []
    for _ in range(iterations):
        for place in range(len(q)):
            q[place] = np.linalg.solve((p.T * c[:, place]) @ p + penalty * np.eye(factors), (p.T * c[:, place]) @ like[:, place])
        for place in range(len(p)):
            p[place] = np.linalg.solve((q.T * c[place]) @ q + penalty * np.eye(factors), (q.T * c[place]) @ like[place])
        errors.append((c * (like - p @ q.T) ** 2).sum() + penalty * ((p**2).sum() + (q**2).sum()))
    return p, q, errors


@pytest.mark.parametrize("factors", [1, 8])
def test_it_is_the_normal_equations_one_by_one(factors):
    """Users and items with fewer ratings than factors, and with more."""
    frame = movies(25)
    trained = train(frame, factors=factors, iterations=3, regularization=0.7, bias_regularization=2.5, seed=4)
    predicted, arrays = one_by_one(frame, factors, 3, 0.7, 2.5, 4)
    held = (trained.user_biases, trained.item_biases, trained.user_factors, trained.item_factors)
    assert all(np.allclose(mine[:-1], truth, rtol=0, atol=1e-9) for mine, truth in zip(held, arrays, strict=True))
    assert np.allclose(trained.of_pairs(*coded(frame)[:2]), predicted, rtol=0, atol=1e-9)
    assert not any(mine[-1].any() for mine in held), "nothing is known of who is unknown"
    assert (trained.mean, trained.bounds) == (frame["rating"].mean(), (frame["rating"].min(), frame["rating"].max()))


def test_counts_are_the_normal_equations_of_all_pairs():
    frame = movies(12)
    trained = train(frame, feedback="implicit", factors=6, iterations=3, regularization=0.4, confidence=2.0, seed=1)
    p, q, errors = counted_one_by_one(frame, 6, 3, 0.4, 2.0, 1)
    assert np.allclose(trained.user_factors[:-1], p, rtol=0, atol=1e-9) and np.allclose(trained.item_factors[:-1], q, rtol=0, atol=1e-9)
    assert np.allclose(trained.user_factors[-1], p.mean(0)) and trained.bounds is None
    course = next(block for block in trained.report.blocks if block.get("role") == "iterations")["spec"]["data"]["values"]
    assert np.allclose([point["error"] for point in course], errors, rtol=1e-9)
    assert errors == sorted(errors, reverse=True)


def test_neither_the_order_of_rows_nor_the_scale_of_ratings_matters(tmp_path):
    frame = movies(20)
    again = frame.sample(fraction=1, shuffle=True, seed=1)
    for name, table in (("one", frame), ("two", again)):
        KIND.write(train(table), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    pairs = coded(frame)[:2]
    points = train(frame.with_columns(rating=pl.col("rating") * 20 + 3)).of_pairs(*pairs)
    assert np.allclose(points, train(frame).of_pairs(*pairs) * 20 + 3, atol=1e-8)
    assert not np.array_equal(train(frame, seed=1).user_factors, train(frame).user_factors)


def test_the_report_says_what_it_was_trained_on():
    frame = movies(20)
    report = train(frame).report
    facts = dict(report.blocks[0]["rows"])
    assert (facts["Ratings"], facts["Users"], facts["Items"]) == (frame.height, 20, frame["movieId"].n_unique())
    assert facts["Root mean squared error of the mean"] == pytest.approx(frame["rating"].std(ddof=0))
    assert facts["Root mean squared error of the training ratings"] < facts["Root mean squared error of the mean"]
    charts = {block["role"]: block["spec"]["data"]["values"] for block in report.blocks if block["type"] == "chart"}
    shares = {value["rating"]: value["share"] for value in charts["ratings"]}
    assert shares == pytest.approx({stars: many / frame.height for stars, many in frame["rating"].value_counts().rows()})
    most = frame.group_by("movieId").len().sort("len", descending=True)["len"]
    assert [value["value"] for value in charts["popularity"]] == most.head(20).to_list()


@pytest.mark.parametrize("gap", [{"who": None}, {"make": None}, {"stars": None}, {"stars": float("nan")}, {"stars": float("inf")}])
def test_a_rating_with_a_gap_is_left_out(gap):
    whole = small().frame.cast({"stars": pl.Float64})
    with hearing() as heard:
        trained = train_small(pl.concat([whole, pl.DataFrame([{"who": "Eve", "make": "audi", "stars": 3.0} | gap], whole.schema)]))
    assert trained.users.to_list() == ["Ada", "Ben", "Cleo", "Dörte"]
    assert "1 row with a missing value in “who”, “make”, “stars” was left out." in heard.lines


def train_small(frame, **settings):
    return only(ID, {**SMALL, "factors": 2, **settings}, table=frame)


def test_counts_of_a_pair_are_added_up_and_others_left_out():
    twice = pl.concat(
        [small().frame, small().frame.with_columns(stars=pl.lit(2, pl.Int64)), small().frame.with_columns(stars=pl.lit(-1, pl.Int64))]
    )
    with hearing() as heard:
        trained = train_small(twice, feedback="implicit")
    once = train_small(small().frame.with_columns(pl.col("stars") + 2), feedback="implicit")
    assert np.array_equal(trained.user_factors, once.user_factors)
    assert "9 rows with a count of 0 or less were left out." in heard.lines
    assert "9 rows of the same user and item were added to another one." in heard.lines
    only_zeros = small().frame.with_columns(stars=pl.lit(0))
    refuses(ID, {**SMALL, "feedback": "implicit"}, "no_rows", table=only_zeros)


@pytest.mark.parametrize(
    "frame",
    [
        small().frame.head(1),
        small().frame.with_columns(stars=pl.lit(3)),
        small().frame.with_columns(who=pl.col("who").cast(pl.Categorical)),
        small().frame.with_columns(who=pl.int_range(9) / 2, stars=pl.col("stars") > 3),
        pl.DataFrame({"who": [f"用户 {n}" for n in range(10_000)], "make": ["🎬"] * 10_000, "stars": [n % 5 for n in range(10_000)]}),
    ],
    ids=["one row", "one value", "categorical", "fractions and Booleans", "10,000 users"],
)
def test_odd_ratings_give_finite_predictions(frame):
    trained = train_small(frame)
    users, items = np.arange(len(trained.users) + 1) - 1, np.zeros(len(trained.users) + 1, dtype=int)
    assert np.isfinite(trained.of_pairs(users, items)).all()
    assert len(trained.users) == frame["who"].n_unique()


def test_what_is_wrong_is_named():
    wrong = refuses(ID, SMALL, "rated_twice", table=pl.concat([small().frame, small().frame.head(1)]))
    assert "user “Ada” and item “audi” 2 times" in wrong.words
    assert refuses(ID, {**SMALL, "item": "who"}, "same_column", table=small()).column == "who"
    assert refuses(ID, {**SMALL, "rating": "make"}, "same_column", table=small()).column == "make"
    days = small().frame.with_columns(who=pl.date(2024, 1, 1))
    assert refuses(ID, SMALL, "not_an_id", table=days).param == "user"
    texts = small().frame.with_columns(stars=pl.lit("5"))
    assert refuses(ID, SMALL, "not_a_number", table=texts).param == "rating"
    assert refuses(ID, {**SMALL, "user": "Rank"}, "reserved_name", table=small().frame.rename({"who": "Rank"})).param == "user"
    refuses(ID, SMALL, "too_large", table=small().frame.with_columns(stars=pl.lit(1e200)))
    refuses(ID, SMALL, "no_rows", table=small().frame.with_columns(stars=pl.lit(None, pl.Float64)))


def test_a_user_with_many_ratings_is_added_up_in_parts(monkeypatch):
    frame, whole = movies(20), train(movies(20))
    monkeypatch.setattr("pipelines.modules.recommendation._factorizing.BATCH", 40)
    parts = train(frame)
    assert np.allclose(parts.user_factors, whole.user_factors, atol=1e-9) and COLUMNS["user"] == parts.user_column
