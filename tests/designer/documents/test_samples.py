"""The gallery of samples: complete, in words that fit a card, and the best result first."""

from __future__ import annotations

import pytest

from designer.documents.samples import FOLDER, Sample, samples
from pipelines.catalogue import extras

LONGEST_LABEL = 28  # fits a card of 272 pixels
LONGEST_WORDS = 220


def test_every_document_is_in_the_gallery() -> None:
    assert set(samples()) == {file.stem for file in FOLDER.glob("*.json")}
    assert len({sample.title for sample in samples().values()}) == len(samples())


@pytest.mark.parametrize("sample", samples().values(), ids=lambda sample: sample.slug)
def test_a_card_says_what_one_learns_and_what_the_models_reach(sample: Sample) -> None:
    assert sample.task and sample.tags and sample.summary.endswith(".") and sample.learn.endswith(".")
    assert len(sample.summary) + len(sample.learn) <= LONGEST_WORDS
    assert all(len(result.label) <= LONGEST_LABEL and 0 < result.value < 1 for result in sample.results)
    assert [result.value for result in sample.results] == sorted((result.value for result in sample.results), reverse=True)
    assert bool(sample.measure) == bool(sample.results)


def test_a_sample_whose_extra_is_missing_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda library: library != "torch")
    assert {slug: sample.missing for slug, sample in samples.__wrapped__().items() if sample.missing} == {
        "digits_images": "make run EXTRAS=vision",
        "wide_and_deep": "make run EXTRAS=recommender",
    }
