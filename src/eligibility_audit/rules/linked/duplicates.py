"""Is a person paid once? Second lines on one roster, and groups that are not paid together."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.facts.identity import in_english
from eligibility_audit.rules.linked.others import ids, in_place, other_item, unlike, when, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, pieces, text

MERIT: Final = ("pl2005.one_file", "pl2020.6.3", "nd131.131")
BASIS: Final = {
    "agent_orange": MERIT,
    "merit_other": MERIT,
    "social_assistance": ("nd136.one", "nd20.6.2"),
    "covid_relief": ("qd15.one",),
}
GROUPS_BASIS: Final = BASIS | {"social_assistance": (*BASIS["social_assistance"], "nd176.higher")}
CODES: Final = {"agent_orange": "AO", "merit_other": "ME", "social_assistance": "SA", "covid_relief": "CV"}
TWO_PEOPLE: Final = (
    "hai xã trả lời rằng đó là hai người khác nhau, hoặc một nơi đã thôi chi trả",
    "the two communes answer that they are two persons, or that one of them has stopped paying",
)
KINDS_VI: Final = {
    "id_same": "cùng số CMND/CCCD và họ tên",
    "id_midswap": "cùng số CMND/CCCD, họ tên thiếu chữ đệm hoặc ngày tháng đổi chỗ",
    "name_dob": "cùng họ tên và đủ ngày sinh",
    "id9v12_tone": "cùng họ tên (không xét dấu) và đủ ngày sinh, một bên ghi CMND, một bên ghi CCCD",
    "idtypo_year": "cùng họ tên và năm sinh, số CMND/CCCD khác một chữ số",
    "weak": "cùng họ tên và năm sinh, ít thông tin để so",
}
KINDS_EN: Final = {
    "id_same": "the same id number and name",
    "id_midswap": "the same id number, a middle name left out or day and month changed places",
    "name_dob": "the same name and full birth date",
    "id9v12_tone": "the same name (without marks) and full birth date, one side with the old id number",
    "idtypo_year": "the same name and birth year, the id numbers one digit apart",
    "weak": "the same name and birth year, little to compare",
}
WEAK: Final = ("weak",)


def _shows(prefix: str) -> tuple[str, ...]:
    names = ("record_id", "ids", "kind", "agrees", "differs", "groups")
    return (*(f"{prefix}_{name}" for name in names), *where(prefix))


def _one_month(cases: pd.DataFrame) -> pd.DataFrame:
    """One month's allowance of this line, or the one payment."""
    if "amount" in cases:
        return pd.DataFrame({"amount_at_stake": cases["amount"].astype("Int64")})
    amount = cases["monthly_amount"].astype("Int64")
    return pd.DataFrame(
        {"amount_at_stake": amount, "months": pd.Series(1, index=cases.index, dtype="Int64").mask(amount.isna())}
    )


def _place(cases: pd.DataFrame, prefix: str) -> Column:
    sheet = text(cases[f"{prefix}_sheet"])
    return (
        text(cases[f"{prefix}_file"]) + when(sheet != "", ", trang " + sheet) + ", dòng " + text(cases[f"{prefix}_row"])
    )


def _words(cases: pd.DataFrame, prefix: str, what: str, what_en: str) -> pd.DataFrame:
    kind, kind_en = (cases[f"{prefix}_kind"].map(names).astype(TEXT).fillna("") for names in (KINDS_VI, KINDS_EN))
    agrees, differs = text(cases[f"{prefix}_agrees"]), text(cases[f"{prefix}_differs"])
    place = _place(cases, prefix)
    every = ids(cases[f"{prefix}_ids"])
    more = text(cases[f"{prefix}_ids"]).str.count(";")
    and_more = when(more > 0, " (và " + text(more) + " dòng khác)")
    return pd.DataFrame(
        {
            "reason_vi": what + " tại " + place + and_more + ": " + kind + "; cần xác minh có phải một người.",
            "reason_en": what_en
            + " at "
            + in_place(cases, prefix)
            + when(more > 0, " (and " + text(more) + " more)")
            + ": "
            + kind_en
            + "; to be verified whether it is one person.",
            "evidence": pieces(
                cases,
                other_item(cases, prefix, "Trùng " + agrees + ".", "Agrees in " + in_english(agrees) + "."),
                item(cases, "Dòng đang xét trên danh sách chi trả.", "The line under review."),
            ),
            "evidence_against": pieces(
                cases,
                other_item(
                    cases,
                    prefix,
                    unlike(differs),
                    "Does not agree: " + in_english(differs) + ".",
                ),
                item(
                    cases,
                    "Hai dòng có thể là hai người, hoặc hồ sơ đã chuyển nơi quản lý mà chưa giảm ở nơi cũ.",
                    "They may be two persons, or a file moved and not yet taken off the old list.",
                ),
            ),
            "evidence_tier": cases[f"{prefix}_kind"].isin(WEAK).map({True: "C", False: "B"}).astype(TEXT),
            "identity_agrees": agrees,
            "identity_differs": differs,
            "subject": text(cases[f"{prefix}_record_id"]),
            "other_record_ids": every,
        }
    )


