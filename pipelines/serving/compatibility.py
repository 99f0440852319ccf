"""Whether a model can stand in for another: their signatures compared, column by column."""

from __future__ import annotations

from typing import Literal

import msgspec

from pipelines.serving.signature import Column, Signature

Verdict = Literal["same", "compatible", "breaking"]
# A type takes all values of those that it is wider than.
WIDER = {"number": ("integer",), "datetime": ("date",)}


class SignatureDifference(msgspec.Struct, frozen=True):
    """A difference of a column, in a sentence, and whether requests or readers of answers break by it."""

    column: str
    words: str
    breaking: bool


class Compatibility(msgspec.Struct, frozen=True):
    """A verdict on a signature against an earlier one, with all differences."""

    verdict: Verdict
    differences: tuple[SignatureDifference, ...]


def compatibility(new: Signature, old: Signature) -> Compatibility:
    """Compare a signature with the one whose requests it is to answer.

    A request that suits the old one must suit the new one, and an answer must hold what the old one held. A new optional input, a wider input type and a
    further output are compatible; a new required input, a narrower input type, another or a missing output are breaking. An input that is not read any
    more is compatible: further columns of a request are ignored.
    """
    found = (*_inputs(new, old), *_outputs(new, old))
    verdict: Verdict = "breaking" if any(each.breaking for each in found) else "compatible" if found else "same"
    return Compatibility(verdict, found)


def _inputs(new: Signature, old: Signature) -> tuple[SignatureDifference, ...]:
    before, now = ({column.name: column for column in each.inputs} for each in (old, new))
    found = [SignatureDifference(name, f"The input “{name}” is not read any more.", False) for name in before if name not in now]
    for name, column in now.items():
        if name not in before:
            how = "optional" if column.nullable else "required"
            found.append(SignatureDifference(name, f"The input “{name}” is new and {how}.", not column.nullable))
        else:
            found += _changed(column, before[name])
    return tuple(found)


def _changed(new: Column, old: Column) -> list[SignatureDifference]:
    found = []
    if new.type != old.type:
        wider = old.type in WIDER.get(new.type, ())
        words = f"The input “{new.name}” has the type {new.type} instead of {old.type}, which is {'wider' if wider else 'not wider'}."
        found.append(SignatureDifference(new.name, words, not wider))
    if new.nullable != old.nullable:
        words = f"The input “{new.name}” {'may be missing now' if new.nullable else 'must have a value now'}."
        found.append(SignatureDifference(new.name, words, old.nullable))
    return found


def _outputs(new: Signature, old: Signature) -> tuple[SignatureDifference, ...]:
    before, now = ({column.name: column for column in each.outputs} for each in (old, new))
    found = [SignatureDifference(name, f"The output “{name}” is no longer given.", True) for name in before if name not in now]
    found += [SignatureDifference(name, f"The output “{name}” is new.", False) for name in now if name not in before]
    for name in before.keys() & now.keys():
        if now[name].type != before[name].type:
            words = f"The output “{name}” has the type {now[name].type} instead of {before[name].type}."
            found.append(SignatureDifference(name, words, True))
        elif now[name].nullable and not before[name].nullable:
            found.append(SignatureDifference(name, f"The output “{name}” may be missing now.", True))
    return tuple(sorted(found, key=lambda each: each.column))
