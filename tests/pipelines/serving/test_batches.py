"""Batches: cut by the values of rows, and scored as an endpoint scores a request."""

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from pipelines.serving.batches import BatchScorer, cut
from pipelines.serving.scorer import Scorer
from tests.support.scoring import Trained, houses


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    return Trained(houses(), tmp_path_factory.mktemp("batches"))


@pytest.fixture(scope="module")
def forest(tmp_path_factory):
    return Trained(houses(learner="regression.decision_forest"), tmp_path_factory.mktemp("forest"))


def numbered(rows, start=0):
    return pl.DataFrame({"x": range(start, start + rows), "y": [f"text {at % 7}" for at in range(start, start + rows)]})


def digests(frame, about=50):
    return [batch.digest for batch in cut(frame, about)]


def test_batches_cover_the_table_in_its_order_and_have_their_size():
    batches = cut(numbered(5_000), 50)
    assert batches[0].start == 0 and all(one.start + one.height == other.start for one, other in pairwise(batches))
    assert batches[-1].start + batches[-1].height == 5_000
    assert all(12 <= batch.height <= 200 for batch in batches[:-1]) and 50 < len(batches) < 200
    assert cut(numbered(0), 50) == [] and [batch.height for batch in cut(numbered(3), 50)] == [3]


def test_only_the_batches_around_a_change_are_new():
    before, frame = set(digests(numbered(5_000))), numbered(5_000)
    for changed, most in (
        (numbered(5_050), 3),
        (pl.concat([numbered(40, start=90_000), frame]), 4),
        (pl.concat([frame[:2_000], frame[2_001:]]), 3),
        (frame.with_columns(x=pl.when(pl.col("x") == 2_500).then(-1).otherwise("x")), 3),
        (frame[::-1][::-1], 0),
    ):
        assert len(set(digests(changed)) - before) <= most
    assert len(set(digests(frame[::-1])) & before) == 0


def test_equal_rows_and_coded_texts_and_no_columns_are_cut_too():
    assert {batch.height for batch in cut(pl.DataFrame({"x": [1] * 1_000}), 50)[:-1]} <= {12, 200}
    texts = numbered(500).select("y")
    assert digests(texts) == digests(texts.cast(pl.Categorical)) == digests(texts.cast(pl.Enum(sorted(set(texts["y"])))))
    assert sum(batch.height for batch in cut(pl.DataFrame(height=300), 50)) == 300
    assert digests(numbered(100)) != digests(numbered(100).rename({"x": "y", "y": "x"}).select("x", "y"))


def test_a_very_large_table_has_larger_batches(monkeypatch):
    monkeypatch.setattr("pipelines.serving.batches.MOST_BATCHES", 20)
    assert len(cut(numbered(5_000), 10)) <= 40


@pytest.mark.parametrize("which", ["trained", "forest"])
def test_a_batch_gives_the_bits_of_an_endpoint(which, request):
    found = request.getfixturevalue(which)
    source = found.value(found.graph.request_end).frame
    scorer, batched = Scorer.load(found.bundle), BatchScorer(found.bundle)
    rows = batched.relevant(source)
    together = batched.score(rows).frame
    parts = pl.concat([batched.score(rows[at : at + 7]).frame for at in range(0, rows.height, 7)])
    alone = [scorer.score([row]).rows[0] for row in rows.iter_rows(named=True)]
    assert together.equals(parts) and together.drop("error").to_dicts() == alone and together["error"].null_count() == rows.height


@pytest.mark.parametrize("which", ["trained", "forest"])
def test_bad_rows_have_a_reason_and_the_others_their_scores(which, request):
    found = request.getfixturevalue(which)
    batched = BatchScorer(found.bundle)
    rows = batched.relevant(found.value(found.graph.request_end).frame)[:20]
    good = batched.score(rows).frame
    wrong = rows.with_columns(size=pl.when(pl.int_range(pl.len()) % 5 == 2).then(pl.lit("large")).otherwise(pl.col("size").cast(pl.String)))
    scored = batched.score(wrong)
    assert (scored.bad == 20 and scored.frame["error"][0] == 'Column “size”: "40" is not a whole number.') or scored.bad == 4
    gap = batched.score(rows.with_columns(size=pl.lit(None, dtype=pl.Int64), note=pl.lit(5)))
    assert gap.bad == 20 and gap.frame["error"].unique().to_list() == ["Column “note”: 5 is not a text."]
    assert good["error"].null_count() == 20


def test_what_a_table_lacks_or_cannot_have_is_told(trained):
    batched = BatchScorer(trained.bundle)
    names = [column.name for column in batched.signature.inputs]
    needed, optional = batched.absent(pl.DataFrame({"other": [1]}))
    assert sorted(needed + optional) == sorted(names) and "rooms" in optional
    assert batched.unservable(pl.DataFrame({names[0]: [[1]], "other": [[1]]})) == [names[0]]
    assert batched.code and all(isinstance(each, str) for each in batched.code)


def test_dates_are_those_of_a_request(tmp_path):
    text = "day,size,price\n" + "\n".join(f"2026-01-{1 + at % 28:02},{at % 9},{at * 3 % 17}" for at in range(60))
    found = Trained(houses(text=text), tmp_path)
    batched, rows = BatchScorer(found.bundle), pl.DataFrame({"day": [date(2026, 2, 3)] * 3, "size": [1, 2, 3]})
    asked = [{"day": "2026-02-03", "size": size} for size in (1, 2, 3)]
    assert batched.score(rows).frame.drop("error").to_dicts() == [
        {**row, **({"day": date(2026, 2, 3)} if "day" in row else {})} for row in found.scorer.score(asked).rows
    ]
