"""The words of an identity, in both languages."""

import numpy as np
import pandas as pd

from eligibility_audit.rules.facts.identity import in_english, in_words
from eligibility_audit.rules.facts.people import Agreement, Born, Name, Number, Place


def test_every_level_has_an_english_word() -> None:
    levels = [
        (name, born, number, place, sex)
        for name in Name
        for born in Born
        for number in Number
        for place in Place
        for sex in (-1, 0, 1)
    ]
    columns = [np.array(values, dtype="int8") for values in zip(*levels, strict=True)]
    words = in_words(Agreement(*columns, years_apart=np.zeros(len(levels), dtype="int32")))
    for said in (words["agrees"], words["differs"]):
        assert all(text.isascii() for text in in_english(said))


def test_a_null_stays_null() -> None:
    said = in_english(pd.Series(["họ tên, năm sinh", None], dtype="string[pyarrow]"))
    assert said.iloc[0] == "name, birth year"
    assert pd.isna(said.iloc[1])
