"""The army's record against the roster."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.agent_orange.vocabulary import nothing_left, scan
from eligibility_audit.rules.changes import answered
from eligibility_audit.rules.facts.identity import in_english
from eligibility_audit.rules.linked.others import other_item, unlike, where
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import rule
from eligibility_audit.rules.wording import dated, item, pieces, quoted, text

SOUTHERN: Final = ["south", "laos", "cambodia", "vinh_linh"]


@rule(
    id="AO_SVC_CONFLICT",
    programmes=("agent_orange",),
    basis=("pl2005.ao", "nd31.ao", "pl2020.29.1", "nd131.53.1"),
    parameters="places",
    reads=("unit", "place", "army_record_id", "army_place", "army_overlaps"),
    shows=("army_from", "army_to", "army_agrees", "army_differs", *where("army")),
    ground="doubt",
    tier="B",
    title_vi="Địa bàn trên danh sách khác trích ngang của quân đội trong cùng thời gian",
    title_en="The roster's place and the army's differ for the same time",
    condition_vi="Trích ngang của quân đội không ghi cùng thời gian ấy ở hẳn miền Bắc.",
    simplifications=(
        "Chỉ nêu khi danh sách ghi B, C, K hoặc Vĩnh Linh, còn quân đội ghi rõ ràng toàn miền Bắc, và hai khoảng "
        "thời gian có ngày chung. Không có tên trong danh sách của quân đội không nói lên điều gì. / "
        "Only where the list says B, C, K or Vĩnh Linh, the army plainly the North alone, and the times share a day. "
        "Not standing on the army's list says nothing.",
    ),
)
def army_agrees_on_the_place(cases: pd.DataFrame, law: Parameters) -> Truth:
    """Whether the army does not put the same service plainly in the North; never NA: no army record says nothing."""
    places = law.lists("places")
    ours = scan(cases["place"].fillna(cases["unit"]), places)[SOUTHERN].any(axis="columns").fillna(False)
    army = scan(cases["army_place"], places)
    north = army["north"] & ~army["undecided"] & ~army[SOUTHERN].any(axis="columns") & nothing_left(army["rest"])
    conflict = ours & north.fillna(False) & cases["army_overlaps"].fillna(False)
    return (~conflict).astype("boolean")


@army_agrees_on_the_place.words
def _(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
    ours = cases["place"].fillna(cases["unit"])
    period = dated(cases["army_from"]) + " – " + dated(cases["army_to"])
    agrees, differs = text(cases["army_agrees"]), text(cases["army_differs"])
    vi = "trích ngang của quân đội ghi " + quoted(cases["army_place"]) + " (" + period + ")"
    en = "the army's record says " + quoted(cases["army_place"]) + " (" + period + ")"
    return pd.DataFrame(
        {
            "reason_vi": "Danh sách ghi địa bàn " + quoted(ours) + ", " + vi + " trong cùng thời gian; cần xác minh.",
            "reason_en": "The list says " + quoted(ours) + ", " + en + " for the same time; to be verified.",
            "evidence": pieces(
                cases,
                other_item(
                    cases,
                    "army",
                    "Quân đội: " + vi + "; trùng " + agrees + ".",
                    "Army: " + en + "; agrees in " + in_english(agrees) + ".",
                ),
                item(cases, "Danh sách ghi địa bàn " + quoted(ours) + ".", "The list says " + quoted(ours) + "."),
            ),
            "evidence_against": pieces(
                cases,
                other_item(
                    cases,
                    "army",
                    unlike(differs),
                    "Does not agree: " + in_english(differs) + ".",
                ),
                item(
                    cases,
                    "Trích ngang có thể chỉ ghi một phần quá trình công tác.",
                    "The record may give only a part of the service.",
                ),
            ),
            "identity_agrees": agrees,
            "identity_differs": differs,
            "subject": text(cases["army_record_id"]),
            "other_record_ids": '["' + text(cases["army_record_id"]) + '"]',
        }
    )


answered(
    army_agrees_on_the_place,
    "office",
    "army_place",
    vi="Bộ Chỉ huy quân sự tỉnh trả lời rằng có thời gian ở chiến trường B, C, K, hoặc đó là người khác",
    en="the Provincial Military Command answers that some service was in B, C or K, or that it is another person",
)
