"""What is paid on top from 81 % on, and what is due and seems not to be paid."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.agent_orange.vocabulary import says_any
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import amount_would_be, answered, would_be
from eligibility_audit.rules.linked.others import other_item, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import Column, item, money, number, pieces, quoted

AMOUNTS: Final = ("nd58.ao", "nd75.ao", "nd55.ao", "nd77.ao")


@rule(
    id="AO_SUPPLEMENT_NO_MINUTES",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "nd31.ao", "pl2020.30.3", "nd131.58.3"),
    parameters=("allowances", "minutes_words"),
    day="payment",
    reads=("claim", "monthly_amount", "percent", "received_percent", "papers", "note"),
    ground="paper_missing",
    tier="C",
    false_is="undetermined",
    title_vi="Có phụ cấp đặc biệt hoặc trợ cấp người phục vụ nhưng danh sách không ghi giám định",
    title_en="A special supplement or a serving person's allowance without a medical board on the list",
    condition_vi=(
        "Phụ cấp đặc biệt, trợ cấp người phục vụ đi cùng biên bản giám định từ 81 % trở lên; không có biên bản thì vẫn "
        "hưởng mức từ 81 %, chỉ không hưởng hai khoản này."
    ),
    simplifications=(
        "Khoản hưởng thêm được nhận ra theo số tiền. / What is paid on top is told by the amount.",
        "Có ghi tỷ lệ thì coi như có biên bản. / Where a rate is written the minutes are taken to exist.",
    ),
)
def extras_rest_on_minutes(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether no extra is paid without a rate or minutes; not so where the cell for the rate says there is none."""
    named = says_any(cases["papers"], law.words("minutes_words")) | says_any(cases["note"], law.words("minutes_words"))
    unrated = cases["percent"].isna() & says_none(cases["received_percent"]) & ~named
    amounts = law.amounts("allowances")
    extra = cases["monthly_amount"].isin(with_serving(amounts) | {amounts["ao_81"] + amounts["suppl_81_special"]})
    decided = pd.Series(pd.NA, index=cases.index, dtype="boolean").mask(extra & unrated, False)
    return decided.mask((named | cases["percent"].notna()) & extra, True) | eq(cases["claim"], "child")


@extras_rest_on_minutes.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    amount = money(cases["monthly_amount"])
    return plain_words(
        cases,
        "Danh sách ghi " + amount + " đồng/tháng, có phụ cấp đặc biệt hoặc trợ cấp người phục vụ; không ghi giám định",
        "The list gives " + amount + " đồng a month with an extra, and no medical board",
        asks=(
            "; cơ quan tìm biên bản trong hồ sơ trước. Không có biên bản thì vẫn hưởng mức từ 81 %.",
            "; the office looks for the minutes first. Without them the allowance from 81 % stays.",
        ),
    )


