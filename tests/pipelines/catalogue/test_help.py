"""Help pages of modules."""

from pipelines.catalogue.help import help_of, split_sources


def test_a_page_says_what_when_from_where_and_what_goes_wrong():
    page = help_of("transform.smote")
    assert page.module.title == "SMOTE" and page.when.startswith("For training rows")
    assert page.sources == [
        'N. Chawla, K. Bowyer, L. Hall, W. Kegelmeyer, "SMOTE: synthetic minority over-sampling technique", JAIR 16 (2002).'
    ]
    assert not any("Source:" in paragraph for paragraph in page.text)
    assert page.errors and all(error.words for error in page.errors)
    assert "smote" in page.example["nodes"] and page.file == "pipelines/modules/transform/smote.py"


def test_no_page_of_an_unknown_module():
    assert help_of("transform.nonsense") is None


def test_sources_are_taken_out_of_paragraphs():
    assert split_sources("One.\n\nTwo. Source: A,\nB (2002).\n\nSource: C.") == (["One.", "Two."], ["A, B (2002).", "C."])
    assert split_sources("") == ([], [])
