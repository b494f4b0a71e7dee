"""Inspection conclusions followed, and the figures of a report."""

from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app

conclusions_app = typer.Typer(
    help="Theo dõi thực hiện kết luận thanh tra / follow inspection conclusions.", no_args_is_help=True
)
app.add_typer(conclusions_app, name="conclusions")


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
