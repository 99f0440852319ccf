"""Names made of file names."""

from __future__ import annotations

import pytest

from designer.datasets.names import NAME, name_from, title_from


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("My Cars (2024).csv", "my_cars_2024"),
        ("automobile_price.csv", "automobile_price"),
        ("../../etc/passwd", "passwd"),
        ("???.csv", "dataset"),
        ("C:\\data\\Été.csv", "t"),
        ("", "dataset"),
        ("x" * 500 + ".csv", "x" * 54),
        ("a.b.csv", "a_b"),
        ("Photos.Tar.gz", "photos"),
        (".tar", "tar"),
    ],
)
def test_a_name_is_an_identifier(file: str, name: str) -> None:
    assert name_from(file) == name
    assert NAME.fullmatch(name)


def test_a_title_reads_like_the_file() -> None:
    assert title_from("My  Cars\t(2024).csv") == "My Cars (2024)"
    assert title_from("My photos.tar.gz") == "My photos"
    assert title_from(".csv") == ".csv"
    assert title_from("") == "Dataset"
