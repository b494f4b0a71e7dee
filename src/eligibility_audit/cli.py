"""The command line: data to stdout, progress and logs to stderr. Heavy libraries are imported where they are needed.

Exit codes: 0 done, 1 recommendations at or above --fail-on, 2 usage, configuration or input, 3 brake tripped,
4 integrity check failed.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from eligibility_audit.errors import EligibilityAuditError

STOPPED = "Đã dừng theo yêu cầu; chạy lại cùng lệnh để làm tiếp / stopped; the same command goes on"
app = typer.Typer(
    name="eligibility-audit",
    help="Rà soát danh sách hưởng trợ cấp: đọc, kiểm tra, đối chiếu, áp dụng luật, đề xuất. / "
    "Review benefit rosters: read, validate, link, apply the law, recommend.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)
rules_app = typer.Typer(help="Các quy tắc của luật / the rules of law.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")
conclusions_app = typer.Typer(
    help="Theo dõi thực hiện kết luận thanh tra / follow inspection conclusions.", no_args_is_help=True
)
app.add_typer(conclusions_app, name="conclusions")
accounts_app = typer.Typer(help="Tài khoản của trang web / accounts of the pages.", no_args_is_help=True)
app.add_typer(accounts_app, name="accounts")


LawFolders = Annotated[
    list[Path] | None,
    typer.Option("--law", help="Thư mục luật đặt trên luật đã cài; lặp lại được / a folder of law over the installed."),
]
KnownOn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="Luật như được biết ở đây ngày này / the law as it was known."),
]


class Action(StrEnum):
    """Actions for --fail-on, least to most severe."""

    ASK_PAPERS = "ask_papers"
    ADJUST = "adjust"
    VERIFY = "verify"
    SUSPEND = "suspend"
    TERMINATE = "terminate"


class InventedFiles(StrEnum):
    """File kinds of an invented province."""

    AUTO = "auto"
    WORKBOOKS = "workbooks"
    CSV = "csv"
    PARQUET = "parquet"


def main() -> None:
    """Run the command line; every foreseen error ends as a sentence and an exit code."""
    try:
        app()
    except EligibilityAuditError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail(STOPPED, 130)
    except BrokenPipeError:
        os._exit(0)  # whoever read our output has gone
    except Exception as error:  # noqa: BLE001 - its text may hold a person's data: it goes to a file of the owner's
        _fail(_keep_crash(error), 2)


def _fail(sentence: str, code: int) -> NoReturn:
    typer.echo(f"Lỗi / error: {sentence}", err=True)
    sys.exit(code)


def _keep_crash(error: Exception) -> str:
    """Write an unforeseen error down where its owner alone can read it, and say where."""
    import traceback

    from eligibility_audit.settings import load_settings

    place = load_settings().folder / "crash.txt"
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    place.touch(mode=0o600)
    place.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return (
        f"lỗi không lường trước ({type(error).__name__}); chi tiết ở {place}, hãy gửi cho nhóm phát triển / "
        "an unforeseen error; details are in that file, send it to the developers"
    )


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("eligibility-audit"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Phiên bản / version.")
    ] = False,
) -> None:
    """Rà soát danh sách hưởng trợ cấp / review benefit rosters."""


@app.command()
def run(
    plan: Annotated[Path, typer.Argument(help="Kế hoạch audit.yaml / the plan.")],
    out: Annotated[Path | None, typer.Option(help="Thư mục kết quả / the run folder; default ./runs/<run_id>.")] = None,
    fail_on: Annotated[
        Action | None, typer.Option(help="Thoát với mã 1 nếu có đề xuất từ mức này / exit 1 at or above.")
    ] = None,
    law: LawFolders = None,
    law_known_on: KnownOn = None,
    judgements_from_store: Annotated[
        bool,
        typer.Option(
            "--judgements-from-store", help="Theo kết luận của cán bộ về các cặp / heed what officers judged of pairs."
        ),
    ] = False,
    model: Annotated[
        Path | None,
        typer.Option(help="Mô hình ghép đã học (model.yaml của một lần chạy) / a learnt linkage model."),
    ] = None,
) -> None:
    """Chạy một cuộc rà soát / run an audit."""
    _ask_law(law, law_known_on)
    if model:
        os.environ["EA_MODEL"] = str(model.resolve())
    if judgements_from_store:
        os.environ["EA_JUDGEMENTS_FROM_STORE"] = "1"
    _run(plan, out, fail_on)


def _ask_law(folders: list[Path] | None, known_on: datetime | None) -> None:
    """Options stand for the settings EA_LAW and EA_LAW_KNOWN_ON, in the processes of this command too."""
    if folders:
        os.environ["EA_LAW"] = os.pathsep.join(str(folder.resolve()) for folder in folders)
    if known_on:
        os.environ["EA_LAW_KNOWN_ON"] = known_on.date().isoformat()


def _run(plan: Path, out: Path | None, fail_on: Action | None) -> None:
    from eligibility_audit.use_cases.summarise_run import default_folder, is_done, summarise

    place = out or default_folder(plan, Path("runs"))
    if not is_done(plan, place):
        typer.echo("Khởi động Prefect (10–20 giây) … / starting Prefect …", err=True)
        from eligibility_audit.flows.audit import audit
        from eligibility_audit.use_cases.run_audit import reading_ahead

        try:
            with _progress(), reading_ahead(plan, place):
                audit(plan=str(plan), run_folder=str(place))
        except KeyboardInterrupt:
            _fail(STOPPED, 130)
    summary = summarise(place)
    typer.echo(summary.text)
    if summary.braked:
        raise typer.Exit(3)
    if fail_on and summary.reaches(fail_on.value):
        raise typer.Exit(1)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="Tệp cần xem / the file.")],
    kind: Annotated[str | None, typer.Option(help="Loại danh sách / kind of list, if known.")] = None,
) -> None:
    """Xem một tệp sẽ được đọc thế nào, không chạy rà soát / how one file would be read; no run."""
    from eligibility_audit.use_cases.inspect_file import inspect_file

    typer.echo(inspect_file(file, kind))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Thư mục có các danh sách / the folder of lists.")] = Path(),
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="Ngày tính / as-of day.")
    ] = None,
    name: Annotated[
        str, typer.Option(help="Tên cuộc rà soát / name of the audit.")
    ] = "Rà soát đối tượng hưởng trợ cấp",
) -> None:
    """Tạo kế hoạch audit.yaml cho một thư mục / make a plan for a folder of files."""
    from eligibility_audit.use_cases.make_plan import make_plan

    typer.echo(make_plan(folder, as_of.date() if as_of else None, name))


@app.command()
def invent(
    persons: Annotated[int, typer.Option(min=1_500, max=500_000, help="Số người / persons.")] = 2_000,
    seed: Annotated[int, typer.Option(help="Hạt giống / seed.")] = 1,
    out: Annotated[Path, typer.Option(help="Thư mục mới / a new folder.")] = Path("invented"),
    files: Annotated[InventedFiles, typer.Option(help="Dạng tệp / kind of files.")] = InventedFiles.AUTO,
    rows: Annotated[
        int | None, typer.Option(help="Thay vì một tỉnh: một bảng người để thử link / instead, one table for link.")
    ] = None,
) -> None:
    """Bịa một tỉnh để thử, có đáp án / invent a province with its answer key."""
    from eligibility_audit.use_cases.invent_province import describe, describe_people, invent_people, invent_province

    if rows is not None:
        with _progress():
            crowd = invent_people(rows=rows, seed=seed, out=out)
        typer.echo(describe_people(crowd, out))
        return
    with _progress():
        made = invent_province(persons=persons, seed=seed, out=out, files=files.value)
    typer.echo(describe(made))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Thư mục / folder.")] = Path("demo"),
    persons: Annotated[int, typer.Option(min=1_500, max=500_000, help="Số người / persons.")] = 2_000,
) -> None:
    """Chạy thử toàn bộ trên một tỉnh bịa / the whole job on an invented province."""
    from eligibility_audit.use_cases.invent_province import describe, invent_province
    from eligibility_audit.use_cases.summarise_run import default_folder

    invented = out / "invented"
    plan = invented / "province" / "audit.yaml"
    if not plan.exists():
        with _progress():
            made = invent_province(persons=persons, seed=2020, out=invented)
        typer.echo(describe(made), err=True)
    _run(plan, default_folder(plan, out / "runs"), None)


@app.command()
def link(
    left: Annotated[Path, typer.Argument(help="Bảng thứ nhất, csv hoặc parquet / the left table.")],
    right: Annotated[Path | None, typer.Argument(help="Bảng thứ hai / the right table.")] = None,
    model: Annotated[Path | None, typer.Option(help="Mô hình / the model (YAML).")] = None,
    out: Annotated[Path | None, typer.Option(help="Các cặp / the pairs (parquet).")] = None,
    clusters: Annotated[Path | None, typer.Option(help="Các nhóm / the clusters (parquet).")] = None,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="Xác suất thấp nhất / least probability.")] = 0.5,
    fit: Annotated[Path | None, typer.Option(help="Ghi mô hình ước lượng vào / write the fitted model to.")] = None,
    labels: Annotated[
        str | None, typer.Option(help="Nhãn để đo: tệp hoặc cột / labels to measure against: a file or a column.")
    ] = None,
    evaluate: Annotated[Path | None, typer.Option(help="Ghi kết quả đo (JSON) / write the measurement.")] = None,
    judgements: Annotated[
        Path | None, typer.Option(help="Kết luận của cán bộ về các cặp / what officers judged of pairs (csv, parquet).")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="Thư mục giữ lần ghép trước: chỉ so phần thay đổi / kept from run to run: only changes."),
    ] = None,
    one_to_one: Annotated[
        bool, typer.Option(help="Mỗi bảng có một người một lần / each table has a person once.")
    ] = False,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Giải thích một cặp id, có ghép hay không / why a pair is linked or not."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Hình của cặp đó, .svg hoặc .png / the picture of that pair.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Số luồng / threads; mặc định mọi lõi / all cores.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Bộ nhớ cho các cặp chờ, như 4G / memory for pairs in waiting; cần --spill.")
    ] = None,
    spill: Annotated[Path | None, typer.Option(help="Thư mục tạm cho phần vượt / a folder for what is beyond.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Địa chỉ cụm Dask / address of a Dask scheduler (extra `scale`).")
    ] = None,
) -> None:
    """Ghép hồ sơ trên bảng bất kỳ / link records of any tables."""
    if explain is not None:
        from eligibility_audit.use_cases.explain_pair import explain_pair_of_files

        typer.echo(explain_pair_of_files(left, right, model, *explain, picture=picture))
        return
    from eligibility_audit.linkage.workers import means
    from eligibility_audit.use_cases.link_files import describe, link_files

    report = link_files(
        left,
        right,
        model_path=model,
        out=out,
        clusters=clusters,
        threshold=threshold,
        fit=fit,
        labels=labels,
        evaluate_into=evaluate,
        judgements=judgements,
        state=state,
        one_to_one=one_to_one,
        means=means(workers, memory, spill, scheduler),
    )
    typer.echo(describe(report))


@app.command()
def explain(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Mã hồ sơ, phát hiện, vụ việc, đề xuất / any id.")],
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="Thư mục lần chạy; mặc định lần gần nhất / run folder.")
    ] = None,
) -> None:
    """Giải thích một mã, từ dòng nguồn đến đề xuất / the whole chain from source line to action."""
    from eligibility_audit.use_cases.explain_id import explain as explain_id
    from eligibility_audit.use_cases.summarise_run import latest_folder

    typer.echo(explain_id(id_, run_folder or latest_folder()))


@app.command()
def verify(run_folder: Annotated[Path, typer.Argument(metavar="RUN", help="Thư mục lần chạy / run folder.")]) -> None:
    """Kiểm tra từng tệp của một lần chạy còn nguyên vẹn / every file of a run is what its manifest says."""
    from eligibility_audit.use_cases.verify_run import verify_run

    typer.echo(verify_run(run_folder))


@app.command()
def compare(
    plan: Annotated[Path, typer.Argument(help="Kế hoạch audit.yaml / the plan.")],
    law: Annotated[
        list[str],
        typer.Option(help="Hai lần: thư mục luật, `installed` hoặc `known:NGÀY` / twice: a folder of law, or these."),
    ],
    out: Annotated[Path | None, typer.Option(help="Thư mục mới / a new folder; default ./compare/<hash>.")] = None,
) -> None:
    """Xem trước: đổi luật thì danh sách đổi thế nào / what another law would do to the roster, before it is used."""
    from eligibility_audit.use_cases.compare_law import compare_laws

    with _progress():
        told = compare_laws(plan, law, out)
    typer.echo(told)


@rules_app.command("list")
def rules_list(law: LawFolders = None, law_known_on: KnownOn = None) -> None:
    """Liệt kê các quy tắc, và luật lấy từ đâu / list the rules, and where their law comes from."""
    from eligibility_audit.use_cases.show_rules import list_rules

    _ask_law(law, law_known_on)
    typer.echo(list_rules())


@rules_app.command("to-verify")
def rules_to_verify(
    as_csv: Annotated[bool, typer.Option("--csv", help="Bảng đủ cột / the whole table, as csv.")] = False,
    law: LawFolders = None,
    law_known_on: KnownOn = None,
) -> None:
    """Luật cần kiểm tra, điều quan trọng trước / what of the law to verify, first things first."""
    from eligibility_audit.use_cases import law_to_verify

    _ask_law(law, law_known_on)
    typer.echo(law_to_verify.as_csv() if as_csv else law_to_verify.as_markdown(), nl=False)


@rules_app.command("show")
def rules_show(
    rule_id: Annotated[str, typer.Argument(metavar="ID")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="Luật của một ngày / its law on a day.")
    ] = None,
    law: LawFolders = None,
    law_known_on: KnownOn = None,
) -> None:
    """Xem một quy tắc: điều kiện, căn cứ, tham số / show one rule."""
    from eligibility_audit.use_cases.show_rules import show_rule

    _ask_law(law, law_known_on)
    typer.echo(show_rule(rule_id, on.date() if on else None))


@conclusions_app.command("init")
def conclusions_init(plan: Annotated[Path, typer.Argument(help="Kế hoạch audit.yaml / the plan.")]) -> None:
    """Viết sẵn một tệp cho mỗi kết luận mà phụ lục nêu / write a file for each conclusion that the annexes name."""
    from eligibility_audit.use_cases.conclusion_files import write_conclusion_files

    typer.echo(write_conclusion_files(plan))


@conclusions_app.command("check")
def conclusions_check(plan: Annotated[Path, typer.Argument(help="Kế hoạch audit.yaml / the plan.")]) -> None:
    """Kiểm tra tệp kết luận và sổ theo dõi đã điền / check the files of conclusions and the filled ledgers."""
    from eligibility_audit.use_cases.conclusion_files import check_conclusions

    typer.echo(check_conclusions(plan))


@conclusions_app.command("show")
def conclusions_show(
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="Thư mục lần chạy; mặc định lần gần nhất / run folder.")
    ] = None,
) -> None:
    """Đã làm n trên N, quá hạn, chưa tìm thấy / n of N, overdue, not found, of a run."""
    from eligibility_audit.use_cases.conclusion_files import show_conclusions
    from eligibility_audit.use_cases.summarise_run import latest_folder

    typer.echo(show_conclusions(run_folder or latest_folder()))


@conclusions_app.command("report")
def conclusions_report(
    plan: Annotated[Path, typer.Argument(help="Kế hoạch audit.yaml / the plan.")],
    out: Annotated[Path, typer.Option(help="Thư mục mới / a new folder.")],
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="Thư mục lần chạy; mặc định lần gần nhất / run folder.")
    ] = None,
) -> None:
    """Lập lại sổ và báo cáo sau khi điền kết quả, không chạy lại / make ledger and report anew, without a new run."""
    from eligibility_audit.use_cases.conclusion_files import report_conclusions
    from eligibility_audit.use_cases.summarise_run import latest_folder

    typer.echo(report_conclusions(plan, run_folder or latest_folder(), out))


@app.command("report-figures")
def report_figures(
    counts: Annotated[Path, typer.Argument(help="Các số đếm của báo cáo, YAML / the report's counts.")],
) -> None:
    """Tính lại các con số của báo cáo từ số đếm; nói rõ điều suy ra / recompute a report's figures from its counts."""
    from eligibility_audit.use_cases.report_figures import show_figures

    typer.echo(show_figures(counts))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Địa chỉ lắng nghe / address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="Cổng / port.")] = 8000,
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="Mở hồ sơ từ lần chạy này trước / open the cases of this run first.")
    ] = None,
    practice: Annotated[
        bool, typer.Option(help="Tập làm trên một tỉnh bịa / practise on an invented province.")
    ] = False,
    https: Annotated[bool, typer.Option(help="Đứng sau https: cookie chỉ qua https / behind https.")] = False,
) -> None:
    """Mở trang web để cán bộ rà soát / serve the pages in which officers review."""
    import uvicorn

    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.open_cases import open_cases
    from eligibility_audit.web import create_app

    if practice:
        from eligibility_audit.use_cases.review.practise import PASSWORD, practise

        made = practise(Path("practice"), lambda plan, out: _run(plan, out, None))
        office = made.office
        for login, role in made.logins:
            typer.echo(f"{login} / {PASSWORD}: {role}", err=True)
    else:
        office = open_office(load_settings())
    if run_folder is not None:
        typer.echo(open_cases(office, run_folder).told(), err=True)
    typer.echo(f"http://{host}:{port}", err=True)
    uvicorn.run(create_app(office, secure_cookies=https), host=host, port=port, log_level="warning", access_log=False)


