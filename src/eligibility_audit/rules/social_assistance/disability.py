"""The certificate of disability and the level it gives."""

from collections.abc import Callable
from typing import cast

import pandas as pd

from eligibility_audit.domain.three_valued import Truth, eq
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.changes import Who, would_be
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import TEXT, Column, item, pieces, quoted
from eligibility_audit.rules.words_of_groups import group_of


@rule(
    id="SA_NO_CERT",
    programmes=("social_assistance",),
    basis=("nd136.groups", "l51.level", "nd20.5.6"),
    parameters="group_words",
    reads=("group", "certificate_no"),
    ground="paper_missing",
    tier="C",
    undetermined_is="paper_missing",
    cell="certificate_no",
    title_vi="Hưởng theo nhóm khuyết tật nhưng không ghi giấy xác nhận",
    title_en="Paid for a disability without a certificate number",
    condition_vi="Người hưởng theo nhóm khuyết tật có giấy xác nhận khuyết tật.",
)
def certificate_is_stated(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the certificate of disability is stated; NA where it is not, and met by any other group."""
    disabled = eq(group_of(cases["group"], law.lists("group_words")), "disability").fillna(False)
    stated = cases["certificate_no"].notna() & ~says_none(cases["certificate_no"])
    return pd.Series(True, index=cases.index, dtype="boolean").mask(disabled & ~stated)


@certificate_is_stated.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Nhóm " + quoted(cases["group"]) + ", ô số giấy xác nhận khuyết tật để trống hoặc ghi chưa có"
    en = "Group " + quoted(cases["group"]) + ", and the cell for the certificate of disability is blank or says none"
    return pd.DataFrame(
        {
            "reason_vi": vi + "; xã tra cứu hồ sơ của Hội đồng trước, sau đó mới đề nghị bổ sung.",
            "reason_en": en + "; the commune looks into its council's files first, then asks for it.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


@rule(
    id="SA_NO_LEVEL",
    programmes=("social_assistance",),
    basis=("nd28.3", "l51.level", "nd20.5.6"),
    parameters=("group_words", "levels"),
    reads=("group", "disability_level"),
    ground="paper_missing",
    tier="C",
    undetermined_is="paper_missing",
    cell="disability_level",
    title_vi="Hưởng theo nhóm khuyết tật nhưng không ghi mức độ",
    title_en="Paid for a disability without a level",
    condition_vi="Mức độ khuyết tật (đặc biệt nặng, nặng) ghi trên danh sách, theo giấy xác nhận.",
)
def level_is_stated(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the level of disability can be read from its cell or from the group; met by any other group."""
    unread = _disabled(cases, law) & level_of(cases, law).isna()
    return pd.Series(True, index=cases.index, dtype="boolean").mask(unread)


@level_is_stated.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Nhóm " + quoted(cases["group"]) + ", ô mức độ khuyết tật để trống hoặc ghi chưa có"
    en = "Group " + quoted(cases["group"]) + ", and the cell for the level of disability is blank or says none"
    return _said(cases, vi, en)


@rule(
    id="SA_LIGHT",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd28.3", "nd20.5.6"),
    parameters=("group_words", "levels"),
    reads=("group", "disability_level"),
    ground="doubt",
    tier="B",
    title_vi="Hưởng theo nhóm khuyết tật, mức độ ghi là nhẹ",
    title_en="Paid for a disability whose level is light",
    condition_vi="Người khuyết tật nặng hoặc đặc biệt nặng được trợ cấp hằng tháng.",
)
def disability_is_severe(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether who is paid for a disability has a level that is paid; NA where no level can be read."""
    level = level_of(cases, law)
    return (level != "light").astype("boolean").mask(level.isna() | ~_disabled(cases, law))


@disability_is_severe.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    level = quoted(cases["disability_level"].fillna(cases["group"]))
    vi = "Danh sách ghi mức độ khuyết tật " + level + " với nhóm " + quoted(cases["group"])
    en = "The list gives the level " + level + " with the group " + quoted(cases["group"])
    return _said(cases, vi, en)


@rule(
    id="SA_LEVEL",
    programmes=("social_assistance",),
    basis=("nd136.groups", "nd28.3", "nd20.5.6"),
    parameters=("group_words", "levels"),
    reads=("group", "disability_level"),
    ground="doubt",
    tier="C",
    false_is="undetermined",
    title_vi="Mức độ khuyết tật ở hai ô không giống nhau",
    title_en="Two cells give different levels of disability",
    condition_vi="Mức độ khuyết tật ở cột nhóm và cột mức độ là một.",
)
def levels_agree(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the level in the group is the one in its own column; NA where either is not stated."""
    own = group_of(cases["disability_level"], law.lists("levels"))
    of_group = group_of(cases["group"], law.lists("levels"))
    return (own == of_group).astype("boolean").mask(own.isna() | of_group.isna() | ~_disabled(cases, law))


@levels_agree.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    vi = "Cột nhóm ghi " + quoted(cases["group"]) + ", cột mức độ ghi " + quoted(cases["disability_level"])
    en = "The group says " + quoted(cases["group"]) + ", the level " + quoted(cases["disability_level"])
    return _said(cases, vi, en)


def level_of(cases: pd.DataFrame, law: Parameters) -> Column:
    """The level of disability: of its own cell, else of the group's words; null where neither says one."""
    levels = law.lists("levels")
    return group_of(cases["disability_level"], levels).fillna(group_of(cases["group"], levels))


def _disabled(cases: pd.DataFrame, law: Parameters) -> Column:
    disabled: Column = eq(group_of(cases["group"], law.lists("group_words")), "disability").fillna(False).astype("bool")
    return disabled


def _said(cases: pd.DataFrame, vi: Column, en: Column) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reason_vi": vi + "; cần đối chiếu hồ sơ của Hội đồng.",
            "reason_en": en + "; to be compared with the council's file.",
            "evidence": pieces(cases, item(cases, vi + ".", en + ".")),
            "evidence_against": pieces(cases),
        }
    )


def _level(name: str) -> Callable[[pd.DataFrame, Parameters], str]:
    return lambda cases, law: law.lists("levels")[name][0]


def _level_of_the_group(cases: pd.DataFrame, law: Parameters) -> Column:
    levels = law.lists("levels")
    return group_of(cases["group"], levels).map({name: words[0] for name, words in levels.items()}).astype(TEXT)


for _rule in (level_is_stated, disability_is_severe):
    for _name, _vi, _en in (("severe", "nặng", "severe"), ("most_severe", "đặc biệt nặng", "most severe")):
        would_be(
            _rule,
            "office",
            vi=f"giấy xác nhận khuyết tật trong hồ sơ của Hội đồng ghi mức độ {_vi}",
            en=f"the certificate in the council's file gives the level {_en}",
            disability_level=_level(_name),
        )
would_be(
    levels_agree,
    "office",
    vi="giấy xác nhận khuyết tật ghi mức độ như cột nhóm",
    en="the certificate gives the level that the group says",
    disability_level=_level_of_the_group,
)
for _who, _vi, _en in (
    ("office", "Hội đồng cấp xã có số giấy xác nhận khuyết tật", "the commune's council has the certificate's number"),
    ("citizen", "giấy xác nhận khuyết tật", "the certificate of disability"),
):
    would_be(certificate_is_stated, cast(Who, _who), vi=_vi, en=_en, certificate_no="số giấy xác nhận")
