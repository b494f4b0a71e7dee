"""The papers that prove time and place of a veteran's service."""

from datetime import date, timedelta
from typing import Final, cast

import pandas as pd

from eligibility_audit.domain.dates import day_number, span
from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.agent_orange.vocabulary import says_any, scan
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import Who, would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.plain_words import plain_words
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, dated, item, pieces, quoted

PAPERS: Final = ("nd31.ao", "tt05.ao", "nd131.54.1")


@rule(
    id="AO_PAPER_MISSING",
    programmes=("agent_orange",),
    basis=PAPERS,
    reads=("claim", "papers", "received_papers", "paper_dates"),
    shows=("decision_no", "decision_date"),
    ground="paper_missing",
    tier="C",
    undetermined_is="paper_missing",
    cell="papers",
    title_vi="Danh sách không ghi giấy tờ chứng minh",
    title_en="No paper is named",
    condition_vi="Danh sách ghi ít nhất một giấy tờ về thời gian, địa bàn (con không cần).",
)
def paper_is_named(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a paper on time and place is named; NA where none is. A child's file needs none of its own."""
    named = (cases["papers"].notna() & ~says_none(cases["papers"])) | cases["paper_dates"].notna()
    answer = named.astype("boolean").mask(~named)
    return answer.mask(eq(cases["claim"], "child").fillna(False), True)


@paper_is_named.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    decided = cases["decision_no"].notna()
    vi = "Ô giấy tờ " + ("ghi " + quoted(cases["received_papers"])).where(cases["received_papers"] != "", "để trống")
    en = "The cell for papers " + ("says " + quoted(cases["received_papers"])).where(
        cases["received_papers"] != "", "is blank"
    )
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cơ quan tra cứu hồ sơ trước, sau đó mới đề nghị bổ sung.",
            "reason_en": en + "; the office looks into its files first, then asks for the paper.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(
                cases,
                item(
                    cases,
                    ("Có quyết định số " + quoted(cases["decision_no"]) + ", khi đó hồ sơ phải có giấy tờ.").where(
                        decided, ""
                    ),
                    ("There is decision " + quoted(cases["decision_no"]) + ", which needed papers.").where(decided, ""),
                ),
            ),
        }
    )