@app.command("export-subject")
def export_subject(
    person: Annotated[str, typer.Argument(help="Mã hồ sơ, số hồ sơ hoặc số định danh / case, dossier or id number")],
    out: Annotated[Path, typer.Option(help="Tệp zip mới / a new zip.")] = Path("subject.zip"),
) -> None:
    """Mọi thứ kho đang giữ về một người / everything that the store holds of a person."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.export_subject import export_subject as export

    typer.echo(f"{export(open_office(load_settings()), person, out)} hồ sơ / cases: {out}")


@accounts_app.command("add")
def add(
    login: Annotated[str, typer.Argument(help="Tên đăng nhập / login.")],
    name: Annotated[str, typer.Option(help="Họ tên / name.")],
    role: Annotated[
        str, typer.Option(help="viewer, commune_officer, officer, checker, authority, inspector, administrator")
    ],
    unit: Annotated[str, typer.Option(help="Đơn vị / unit.")],
    district: Annotated[
        list[str] | None, typer.Option(help="Huyện được xem; lặp lại được / district in scope.")
    ] = None,
    commune: Annotated[
        list[str] | None, typer.Option(help="Xã được xem, viết `Xã A, Huyện B` / commune in scope.")
    ] = None,
    confirms_law: Annotated[bool, typer.Option(help="Là cán bộ pháp chế / confirms the law.")] = False,
) -> None:
    """Thêm tài khoản; mật khẩu được hỏi, không nằm trên dòng lệnh / add an account; the password is asked for."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.accounts import add_account, place_of, role_of
    from eligibility_audit.store.office import open_office

    password = typer.prompt("Mật khẩu / password", hide_input=True, confirmation_prompt=True)
    actor = add_account(
        open_office(load_settings()),
        login=login,
        name=name,
        role=role_of(role),
        unit=unit,
        password=password,
        districts=district or (),
        communes=[place_of(each) for each in commune or ()],
        confirms_law=confirms_law,
    )
    typer.echo(f"Đã thêm {login} / added: {actor.user_id}")


@contextmanager
def _progress() -> Iterator[None]:
    """Progress bars on stderr where it is a terminal (or EA_PROGRESS=on); a line a step where it is not."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.use_cases.progress import listening

    wanted = load_settings().progress
    if wanted == "off":
        yield
        return
    if wanted == "on" or sys.stderr.isatty():
        with _bars() as listener, listening(listener):
            yield
        return
    with listening(_line):
        yield


def _line(step: str, done: int, total: int) -> None:
    if done == total:
        typer.echo(f"  {step}: {done}/{total}", err=True)


@contextmanager
def _bars() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        known = {}

        def listener(step: str, done: int, total: int) -> None:
            if step not in known:
                known[step] = bars.add_task(step, total=total)
            bars.update(known[step], completed=done, total=total)

        yield listener
