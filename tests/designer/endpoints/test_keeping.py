"""Which requests and columns are kept."""

from __future__ import annotations

import pytest

from designer.endpoints.keeping import Rule, clean, key_of, sounds_personal


@pytest.mark.parametrize(
    "name", ["email", "Customer E-Mail", "firstName", "last_name", "ZIP code", "date_of_birth", "IP", "userName", "sex", "name"]
)
def test_names_that_sound_personal(name: str) -> None:
    assert sounds_personal(name)


@pytest.mark.parametrize("name", ["horsepower", "capital-gain", "engine_type", "zipped", "city-mpg", "hours-per-week"])
def test_names_that_do_not(name: str) -> None:
    assert not sounds_personal(name)


def test_sensitive_columns_are_left_out_unless_they_are_chosen() -> None:
    names = ["horsepower", "email"]
    assert Rule().kept(names) == ["horsepower"]
    assert Rule(sensitive=()).kept(names) == names
    assert Rule(sensitive=("horsepower",)).kept(names) == ["email"]
    assert Rule(columns=("email",)).kept(names) == ["email"]
    assert Rule(columns=("email",)).kept([*names, "phone", "new"]) == ["email"]  # of a later version


def test_about_the_share_of_requests_is_kept_and_always_the_same_ones() -> None:
    ids = [str(number) for number in range(10_000)]
    kept = [id for id in ids if Rule(share=5).samples(id)]
    assert 400 < len(kept) < 600 and kept == [id for id in ids if Rule(share=5).samples(id)]
    assert not any(Rule().samples(id) for id in ids) and all(Rule(share=100).samples(id) for id in ids)
    assert {*kept} < {id for id in ids if Rule(share=20).samples(id)}


def test_keys_are_texts_that_a_database_can_hold() -> None:
    assert clean("a\0\ud800" + "b" * 300) == "a\ufffd?" + "b" * 197 and key_of("a", 2) == "a#2"
