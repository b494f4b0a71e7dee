"""Documents of a finished run: lists, slips and tables."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app


class DocumentFormat(StrEnum):
    """Formats of lists."""

    XLSX = "xlsx"
    PDF = "pdf"
    DOCX = "docx"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class ListCode(StrEnum):
    """Lists, by their codes."""

    VERIFY = "verify"
    ASK_PAPERS = "ask_papers"
    ADJUST_UP = "adjust_up"
    ADJUST_DOWN = "adjust_down"
    ADJUST = "adjust"
    SUSPEND = "suspend"
    TERMINATE = "terminate"
    ALIVE = "alive"


@app.command()
def lists(
    run_folder: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="Thư mục lần chạy; mặc định lần gần nhất / run folder.")
    ] = None,
    format_: Annotated[
        list[DocumentFormat] | None, typer.Option("--format", help="Dạng tệp; lặp lại được / format; repeatable.")
    ] = None,
    list_: Annotated[
        list[ListCode] | None, typer.Option("--list", help="Chỉ danh sách này; lặp lại được / only this list.")
    ] = None,
    district: Annotated[list[str] | None, typer.Option(help="Chỉ huyện này / only this district.")] = None,
    commune: Annotated[list[str] | None, typer.Option(help="Chỉ xã này / only this commune.")] = None,
    slips: Annotated[bool, typer.Option("--slips", help="Thêm phiếu từng hồ sơ / a one-page slip a case too.")] = False,
    office: Annotated[str, typer.Option(help="Tên cơ quan ban hành / issuing body.")] = "",
    superior: Annotated[str, typer.Option(help="Cơ quan chủ quản / the body above.")] = "",
    place: Annotated[str, typer.Option(help="Địa danh / place name.")] = "",
    out: Annotated[Path, typer.Option(help="Thư mục mới / a new folder.")] = Path("danh-sach"),
) -> None:
    """Lập lại danh sách của một lần chạy: sổ, PDF, DOCX, bảng; cả tỉnh hoặc một huyện, xã / lists of a run again."""
    from eligibility_audit.publish import Letterhead
    from eligibility_audit.use_cases.make_lists import Wanted, make_lists
    from eligibility_audit.use_cases.summarise_run import latest_folder

    wanted = Wanted(
        formats=tuple(each.value for each in format_ or [DocumentFormat.PDF]),
        lists=tuple(each.value for each in list_ or ()),
        districts=tuple(district or ()),
        communes=tuple(commune or ()),
        slips=slips,
        head=Letterhead(superior, office, place),
    )
    for path in make_lists(run_folder or latest_folder(), out, wanted):
        typer.echo(path)
