"""Audits: run, inspect, init, invent, demo, explain, verify, compare."""

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import STOPPED, app, fail, progress
from eligibility_audit.cli.law import KnownOn, LawFolders, ask_law


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
    ask_law(law, law_known_on)
    if model:
        os.environ["EA_MODEL"] = str(model.resolve())
    if judgements_from_store:
        os.environ["EA_JUDGEMENTS_FROM_STORE"] = "1"
    run_plan(plan, out, fail_on)


def run_plan(plan: Path, out: Path | None, fail_on: Action | None) -> None:
    """Run a plan through the Prefect flow, tell what came out, end with its exit code."""
    from eligibility_audit.use_cases.summarise_run import default_folder, is_done, summarise

    place = out or default_folder(plan, Path("runs"))
    if not is_done(plan, place):
        typer.echo("Khởi động Prefect (10–20 giây) … / starting Prefect …", err=True)
        from eligibility_audit.flows.audit import audit
        from eligibility_audit.use_cases.run_audit import reading_ahead

        try:
            with progress(), reading_ahead(plan, place):
                audit(plan=str(plan), run_folder=str(place))
        except KeyboardInterrupt:
            fail(STOPPED, 130)
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
    persons: Annotated[int, typer.Option(min=1_500, max=1_000_000, help="Số người / persons.")] = 2_000,
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
        with progress():
            crowd = invent_people(rows=rows, seed=seed, out=out)
        typer.echo(describe_people(crowd, out))
        return
    with progress():
        made = invent_province(persons=persons, seed=seed, out=out, files=files.value)
    typer.echo(describe(made))


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Thư mục / folder.")] = Path("demo"),
    persons: Annotated[int, typer.Option(min=1_500, max=1_000_000, help="Số người / persons.")] = 2_000,
) -> None:
    """Chạy thử toàn bộ trên một tỉnh bịa / the whole job on an invented province."""
    from eligibility_audit.use_cases.invent_province import describe, invent_province
    from eligibility_audit.use_cases.summarise_run import default_folder

    invented = out / "invented"
    plan = invented / "province" / "audit.yaml"
    if not plan.exists():
        with progress():
            made = invent_province(persons=persons, seed=2020, out=invented)
        typer.echo(describe(made), err=True)
    run_plan(plan, default_folder(plan, out / "runs"), None)


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
def verify(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="RUN|FILE", help="Thư mục lần chạy, hoặc PDF, xlsx, csv / run folder, file."),
    ] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="Kiểm tra sổ ghi của cơ quan / walk the ledger.")] = False,
    root: Annotated[str, typer.Option(help="Mốc chốt đã in hoặc gửi lưu / a root that was printed or deposited.")] = "",
    trust: Annotated[
        list[Path] | None, typer.Option(help="Chứng thư gốc tin cậy; lặp lại được / a trusted root; repeatable.")
    ] = None,
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="So với lần chạy này / hold a file against this run.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="So với danh sách này (PDF, xlsx) / hold a file against this list.")
    ] = None,
) -> None:
    """Kiểm tra lần chạy, tệp đã nhận, hoặc sổ ghi còn nguyên vẹn / a run, a file or the ledger is as it was made."""
    from eligibility_audit.errors import UsageError

    if path is not None and path.suffix == ".zip" and path.is_file():
        from eligibility_audit.settings import load_key, load_settings
        from eligibility_audit.use_cases.keeping.capsule import verify as verify_capsule

        typer.echo(verify_capsule(path, load_key(load_settings())))
        return
    if path is not None and not path.is_dir():
        from eligibility_audit.cli.reports import told_of_file

        typer.echo(told_of_file(path, tuple(trust or ()), run_folder, against, root, ledger=ledger))
        return
    if ledger == (path is not None) or (root and not ledger) or trust or run_folder or against:
        raise UsageError(
            "Hãy nêu một thư mục lần chạy, một tệp, hoặc --ledger. / Name a run folder, a file or --ledger."
        )
    if path is not None:
        from eligibility_audit.use_cases.verify_run import verify_run

        typer.echo(verify_run(path))
        return
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.verify_ledger import verify_ledger

    typer.echo(verify_ledger(open_office(load_settings()), root))


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

    with progress():
        told = compare_laws(plan, law, out)
    typer.echo(told)
