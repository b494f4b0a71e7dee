"""A value is the same number in any table: what one night's blocks are told from the next night's by."""

import numpy as np
import pandas as pd

from eligibility_audit.linkage.people import keys_of
from tests.linkage.conftest import Crowd, frame


def test_numbers_are_equal_where_keys_are_and_do_not_depend_on_other_rows(crowd: Crowd) -> None:
    odd: list[dict[str, str | None]] = [
        {"name": "Trần  Văn TÈO", "alias": "Hùng", "commune": "Xã Lạ", "national_id": "AB-12", "dossier_no": "HS 01"},
        {"name": "Tèo", "home_place": "Xã Số 3 - Huyện 0", "national_id": "ab12", "dossier_no": "hs01"},
        {"name": None, "date_of_birth": "1950-02", "commune": "Số 3", "national_id": "12345678"},
        {"name": "Hùng Văn Trần", "date_of_birth": "1950-02-30x", "commune": ""},
    ]
    people = crowd(odd, 60)
    keys, numbers = keys_of(people)
    for name, codes in keys.items():
        assert np.array_equal(pd.factorize(codes)[0], pd.factorize(numbers[name])[0]), name
        assert np.array_equal(codes < 0, numbers[name] < 0), name
    part = people.iloc[:40:2]
    _, fewer = keys_of(pd.concat([frame([{"record_id": "x", "name": "Lê Lợi", "commune": "Xã Đầu"}]), part]))
    for name, told in fewer.items():
        if name not in ("district", "commune"):  # a district may be told from communes of other rows
            assert np.array_equal(told[1:], numbers[name][:40:2]), name


def test_an_alias_has_the_number_of_the_name_that_it_stands_for() -> None:
    rows: list[dict[str, str | None]] = [{"name": "Trần Văn Tèo", "alias": "Hùng"}, {"name": "Trần văn hùng"}]
    _, numbers = keys_of(frame(rows))
    assert numbers["alias"].tolist() == [numbers["name"][1], -1]