@rule(
    id="AO_PAPER_LATE",
    programmes=("agent_orange",),
    basis=PAPERS,
    parameters="paper_cutoff",
    reads=("claim", "paper_dates", "undated_papers"),
    shows=("papers",),
    ground="paper_late",
    tier="C",
    false_is="undetermined",
    title_vi="Giấy tờ duy nhất xác lập muộn hơn thời hạn",
    title_en="The only paper was made too late",
    condition_vi="Có ít nhất một giấy tờ xác lập trước thời hạn; ngày sao y không phải là ngày lập.",
    simplifications=(
        "Ngày của bản sao không phải là ngày lập giấy tờ. / The date of a copy is not that of the paper.",
    ),
)
def paper_is_early_enough(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a paper was made before the cut-off; not so where every paper has a date and all are later."""
    dates = _earliest(cases["paper_dates"], law.day_of("paper_cutoff"))
    undated = cases["undated_papers"].fillna(1) > 0
    answer = dates.mask(undated & ~dates.fillna(False))
    return answer.mask(eq(cases["claim"], "child").fillna(False), True).mask(cases["claim"].isna())


@paper_is_early_enough.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    cutoff = law.day_of("paper_cutoff")
    days = dated(cases["paper_dates"].str.split(";").str[0])
    vi = "Giấy tờ " + quoted(cases["papers"]) + " lập ngày " + days
    en = "The paper " + quoted(cases["papers"]) + " is dated " + days
    return pd.DataFrame(
        {
            "reason_vi": vi + f", không trước {cutoff:%d/%m/%Y}; cần giấy tờ xác lập trước ngày đó.",
            "reason_en": en + f", not before {cutoff}; one made before that day is needed.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


@rule(
    id="AO_NEUROPATHY_PAPER",
    programmes=("agent_orange",),
    basis=("nd131.54.2.d",),
    parameters=("acute_neuropathy", *BASIS_PARAMETERS),
    day="granting",
    valid_from="2022-02-15",
    reads=("claim", "disease", "papers", "paper_dates", "undated_papers"),
    ground="paper_missing",
    tier="C",
    false_is="undetermined",
    title_vi="Bệnh thần kinh ngoại biên cấp tính, bán cấp tính: giấy ghi nhận lập sau 30/4/1975",
    title_en="Acute or subacute peripheral neuropathy: the paper was made after 30 April 1975",
    condition_vi="Giấy tờ ghi nhận bệnh thần kinh ngoại biên cấp tính, bán cấp tính được xác lập đến ngày 30/4/1975.",
    simplifications=(
        "Chỉ xét khi cột giấy tờ có ghi giấy của cơ sở y tế. / Only where the papers name one of a hospital.",
        "Hồ sơ quyết định trước 15/02/2022 chưa xét. / Files decided before 15 February 2022 are not judged.",
    ),
)
def neuropathy_was_recorded_then(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether a paper of the time records it; not so where a hospital's paper is named and all are dated later."""
    words, said = law.lists("acute_neuropathy"), basis(cases["disease"], law)
    acute = says_any(cases["disease"], words["disease"])
    others = scan(cases["disease"], {"acute": words["disease"], "listed": _diseases(law)})["listed"].fillna(False)
    alone = acute & ~others & ~said["infertile"] & ~said["deformed_child"]
    last = date.fromisoformat(words["until"][0])
    then = _earliest(cases["paper_dates"], last + timedelta(days=1))
    then = then.mask((cases["undated_papers"].fillna(1) > 0) & ~then.fillna(False))
    then = then.mask(~says_any(cases["papers"], words["papers"]) & ~then.fillna(False))
    return then | ~alone | eq(cases["claim"], "child")


@neuropathy_was_recorded_then.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    return plain_words(
        cases,
        "Danh sách ghi bệnh " + quoted(cases["disease"]) + ", giấy tờ " + quoted(cases["papers"]),
        "The list gives " + quoted(cases["disease"]) + " and the papers " + quoted(cases["papers"]),
        asks=(
            "; cần giấy ghi nhận bệnh lập đến ngày 30/4/1975, cơ quan tìm trong hồ sơ trước.",
            "; a paper made by 30 April 1975 is needed, the office looks into its files first.",
        ),
        against=("Giấy tờ về bệnh có thể không ghi ở cột này.", "Medical papers may not stand in this column."),
    )


def _diseases(law: Parameters) -> tuple[str, ...]:
    return tuple(word for words in law.lists("diseases").values() for word in words)


def _earliest(column: Column, cutoff: date) -> Truth:
    """Of `;`-separated dates: True where one is before the cut-off, False where all are on or after it, else NA."""
    codes, distinct = pd.factorize(column)
    parts = pd.Series([str(text).split(";") for text in distinct.to_numpy("object")]).explode().str.strip().astype(TEXT)
    days = span(parts.where(parts != ""))
    limit = day_number(cutoff)
    before = (days["last"] < limit).groupby(level=0).any()
    after = (days["first"] >= limit).groupby(level=0).all()
    unknown = days["first"].isna().groupby(level=0).any()
    answer = pd.Series(pd.NA, index=before.index, dtype="boolean")
    answer = answer.mask((after & ~unknown).fillna(False), False).mask(before.fillna(False), True)
    values = pd.array([*answer.reindex(range(len(distinct))), pd.NA], dtype="boolean")
    return pd.Series(values.take(codes), index=column.index)


for _who, _vi, _en in (
    ("office", "hồ sơ lưu có giấy tờ ghi thời gian, địa bàn", "a paper on time and place is in the files"),
    ("citizen", "giấy tờ ghi thời gian, địa bàn còn giữ", "a paper on time and place that the person keeps"),
):
    would_be(paper_is_named, cast(Who, _who), vi=_vi, en=_en, papers="Lý lịch quân nhân", paper_dates="1976")


def _one_before(cases: pd.DataFrame, law: Parameters) -> Column:
    before = law.day_of("paper_cutoff") - timedelta(days=1)
    return cases["paper_dates"] + ";" + before.isoformat()


def _is_before(cases: pd.DataFrame, law: Parameters) -> Column:
    said = f"một giấy tờ có ghi thời gian, địa bàn, xác lập trước ngày {law.day_of('paper_cutoff'):%d/%m/%Y}"
    return pd.Series(said, index=cases.index, dtype=TEXT)


def _is_before_en(cases: pd.DataFrame, law: Parameters) -> Column:
    said = f"a paper on time and place, made before {law.day_of('paper_cutoff')}"
    return pd.Series(said, index=cases.index, dtype=TEXT)


for _who in ("office", "citizen"):
    would_be(paper_is_early_enough, cast(Who, _who), vi=_is_before, en=_is_before_en, paper_dates=_one_before)
    would_be(
        neuropathy_was_recorded_then,
        cast(Who, _who),
        vi="giấy ghi nhận bệnh lập đến ngày 30/4/1975",
        en="a paper on the disease made by 30 April 1975",
        paper_dates=lambda cases, law: law.lists("acute_neuropathy")["until"][0],
    )