def _register(programme: str, code: str) -> None:
    amount = "amount" if programme == "covid_relief" else "monthly_amount"

    @rule(
        id=f"{code}_DUP",
        programmes=(programme,),
        basis=BASIS,
        reads=("duplicate_record_id",),
        shows=(*_shows("duplicate"), amount),
        ground="duplicate",
        tier="B",
        title_vi="Có thể một người được ghi hai lần trên cùng danh sách",
        title_en="One person may be twice on the list",
        condition_vi="Một người chỉ có một dòng cùng nhóm trên một danh sách.",
        simplifications=(
            "Cả hai dòng đều được nêu; số tiền cần làm rõ là một tháng của dòng đó, không phải tổng đã chi. / "
            "Both lines are named; the sum to be made clear is one month of the line, not all that was paid.",
            "Dòng không ghi rõ nhóm được coi như cùng nhóm với dòng kia. / "
            "A line whose group is not clear is taken as of the other line's group.",
        ),
    )
    def once_on_the_list(cases: pd.DataFrame, law: Parameters) -> Truth:
        """Whether no other line of the roster seems to be this person, paid in the same group."""
        return cases["duplicate_record_id"].isna().astype("boolean")

    @once_on_the_list.words
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        said = _words(cases, "duplicate", "Danh sách có dòng thứ hai", "The list has a second line")
        return said.join(_one_month(cases))

    answered(once_on_the_list, "office", "duplicate_record_id", vi=TWO_PEOPLE[0], en=TWO_PEOPLE[1])


for _programme, _code in CODES.items():
    _register(_programme, _code)


def _register_groups(programme: str, code: str, parameters: tuple[str, ...]) -> None:
    amount = "amount" if programme == "covid_relief" else "monthly_amount"

    @rule(
        id=f"{code}_TWO_GROUPS",
        programmes=(programme,),
        basis=GROUPS_BASIS,
        parameters=parameters,
        reads=("overlap_record_id", "overlap_groups"),
        shows=(
            *(name for name in _shows("overlap") if name not in {"overlap_record_id", "overlap_groups"}),
            amount,
            "group",
        ),
        ground="overlap",
        tier="B",
        title_vi="Có thể một người hưởng theo hai nhóm",
        title_en="One person may be paid in two groups",
        condition_vi="Một người không hưởng hai nhóm mà quy định chỉ cho hưởng một.",
        simplifications=(
            "Nhóm được nhận biết theo lời ghi trên danh sách. / The group is told by the words of the list.",
        ),
    )
    def one_group(cases: pd.DataFrame, law: Parameters) -> Truth:
        """Whether no other line seems to be this person, paid in a group not paid together with this one's."""
        together = set(law.words("groups_paid_together")) if parameters else set()
        allowed = cases["overlap_record_id"].isna().to_numpy("bool", copy=True)
        both = text(cases["overlap_groups"][~allowed]).str.split(" | ", regex=False)
        allowed[~allowed] = [_together(pair, together) for pair in both]
        return pd.Series(allowed, index=cases.index, dtype="boolean")

    @one_group.words
    def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        said = _words(cases, "overlap", "Cùng danh sách có dòng của nhóm khác", "The list has a line of another group")
        return said.join(_one_month(cases))

    answered(one_group, "office", "overlap_record_id", vi=TWO_PEOPLE[0], en=TWO_PEOPLE[1])


def _together(pair: list[str], together: set[str]) -> bool:
    """Whether two groups may be paid together: one of them with any other, or this very pair."""
    return bool(together.intersection(pair)) or " + ".join(sorted(pair)) in together


_register_groups("social_assistance", "SA", ("groups_paid_together",))
_register_groups("covid_relief", "CV", ())