@rule(
    id="AO_SERVING_UNPAID",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "pl2020.30.3", *AMOUNTS),
    parameters=("allowances", "bands", "serving_words"),
    day="payment",
    reads=("claim", "percent", "monthly_amount", "note", "serving_record_id"),
    ground="rate",
    tier="C",
    title_vi="Từ 81 %, ghi chú có người phục vụ nhưng chưa thấy chi trợ cấp người phục vụ",
    title_en="From 81 %, served at home by the note, and no serving person's allowance seen",
    condition_vi="Người từ 81 % trở lên sống ở gia đình có trợ cấp người phục vụ.",
    simplifications=(
        "Chỉ xét khi ghi chú nói có người phục vụ. / Only where the note says that someone serves.",
        "Trợ cấp có thể chi ở danh sách khác. / It may be paid on another list.",
    ),
)
def serving_person_is_paid(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the amount holds the serving person's allowance, or another line pays it, where the note says served."""
    words = law.lists("serving_words")
    top = (cases["percent"] >= law.amounts("bands")["ao_81"]).fillna(False)
    note = cases["note"].where(top)
    served = says_any(note, words["served"]) & ~says_any(note, words["denied"])
    amounts = law.amounts("allowances")
    without = cases["monthly_amount"].isin(without_serving(amounts) - with_serving(amounts))
    without = without & cases["serving_record_id"].isna()
    return (~(served & top & without)).mask(cases["monthly_amount"].isna()) | eq(cases["claim"], "child")


@serving_person_is_paid.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    due = law.amounts("allowances")["serving_person"]
    amount = money(cases["monthly_amount"])
    said = plain_words(
        cases,
        "Danh sách ghi "
        + number(cases["percent"])
        + " %, ghi chú "
        + quoted(cases["note"])
        + ", mức "
        + amount
        + " đồng",
        "The list gives "
        + number(cases["percent"])
        + " %, the note "
        + quoted(cases["note"])
        + ", "
        + amount
        + " đồng",
        asks=("; chưa thấy trợ cấp người phục vụ.", "; no serving person's allowance is seen."),
        against=("Trợ cấp người phục vụ có thể chi ở danh sách khác.", "It may be paid on another list."),
    )
    return said.assign(amount_at_stake=_each(due, cases), months=_each(1, cases), direction="tăng")


@rule(
    id="AO_NOT_PAID",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "pl2020.30.1", "pl2020.31.1", *AMOUNTS),
    parameters=("bands", "paused_words", *BASIS_PARAMETERS),
    day="payment",
    reads=("claim", "disease", "percent", "monthly_amount", "note"),
    ground="rate",
    tier="C",
    title_vi="Có trong danh sách hưởng nhưng mức chi là 0, không ghi lý do",
    title_en="On the list of those paid with an amount of nought and no reason",
    condition_vi="Người có tên trong danh sách hưởng và đạt mức thấp nhất thì được chi.",
)
def is_paid_something(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who reaches a band, or claims on another basis, is paid more than nought, or the note says why not."""
    bands, said = law.amounts("bands"), basis(cases["disease"], law)
    child = eq(cases["claim"], "child")
    least = pd.Series(bands["ao_21_40"], index=cases.index, dtype="Float64").mask(
        child.fillna(False), bands["child_61_80"]
    )
    due = cases["percent"] >= least
    due = due | ((said["infertile"] | said["deformed_child"]).fillna(False) & ~child.fillna(True))
    nought = cases["monthly_amount"] == 0
    unexplained = nought & ~says_any(cases["note"].where(nought.fillna(False)), law.words("paused_words"))
    return ~(unexplained & due).mask(child.isna())


@is_paid_something.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    said = plain_words(
        cases,
        "Danh sách ghi mức 0 đồng, không ghi lý do",
        "The list gives nought and no reason",
        asks=("; kiểm tra có bỏ sót chi trả không.", "; whether a payment was left out is to be checked."),
        against=("Có thể đang tạm dừng hoặc đã chuyển nơi chi trả.", "Payment may be paused or made elsewhere."),
    )
    return said.assign(direction="tăng")


@rule(
    id="AO_CHILD_BASIS_UNPAID",
    programmes=("agent_orange",),
    basis=("pl2020.30.1.b", *AMOUNTS),
    parameters=("allowances",),
    day="payment",
    valid_from="2021-07-01",
    reads=("claim", "monthly_amount", "own_children"),
    shows=("percent", *where("child")),
    ground="rate",
    tier="C",
    title_vi="Có con đẻ dị dạng, dị tật đang hưởng mà cha/mẹ hưởng mức 21–40 %",
    title_en="A deformed child is paid while the parent is paid the band 21–40 %",
    condition_vi="Người sinh con dị dạng, dị tật, có bệnh dưới 61 % hoặc không có bệnh, hưởng như mức 41–60 %.",
    simplifications=(
        "Quy định trước 01/7/2021 chưa tìm thấy nên chưa xét. / The law before July 2021 was not found; not judged.",
        "Người con trong danh sách được coi là có dị dạng, dị tật trong danh mục. / "
        "A child on the roster is taken to have a malformation of the list.",
    ),
)
def is_paid_for_the_child(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a veteran whose own child is on the roster is not paid the lowest band."""
    lowest = cases["monthly_amount"] == law.amounts("allowances")["ao_21_40"]
    return ~(lowest & (cases["own_children"] > 0)) | eq(cases["claim"], "child")


@is_paid_for_the_child.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    amounts = law.amounts("allowances")
    vi = "Danh sách ghi mức " + money(cases["monthly_amount"]) + " đồng/tháng; có con đẻ đang hưởng trong danh sách"
    en = "The list gives " + money(cases["monthly_amount"]) + " đồng a month; an own child is paid on the roster"
    said = plain_words(
        cases,
        vi,
        en,
        asks=("; có thể được hưởng như mức 41–60 %.", "; the band 41–60 % may be due."),
        against=("Dị dạng, dị tật của con cần đối chiếu danh mục.", "The child's malformation is to be compared."),
    )
    there = other_item(cases, "child", "Dòng của người con.", "The child's line.")
    return said.assign(
        evidence=pieces(cases, item(cases, vi + ".", en + "."), there),
        amount_at_stake=_each(amounts["ao_41_60"] - amounts["ao_21_40"], cases),
        months=_each(1, cases),
        direction="tăng",
    )


def without_serving(amounts: Mapping[str, int]) -> set[int]:
    """What may be paid from 81 % on without a serving person; the special supplement equals a serving allowance."""
    return {amounts["ao_81"] + more for more in (0, amounts["suppl_81"], amounts["suppl_81_special"])}


def with_serving(amounts: Mapping[str, int]) -> set[int]:
    """What may be paid from 81 % on with a serving person."""
    return {amount + amounts["serving_person"] for amount in without_serving(amounts)}


def _each(value: int, cases: pd.DataFrame) -> Column:
    return pd.Series(value, index=cases.index, dtype="Int64")


def _with_server(cases: pd.DataFrame, law: Parameters) -> Column:
    return cases["monthly_amount"] + law.amounts("allowances")["serving_person"]


def _middle(cases: pd.DataFrame, law: Parameters) -> Column:
    return _each(law.amounts("allowances")["ao_41_60"], cases)


would_be(
    extras_rest_on_minutes,
    "office",
    vi="hồ sơ có biên bản giám định y khoa từ 81 % trở lên",
    en="the file has the board's minutes, from 81 %",
    papers=lambda cases, law: law.words("minutes_words")[0],
)
would_be(
    serving_person_is_paid,
    "office",
    vi="danh sách, chứng từ khác cho thấy đã chi trợ cấp người phục vụ",
    en="another list or voucher pays the serving person's allowance",
    serving_record_id="danh sách khác",
)
amount_would_be(serving_person_is_paid, "office", _with_server)
would_be(
    is_paid_something,
    "office",
    vi="hồ sơ có quyết định tạm dừng, di chuyển",
    en="the file has a decision that pauses or moves the payment",
    note=lambda cases, law: law.words("paused_words")[0],
)
answered(
    is_paid_something,
    "entry",
    "monthly_amount",
    vi="mức 0 đồng là ghi nhầm, chứng từ cho thấy vẫn chi",
    en="the nought is a slip, vouchers show payment",
)
would_be(
    is_paid_for_the_child,
    "office",
    vi="đối chiếu danh mục: dị dạng, dị tật của con không thuộc danh mục",
    en="compared with the list: the child's malformation is not on it",
    own_children=0,
)
amount_would_be(is_paid_for_the_child, "office", _middle)
