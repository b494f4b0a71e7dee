"""Plugins: the example of docs/plugins.md goes from an Excel list to a recommendation; a broken one is a sentence."""

import re
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.domain import kinds
from eligibility_audit.domain.plan import plan_schema
from eligibility_audit.errors import UsageError
from eligibility_audit.quality import suites
from eligibility_audit.readers import headings
from eligibility_audit.rules import assess
from eligibility_audit.rules.registry import RULES
from eligibility_audit.use_cases import plugins
from eligibility_audit.use_cases.load_plan import load_plan
from eligibility_audit.use_cases.show_rules import list_rules, show_rule
from tests.rules.rosters import run

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
FILES = dict(re.findall(r"^`([\w./]+)`\n```\w+\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S))
CAPTIONS = [
    "TT",
    "Họ và tên",
    "Năm sinh",
    "Số CMND",
    "Xã",
    "Huyện",
    "Mã công tơ",
    "Điện năng (kWh)",
    "Mức trợ cấp tháng",
]
LINES = [
    [1, "Trần Văn Khởi", "1948", "150100001", "An Khê", "Quỳnh Phụ", "PA01", "80", "46.000"],
    [2, "Lê Đình Tuấn", "1951", "150100002", "An Khê", "Quỳnh Phụ", "PA02", "140", "46.000"],
    [3, "Phạm Quang Sáng", "1939", "150100003", "Đồng Tiến", "Quỳnh Phụ", "PA03", None, "46.000"],
]


@pytest.fixture(autouse=True)
def left_as_it_was() -> Iterator[None]:
    """What a plugin registers is gone after the test."""
    assess.import_rules()
    kept: list[tuple[dict[object, object], dict[object, object]]] = [
        (one, dict(one))
        for one in (kinds.KINDS, RULES, plugins._LOADED, headings._LEARNT, suites.PLUGIN_SUITES)  # type: ignore[misc]
    ]
    modules = list(assess.PLUGIN_MODULES)
    yield
    for one, before in kept:
        one.clear()
        one.update(before)
    assess.PLUGIN_MODULES[:] = modules
    for cached in (headings.word_scores, headings.is_known, headings.recognised, suites.suite):
        cached.cache_clear()


def written(folder: Path, **changed: str) -> Path:
    """The example in a folder, with some files changed (`heating_py`: `heating.py`)."""
    files = {**FILES, **{_name(name): text for name, text in changed.items()}}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _name(name: str) -> str:
    return next(file for file in FILES if file.replace("/", "_").replace(".", "_") == name)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    lists = tmp_path / "lists"
    lists.mkdir()
    title = ["DANH SÁCH HỖ TRỢ TIỀN ĐIỆN MÙA ĐÔNG"] + [None] * (len(CAPTIONS) - 1)
    rows: list[list[object]] = [title, list(CAPTIONS), *LINES]
    pd.DataFrame(rows).to_excel(lists / "tien_dien.xlsx", header=False, index=False)
    path = lists / "audit.yaml"
    path.write_text(
        "name: Thử\nas_of: 2020-12-31\nsources:\n  - {kind: heating_aid, path: tien_dien.xlsx}\n", encoding="utf-8"
    )
    return path


def test_a_new_programme_goes_from_a_workbook_to_a_recommendation(
    tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "heating")
    monkeypatch.setenv("EA_PLUGINS", str(folder))
    findings, made, opened = run(plan, tmp_path / "out")
    assert findings["rule_id"].tolist() == ["HT_USE"], "80 is within the limit, and nothing is known of the third line"
    (line,) = made.to_dict("records")
    assert (line["action"], line["source_row"], line["programme"]) == ("verify", 4, "heating_aid")
    assert line["reason_vi"] == "Danh sách ghi 140 kWh; mức được hỗ trợ đến 100 kWh."
    assert line["legal_basis"] == "Điều 2 Nghị quyết 08/2020/NQ-HĐND"
    assert line["verify_with"] == "Điện lực huyện"
    records = pd.read_parquet(opened.steps["gather"] / "records" / "heating_aid.parquet")
    assert records["used_kwh"].tolist()[:2] == [80, 140]
    assert records["meter_no"].tolist() == ["PA01", "PA02", "PA03"]
    (told,) = opened.folder.inputs["plugins"]
    assert (told["name"], told["version"]) == ("heating", "1")
    assert opened.folder.inputs["law"]["folders"][0]["name"] == "Nghị quyết của tỉnh về hỗ trợ tiền điện"


@pytest.mark.slow
def test_and_to_lists_and_a_report(tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from eligibility_audit.use_cases import run_audit

    monkeypatch.setenv("EA_PLUGINS", str(written(tmp_path / "heating")))
    out = tmp_path / "out"
    with run_audit.opened(plan, out) as opened:
        run_audit.read_and_link(opened, str(out))
        assert run_audit.validate(str(out))
        run_audit.assess(str(out))
        assert run_audit.recommend_(str(out))
        run_audit.publish_(str(out))
    assert (out / "report.html").exists()
    assert "Hỗ trợ tiền điện mùa đông" in (out / "report.html").read_text(encoding="utf-8")


def test_its_rules_and_kinds_are_shown_as_all_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_PLUGINS", str(written(tmp_path / "heating")))
    assert "HT_USE" in list_rules()
    assert "most_kwh" in show_rule("HT_USE")
    assert "heating_aid" in str(plan_schema())
    assert "heating_aid" in kinds.ROSTERS


def test_without_the_plugin_its_kind_is_none(plan: Path) -> None:
    with pytest.raises(UsageError, match="heating_aid"):
        load_plan(plan)


def test_a_plugin_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_PLUGINS", str(written(tmp_path / "heating")))
    assert plugins.load_plugins() == plugins.load_plugins()


def test_what_it_is_depends_on_every_file_of_it(tmp_path: Path) -> None:
    one = plugins._digest(written(tmp_path / "a"))
    other = plugins._digest(written(tmp_path / "b", heating_py=FILES["heating.py"] + "\n"))
    assert one != other


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"plugin_yaml": "name: heating"}, "version", id="a description that is not whole"),
        pytest.param({"plugin_yaml": "a: ["}, "plugin.yaml", id="not YAML"),
        pytest.param(
            {"plugin_yaml": FILES["plugin.yaml"].replace("heating_aid:", "deaths:")},
            "deaths already",
            id="a kind taken",
        ),
        pytest.param(
            {"plugin_yaml": FILES["plugin.yaml"].replace("used_kwh]", "used]")},
            "required",
            id="a required field unknown",
        ),
        pytest.param(
            {"plugin_yaml": FILES["plugin.yaml"].replace("form: whole", "form: litres")}, "form", id="an unknown form"
        ),
        pytest.param({"heating_py": "import no_such_module"}, "no_such_module", id="a module that is not there"),
        pytest.param({"heating_py": "def"}, "SyntaxError", id="no Python"),
        pytest.param(
            {"heating_py": FILES["heating.py"].replace('"HT_USE"', '"AO_RATE"')}, "two rules AO_RATE", id="a rule taken"
        ),
        pytest.param(
            {"heating_py": FILES["heating.py"].replace('"heating_aid"', '"heat"')},
            "unknown programme",
            id="no programme",
        ),
        pytest.param({"law_pack_yaml": "vi: a"}, "pack.yaml", id="law without its pack"),
    ],
)
def test_a_broken_plugin_is_a_sentence_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: Mapping[str, str], said: str
) -> None:
    monkeypatch.setenv("EA_PLUGINS", str(written(tmp_path / "heating", **changed)))
    with pytest.raises(UsageError, match=f"(?s)heating.*EA_PLUGINS.*{said}") as raised:
        plugins.load_plugins()
    assert raised.value.exit_code == 2


def test_a_folder_that_is_none_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_PLUGINS", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"plugin\.yaml"):
        plugins.load_plugins()


def test_a_package_brings_a_plugin_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "site" / "heating_package")
    (tmp_path / "site" / "heating_package" / "__init__.py").write_text('"""A package."""\n', encoding="utf-8")
    dist = tmp_path / "site" / "heating_package-1.dist-info"
    dist.mkdir()
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: heating-package\nVersion: 1\n", encoding="utf-8")
    (dist / "entry_points.txt").write_text(f"[{plugins.GROUP}]\nheating = heating_package\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert metadata.entry_points(group=plugins.GROUP)
    assert [plugin.name for plugin in plugins.load_plugins()] == ["heating"]
    assert "HT_USE" in RULES
