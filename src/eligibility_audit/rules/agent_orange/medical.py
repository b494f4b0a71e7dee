"""The disease, and the rate of bodily injury that a claim on a disease needs."""

from collections.abc import Callable
from typing import Final, cast

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, eq, le
from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.agent_orange.vocabulary import says_any
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import Who, would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, money, number, pieces, quoted, text

LIST: Final = ("qd26.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "ttlt41.ao", "pl2020.29.1.a", "nd131.53.3")
RATE: Final = ("qd26.ao", "pl2005.ao", "nd54.ao", "nd31.ao", "ttlt41.ao", "pl2020.29.1.a", "pl2020.31.1", "nd131.54.2")


@rule(
    id="AO_DISEASE",
    programmes=("agent_orange",),
    basis=LIST,
    parameters=BASIS_PARAMETERS,
    day="granting",
    reads=("claim", "disease"),
    shows=("percent",),
    ground="doubt",
    tier="B",
    title_vi="Bệnh ghi trên danh sách không thuộc danh mục",
    title_en="The only disease written is not on the list",
    condition_vi=(
        "Có một bệnh trong danh mục, hoặc căn cứ khác theo luật; chỉ nêu khi mọi bệnh đã ghi chắc chắn ngoài danh mục."
    ),
    simplifications=(
        "Danh mục là bản nhớ lại, cần kiểm tra; bệnh không nhận ra thì không kết luận. / "
        "The list is recalled and to be checked; a disease that is not known decides nothing.",
        "Hồ sơ cũ có thể theo danh mục khác của ngày quyết định. / An older file may follow another list.",
    ),
)
def disease_is_listed(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a listed disease or another basis is written; not met where only plainly unlisted diseases are."""
    said = basis(cases["disease"], law)
    child = eq(cases["claim"], "child")
    other = (said["infertile"] | said["deformed_child"]).mask(child.fillna(False), said["child_listed"])
    decided = pd.Series(pd.NA, index=cases.index, dtype="boolean").mask(said["unlisted"].fillna(False), False)
    return decided.mask((said["listed"] | other).fillna(False), True).mask(child.isna())


@disease_is_listed.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi, en = "Danh sách chỉ ghi bệnh " + quoted(cases["disease"]), "The list gives only " + quoted(cases["disease"])
    rated = "Có ghi tỷ lệ tổn thương cơ thể " + number(cases["percent"]) + " %."
    rated_en = "A rate of injury is written: " + number(cases["percent"]) + " %."
    known = cases["percent"].notna()
    return pd.DataFrame(
        {
            "reason_vi": vi + ", không thuộc danh mục bệnh liên quan đến chất độc hóa học; cần xác minh.",
            "reason_en": en + ", which is not on the list of related diseases; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases, item(cases, rated.where(known, ""), rated_en.where(known, ""))),
        }
    )


@rule(
    id="AO_DISEASE_SCOPE",
    programmes=("agent_orange",),
    basis=LIST,
    parameters=BASIS_PARAMETERS,
    day="granting",
    reads=("claim", "disease"),
    ground="doubt",
    tier="C",
    title_vi="Con hưởng theo bệnh chỉ dành cho người tham gia kháng chiến, hoặc ngược lại",
    title_en="A child on a disease that is a veteran's only, or the reverse",
    condition_vi=(
        "Bệnh từ khoản 1 đến khoản 15 của danh mục là của người hoạt động kháng chiến; dị dạng, dị tật bẩm sinh và gai "
        "sống chẻ đôi (khoản 16, 17) là của con đẻ."
    ),
    simplifications=(
        "Người tham gia kháng chiến chỉ được nêu khi ghi rõ gai sống chẻ đôi. / "
        "A veteran is named only where a split spine is written.",
        "Danh mục là bản nhớ lại, cần kiểm tra. / The list is recalled and to be checked.",
    ),
)
def disease_is_of_the_claim(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a child's cell names more than diseases of items 1 to 15, a veteran's more than item 17."""
    said = basis(cases["disease"], law)
    child = eq(cases["claim"], "child")
    veterans_only = said["listed"] & ~said["child_listed"]
    spine = says_any(cases["disease"], law.lists("child_diseases")["spina_bifida"])
    childs_only = spine & ~said["listed"] & ~said["infertile"] & ~said["deformed_child"]
    return ~(veterans_only & child | childs_only & ~child)


@disease_is_of_the_claim.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    child = (cases["claim"] == "child").fillna(False)
    disease = quoted(cases["disease"])
    vi = ("Hồ sơ của con ghi bệnh " + disease + ", thuộc phần danh mục của người hoạt động kháng chiến").where(
        child, "Hồ sơ của người hoạt động kháng chiến ghi " + disease + ", thuộc phần danh mục của con đẻ"
    )
    en = ("A child's file gives " + disease + ", of the veterans' part of the list").where(
        child, "A veteran's file gives " + disease + ", of the children's part of the list"
    )
    return plain_words(
        cases,
        vi,
        en,
        against=(
            "Có thể ghi bệnh của người kia, hoặc hồ sơ còn bệnh khác.",
            "It may be the other's disease, or the file may name another.",
        ),
    )


@rule(
    id="AO_MED_MISSING",
    programmes=("agent_orange",),
    basis=RATE,
    parameters=(*BASIS_PARAMETERS, "bands", "allowances"),
    reads=("claim", "disease", "percent", "received_percent"),
    shows=("monthly_amount", "note"),
    ground="paper_missing",
    tier="C",
    false_is="undetermined",
    title_vi="Căn cứ là bệnh nhưng chưa có tỷ lệ tổn thương cơ thể",
    title_en="A claim on a disease without a rate of injury",
    condition_vi=(
        "Hồ sơ theo bệnh (hoặc của con) có tỷ lệ tổn thương cơ thể; vô sinh, sinh con dị dạng, dị tật thì không cần."
    ),
)
def rate_is_stated(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the rate of injury is stated where the law needs it.

    A veteran's claim on a listed disease and a child's claim need one; infertility and a deformed child do not. Not so
    where the cell is blank, or says there is none, in a column that the sheet has; NA where the basis is not known.
    """
    said = basis(cases["disease"], law)
    child = eq(cases["claim"], "child").fillna(False)
    exempt = (said["infertile"] | said["deformed_child"]) & ~child
    needed = (said["listed"] | said["unlisted"]).mask(child, said["child_listed"] | said["listed"])
    lacking = needed.fillna(False) & cases["percent"].isna() & says_none(cases["received_percent"])
    decided = pd.Series(pd.NA, index=cases.index, dtype="boolean").mask(lacking, False)
    return decided.mask(exempt.fillna(False) | cases["percent"].notna(), True).mask(cases["claim"].isna())


@rate_is_stated.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi, en = "Danh sách ghi bệnh " + quoted(cases["disease"]), "The list gives " + quoted(cases["disease"])
    paid = cases["monthly_amount"].notna()
    return pd.DataFrame(
        {
            "reason_vi": vi + " nhưng ô tỷ lệ tổn thương cơ thể không có; cần bổ sung biên bản giám định y khoa.",
            "reason_en": en + " but the cell for the rate of injury has none; the board's minutes are to be added.",
            "evidence": pieces(cases, item(cases, vi + ", không ghi tỷ lệ.", en + ", no rate.")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    (
                        "Đang hưởng mức " + money(cases["monthly_amount"]) + " đồng, thường theo một biên bản đã có."
                    ).where(paid, ""),
                    ("Paid " + money(cases["monthly_amount"]) + " đồng, as a rule upon minutes that exist.").where(
                        paid, ""
                    ),
                ),
            ),
        }
    )


@rule(
    id="AO_PERCENT_LOW",
    programmes=("agent_orange",),
    basis=RATE,
    parameters=(*BASIS_PARAMETERS, "bands"),
    day="granting",
    reads=("claim", "disease", "percent"),
    ground="doubt",
    tier="B",
    title_vi="Tỷ lệ tổn thương cơ thể thấp hơn mức thấp nhất được hưởng",
    title_en="Rate of injury below the lowest band",
    condition_vi="Tỷ lệ tổn thương cơ thể từ mức thấp nhất được hưởng trở lên.",
    simplifications=(
        "Hồ sơ quyết định trước 01/6/2013 theo quy định khác, chưa xét tỷ lệ. / "
        "Files decided before June 2013 under other provisions are not judged by a rate.",
    ),
)
def rate_is_high_enough(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the rate reaches the lowest band: of a veteran on a disease alone, or of a child."""
    bands = law.amounts("bands")
    said = basis(cases["disease"], law)
    child = eq(cases["claim"], "child")
    veteran_enough = le(pd.Series(bands["ao_21_40"], index=cases.index, dtype="Float64"), cases["percent"])
    child_enough = le(pd.Series(bands["child_61_80"], index=cases.index, dtype="Float64"), cases["percent"])
    other_basis = said["infertile"] | said["deformed_child"]
    needs_it = said["listed"].mask(~said["listed"] & ~other_basis) & ~other_basis  # NA where the basis is not known
    return (veteran_enough | ~needs_it).mask(child.fillna(False), child_enough).mask(child.isna())


@rate_is_high_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    bands = law.amounts("bands")
    least = pd.Series(bands["ao_21_40"], index=cases.index).mask(cases["claim"] == "child", bands["child_61_80"])
    rate = number(cases["percent"])
    vi, en = "Danh sách ghi tỷ lệ tổn thương cơ thể " + rate + " %", "The list gives a rate of injury of " + rate + " %"
    return pd.DataFrame(
        {
            "reason_vi": vi + ", thấp hơn mức thấp nhất " + text(least) + " %; cần xác minh.",
            "reason_en": en + ", below the lowest band from " + text(least) + " %; to be verified.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


_Rate = Callable[[pd.DataFrame, Parameters], Column]


def _with_a_listed_disease(cases: pd.DataFrame, law: Parameters) -> Column:
    """What the cell says, and a disease of the part of the list that is the claim's own."""
    own, child = (next(iter(law.lists(name).values()))[0] for name in ("diseases", "child_diseases"))
    listed = pd.Series(own, index=cases.index, dtype=TEXT).mask((cases["claim"] == "child").fillna(False), child)
    return cases["disease"] + ", " + listed


def _lowest(cases: pd.DataFrame, law: Parameters) -> Column:
    """The rate from which the claim is paid."""
    bands = law.amounts("bands")
    lowest = pd.Series(bands["ao_21_40"], index=cases.index, dtype="Float64")
    return lowest.mask((cases["claim"] == "child").fillna(False), bands["child_61_80"])


def _of_the_amount(cases: pd.DataFrame, law: Parameters) -> Column:
    """The lowest rate to which the amount paid belongs; where it is no one's, the lowest that is paid."""
    bands, amounts = law.amounts("bands"), law.amounts("allowances")
    rate, child = _lowest(cases, law), (cases["claim"] == "child").fillna(False)
    for name, least in bands.items():
        paid = (cases["monthly_amount"] == amounts[name]).fillna(False)
        rate = rate.mask(paid & (child == name.startswith("child")), least)
    top = (cases["monthly_amount"] > amounts["ao_81"]).fillna(False) & ~child
    return rate.mask(top, bands["ao_81"])


for _who, _vi, _en in (
    (
        "office",
        "biên bản, bệnh án trong hồ sơ ghi một bệnh trong danh mục",
        "the file names a listed disease",
    ),
    ("citizen", "bệnh án, giấy ra viện ghi một bệnh trong danh mục", "a hospital's paper names a listed disease"),
):
    would_be(disease_is_listed, cast(Who, _who), vi=_vi, en=_en, disease=_with_a_listed_disease)
would_be(
    disease_is_of_the_claim,
    "office",
    vi="biên bản giám định trong hồ sơ ghi bệnh, dị dạng, dị tật đúng phần danh mục",
    en="the board's minutes on file name a disease of the right part of the list",
    disease=_with_a_listed_disease,
)
would_be(
    rate_is_stated,
    "office",
    vi=lambda cases, law: "biên bản giám định trong hồ sơ ghi tỷ lệ từ " + number(_of_the_amount(cases, law)) + " %",
    en=lambda cases, law: "minutes on file give a rate from " + number(_of_the_amount(cases, law)) + " %",
    percent=_of_the_amount,
)
would_be(
    rate_is_stated,
    "citizen",
    vi="biên bản giám định y khoa còn giữ",
    en="the board's minutes that the person keeps",
    percent=_of_the_amount,
)
for _band in ("ao_21_40", "ao_41_60", "ao_61_80", "ao_81"):

    def _at_least(cases: pd.DataFrame, law: Parameters, band: str = _band) -> Column:
        return _lowest(cases, law).clip(lower=law.amounts("bands")[band])

    def _in_vi(cases: pd.DataFrame, law: Parameters, rate: _Rate = _at_least) -> Column:
        return "biên bản giám định trong hồ sơ ghi tỷ lệ từ " + number(rate(cases, law)) + " %"

    def _in_en(cases: pd.DataFrame, law: Parameters, rate: _Rate = _at_least) -> Column:
        return "minutes on file give a rate from " + number(rate(cases, law)) + " %"

    would_be(rate_is_high_enough, "office", vi=_in_vi, en=_in_en, percent=_at_least)
