"""The matrices that learners are documented to see, by hand, and comparison with a library that is called on them."""

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from tests.support import reference_scripts
from tests.support.module_runner import only


def columns(train, label):
    """Numbers and texts that a model learns from, in the table's order."""
    varied = [
        column
        for column in train.columns
        if column != label and train[column].null_count() < train.height and (train[column].null_count() or train[column].n_unique() > 1)
    ]
    texts = [column for column in varied if train[column].dtype == pl.String]
    names = [text for text in texts if (known := train[text].drop_nulls()).n_unique() > max(20, len(known) / 2)]
    return [column for column in varied if column not in texts], [text for text in texts if text not in names]


def kept(values):
    """The 99 most frequent of more than 100 texts; of equally frequent ones the later in order."""
    counts = values.value_counts().sort("count", values.name, descending=True)[values.name].to_list()
    return sorted(counts[:99]) if len(counts) > 100 else sorted(counts)


def linear_matrix(train, frame, label):
    """Numbers scaled, with marks of gaps; then a column for each text, one for those that are missing and one for the rest."""
    numbers, texts = columns(train, label)
    parts = []
    marks = [name for name in numbers if train[name].null_count()]
    for name in numbers:
        known = train[name].cast(float)
        filled, scale = frame[name].cast(float).fill_null(known.mean()).to_numpy(), known.fill_null(known.mean()).to_numpy()
        parts.append((filled - scale.mean()) / (scale.std() or 1))
    for name in marks:
        gap, scale = frame[name].is_null().to_numpy().astype(float), train[name].is_null().to_numpy().astype(float)
        parts.append((gap - scale.mean()) / scale.std())
    for name in texts:
        known, here = (each[name].fill_null("(missing)") if train[name].null_count() else each[name] for each in (train, frame))
        some = kept(known)
        parts += [(here == value).fill_null(False).to_numpy().astype(float) for value in some]
        if known.n_unique() > 100:
            parts.append((~here.is_in(some)).fill_null(True).to_numpy().astype(float))  # a text that was never seen is one of the rest
    return np.column_stack(parts)


def tree_matrix(train, frame, label):
    """Numbers as they are, texts as codes, and the places of these."""
    numbers, texts = columns(train, label)
    texts.sort(key=lambda name: train[name].drop_nulls().n_unique() > 100)
    numbers.sort(key=lambda name: train[name].null_count() > 0)
    gaps = {name: float("nan") if train[name].null_count() else train[name].cast(float).mean() for name in numbers}
    parts = [frame[name].cast(float).fill_null(gaps[name]).to_numpy() for name in numbers]
    for name in texts:
        some, known = kept(train[name].drop_nulls()), set(train[name].drop_nulls())
        codes = {text: float(some.index(text) if text in some else len(some)) for text in known}
        parts.append(np.array([codes.get(text, float("nan")) for text in frame[name]]))
    return np.column_stack(parts), list(range(len(numbers), len(numbers) + len(texts)))


def trained(id, label, settings=None, **inputs):
    """The module's model of some cars."""
    train, _ = reference_scripts.cars()
    return only("training.train_model", {"label": label}, untrained=only(id, settings or {}, **inputs), table=train)


def predictions(model):
    """What a model predicts for the other cars: the numbers, or the probability of each class, of two classes of the positive one."""
    _, test = reference_scripts.cars()
    frame = only("scoring.score_model", model=model, table=test).frame
    classes = [name for name in frame.columns if name.startswith("Scored Probabilities")]
    return frame.select(classes or "Scored Labels").to_numpy().squeeze()


def is_what_the_library_predicts(id, label, plain, settings=None, trees=False, atol=1e-9):
    """Compare a module's predictions with those of an estimator that is fitted on a matrix made by hand."""
    train, test = reference_scripts.cars()
    model = trained(id, label, settings)
    x, new = (tree_matrix(train, frame, label)[0] if trees else linear_matrix(train, frame, label) for frame in (train, test))
    if model.estimator["columns"].sparse_output_:
        x, new = csr_matrix(x), csr_matrix(new)
    plain.fit(x, train[label].to_numpy())
    wanted = plain.predict_proba(new) if model.classes else plain.predict(new)
    np.testing.assert_allclose(predictions(model), wanted[:, 1] if len(model.classes or ()) == 2 else wanted, atol=atol, rtol=atol)
    return model
