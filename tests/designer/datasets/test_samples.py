"""The sample data: all of it read, with the right shape and types, once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from designer.datasets import samples
from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.parsing.formats import format_of
from designer.datasets.parsing.parse import parse
from designer.datasets.samples import FOLDER, described, ensure_samples

SHAPES = {
    "adult_census_income": (48_842, 15),
    "airports": (1_458, 8),
    "ames_housing": (2_930, 74),
    "artworks": (4_284, 5),
    "automobile_price": (205, 26),
    "credit_risk": (4_454, 14),
    "digits": (1_797, 65),
    "flight_weather": (26_115, 15),
    "flights": (336_776, 19),
    "movie_ratings": (100_004, 4),
    "movies": (9_066, 4),
    "orange_juice": (5_689, 7),
    "taxi_tips": (10_000, 7),
    "telco_churn": (7_043, 20),
}
TYPES = {
    "automobile_price": {"normalized-losses": "Int64", "make": "String", "bore": "Float64", "price": "Int64", "horsepower": "Int64"},
    "adult_census_income": {"age": "Int64", "income": "String"},
    "telco_churn": {"total_charges": "Float64", "tenure": "Int64", "churn": "String"},
    "credit_risk": {"Income": "Float64", "Home": "String"},
    "airports": {"faa": "String", "lat": "Float64", "alt": "Int64"},
    "digits": {"digit": "String", "r1c1": "Int64"},
    "artworks": {"year": "Int64", "title": "String"},
    "flights": {"dep_delay": "Float64", "carrier": "String"},
}


def test_every_file_is_described() -> None:
    files = {file.stem for file in FOLDER.iterdir() if file.name != "README.md"}
    assert files == {sample.name for sample in described()} == set(SHAPES)
    assert all(sample.what and sample.source for sample in described())


@pytest.mark.parametrize("sample", list(described()), ids=lambda sample: sample.name)
def test_is_read_with_the_right_shape_and_types(sample: samples.Sample, tmp_path: Path) -> None:
    found = parse(sample.file, format_of(sample.file.name), tmp_path / "out")
    assert (found.rows, len(found.columns)) == SHAPES[sample.name]
    types = {column["name"]: column["dtype"] for column in found.columns}
    assert {name: types[name] for name in TYPES.get(sample.name, {})} == TYPES.get(sample.name, {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(
        "| file | rows | what | source |\n|---|---|---|---|\n| red_cars.csv | 2 | cars that are red | Me |\n"
    )
    (tmp_path / "red_cars.csv").write_text("make,price\naudi,1\nbmw,2\n")
    return tmp_path


@pytest.mark.django_db
def test_samples_are_made_once(folder: Path) -> None:
    assert [ensure_samples(folder) for _ in range(3)] == [1, 0, 0]
    made = Dataset.objects.get()
    assert (made.workspace, made.name, made.title, made.source) == (None, "red_cars", "Red cars", "Cars that are red. Me")


@pytest.mark.django_db
def test_a_changed_sample_gets_a_version(folder: Path) -> None:
    ensure_samples(folder)
    (folder / "red_cars.csv").write_text("make,price\naudi,1\nbmw,2\nkia,3\n")
    assert [ensure_samples(folder) for _ in range(2)] == [1, 0]
    assert list(DatasetVersion.objects.order_by("number").values_list("number", "rows")) == [(1, 2), (2, 3)]


@pytest.mark.django_db
def test_nothing_to_do_is_quick(folder: Path) -> None:
    ensure_samples(folder)
    started = time.perf_counter()
    ensure_samples(folder)
    assert time.perf_counter() - started < 0.2
