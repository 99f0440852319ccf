"""Detect Languages."""

import polars as pl
import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

SENTENCES = {
    "en": "The weather was fine, and we walked along the river until evening.",
    "de": "Das Wetter war schön, und wir gingen bis zum Abend am Fluss entlang.",
    "fr": "Il faisait beau et nous avons marché le long de la rivière jusqu'au soir.",
    "he": "מזג האוויר היה נאה והלכנו לאורך הנהר עד הערב",
    "ru": "Погода была хорошая, и мы гуляли вдоль реки до вечера.",
}


def detected(texts, **settings):
    return only("text.detect_languages", settings, table=pl.DataFrame({"t": texts}, schema={"t": pl.String})).frame


def test_languages_and_what_has_none(notes):
    found = detected([*SENTENCES.values(), None, "", "12 !", "🙂"])
    assert found["t Language"].to_list() == [*SENTENCES, None, None, None, None]
    assert found["t Language Probability"].head(5).min() > 0.9 and found["t Language Probability"].null_count() == 4
    assert notes == ["“t”: no language in 4 rows.", "“t”: de (1), en (1), fr (1), he (1), ru (1)."]


@pytest.fixture(scope="module")
def plain():
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize("among", ["", "en, fr,de"])
def test_it_is_py3langid_on_real_titles(among, plain):
    titles = dataset("artworks").frame["title"].gather_every(50)
    plain.set_languages(["de", "en", "fr"] if among else None)
    wanted = [plain.classify(title) if any(letter.isalpha() for letter in title) else (None, None) for title in titles]
    found = detected(titles, languages=among)
    assert found["t Language"].to_list() == [None if code == "zxx" else code for code, _ in wanted]
    assert found["t Language Probability"].to_list() == [sure for _, sure in wanted]


def test_an_improbable_language_is_missing():
    found = detected(["Michael", SENTENCES["de"]], minimum=0.9)
    assert found["t Language"].to_list() == [None, "de"] and found["t Language Probability"][0] < 0.9


def test_several_columns_and_roles():
    table = Table(pl.DataFrame({"a": [SENTENCES["de"]], "b": [SENTENCES["fr"]], "y": ["x"]}), {"y": ColumnRole("label")})
    found = only("text.detect_languages", table=table)
    assert found.frame.columns == ["a", "b", "y", "a Language", "a Language Probability", "b Language", "b Language Probability"]
    assert found.role("y").role == "label"


def test_what_is_refused():
    texts = pl.DataFrame({"t": ["a"], "n": [1]})
    assert refuses("text.detect_languages", {"languages": "en, english"}, "unknown_language", table=texts).param == "languages"
    refuses("text.detect_languages", {"columns": ["n"]}, "not_a_text", table=texts)
    refuses("text.detect_languages", {}, "duplicate_column", table=texts.with_columns(pl.lit("x").alias("t Language")))


def test_a_long_text_is_read_in_part():
    assert detected([SENTENCES["fr"] * 5000])["t Language"].to_list() == ["fr"]
