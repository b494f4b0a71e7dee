"""Two allowances for merit that may stand together, each in its own measure."""

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.agent_orange.supplements import with_serving, without_serving
from eligibility_audit.rules.changes import amount_would_be, answered
from eligibility_audit.rules.linked.others import ids, other_item, where
from eligibility_audit.rules.merit_other.combinations import matrix, verdict
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, money, pieces, text


@rule(
    id="X_BB_AO_RATE",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "nd31.ao", "pl2020.30.1.d", "nd131.58.2"),
    parameters=("allowances",),
    day="payment",
    reads=("paid_status", "paid_own_status", "monthly_amount"),
    shows=("paid_record_id", *where("paid")),
    ground="overlap",
    tier="B",
    title_vi="Bệnh binh hưởng thêm chất độc hóa học cao hơn mức 41–60 %",
    title_en="A sick soldier also paid for Agent Orange above the band 41–60 %",
    condition_vi="Bệnh binh vô sinh hoặc sinh con dị dạng, dị tật hưởng trợ cấp bệnh binh và mức 41–60 %.",
    simplifications=("Người đã chọn giám định tổng hợp chưa phân biệt được. / A choice of Art 30(1)(đ) is not seen.",),
)
def is_paid_the_middle_band(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a sick soldier who claims on infertility or a deformed child is not paid above the band 41–60 %."""
    both = eq(cases["paid_status"], "sick_soldier").fillna(False)
    both = both & eq(cases["paid_own_status"], "ao_other_basis").fillna(False)
    return ~((cases["monthly_amount"] > law.amounts("allowances")["ao_41_60"]) & both)


@is_paid_the_middle_band.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    middle = law.amounts("allowances")["ao_41_60"]
    vi = "Hai dòng khớp một người: trợ cấp bệnh binh và " + money(cases["monthly_amount"]) + " đồng chất độc hóa học"
    en = "Two lines match one person: a sick soldier's and " + money(cases["monthly_amount"]) + " đồng for Agent Orange"
    said = _with_other(
        cases,
        "paid",
        vi,
        en,
        ("Có thể đã chọn giám định tổng hợp.", "They may have chosen one examination."),
    )
    return said.assign(
        amount_at_stake=cases["monthly_amount"] - middle,
        months=pd.Series(1, index=cases.index, dtype="Int64"),
    )


@rule(
    id="X_SERVING_TWICE",
    programmes=("agent_orange",),
    basis=("pl2005.one_file", "pl2020.6.3"),
    parameters=("combined_merit", "allowances"),
    day="payment",
    reads=("monthly_amount", "serving_record_id", "serving_status"),
    shows=where("serving"),
    ground="overlap",
    tier="C",
    title_vi="Trợ cấp người phục vụ có thể chi hai lần",
    title_en="A serving person's allowance may be paid twice",
    condition_vi="Thuộc nhiều đối tượng thì chỉ hưởng một trợ cấp người phục vụ, mức cao nhất.",
    simplifications=("Khoản phục vụ được nhận ra theo số tiền. / The serving part is told by the amount.",),
)
def is_served_once(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the amount holds no serving person's allowance where another line pays one."""
    amounts = law.amounts("allowances")
    with_one = with_serving(amounts) - without_serving(amounts)
    own = pd.Series("ao_serving", index=cases.index, dtype=TEXT)
    highest = eq(verdict(own, cases["serving_status"], matrix(law, "combined_merit")), "highest").fillna(False)
    return ~(cases["monthly_amount"].isin(with_one) & highest & cases["serving_record_id"].notna()).astype("boolean")


@is_served_once.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Mức " + money(cases["monthly_amount"]) + " đồng có trợ cấp người phục vụ; một dòng khác cũng chi khoản này"
    en = "The amount " + money(cases["monthly_amount"]) + " đồng holds a serving allowance; another line pays one too"
    said = _with_other(
        cases, "serving", vi, en, ("Dòng kia có thể là của người phục vụ.", "The other line may be the server's own.")
    )
    return said.assign(
        amount_at_stake=pd.Series(law.amounts("allowances")["serving_person"], index=cases.index, dtype="Int64"),
        months=pd.Series(1, index=cases.index, dtype="Int64"),
    )


def _with_other(cases: pd.DataFrame, prefix: str, vi: Column, en: Column, against: tuple[str, str]) -> pd.DataFrame:
    """The words, with the other line among the evidence."""
    there = other_item(cases, prefix, "Dòng còn lại.", "The other line.")
    other = cases[f"{prefix}_record_id"]
    return plain_words(cases, vi, en, against=against).assign(
        evidence=pieces(cases, item(cases, vi + ".", en + "."), there), subject=text(other), other_record_ids=ids(other)
    )


def _middle(cases: pd.DataFrame, law: Parameters) -> Column:
    return pd.Series(law.amounts("allowances")["ao_41_60"], index=cases.index, dtype="Int64")


answered(
    is_paid_the_middle_band,
    "office",
    "paid_status",
    vi="hồ sơ có lựa chọn giám định tổng hợp, hoặc hai dòng là hai người",
    en="the file has the choice of one examination, or the two lines are two persons",
)
amount_would_be(is_paid_the_middle_band, "office", _middle)
answered(
    is_served_once,
    "office",
    "serving_record_id",
    vi="hai dòng là hai người, hoặc khoản ở dòng kia đã thôi chi",
    en="the two lines are two persons, or the other line is no longer paid",
)
