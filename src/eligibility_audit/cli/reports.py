"""Signatures on documents, and the report of a period."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app

DAYS = ["%Y-%m-%d", "%d/%m/%Y"]


@app.command()
def sign(
    files: Annotated[list[Path], typer.Argument(metavar="PDF…", help="Tệp PDF, hoặc thư mục / PDF files or a folder.")],
    key: Annotated[Path | None, typer.Option(help="Khóa PKCS#12 (.p12, .pfx) / a PKCS#12 key file.")] = None,
    token: Annotated[
        str | None, typer.Option(help="Nhãn thiết bị ký PKCS#11; để trống nếu chỉ có một / label of a PKCS#11 token.")
    ] = None,
    module: Annotated[
        Path | None, typer.Option(help="Thư viện PKCS#11 của thiết bị ký / the token's PKCS#11 library.")
    ] = None,
    certificate: Annotated[str, typer.Option(help="Nhãn chứng thư trên thiết bị / label on the token.")] = "",
    passphrase_file: Annotated[
        Path | None, typer.Option(help="Tệp chứa mật khẩu hoặc PIN (chmod 600); nếu không thì hỏi / else asked for.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Thư mục của tệp đã ký / folder of the signed files.")] = Path("da-ky"),
    reason: Annotated[str, typer.Option(help="Lý do ký / reason.")] = "",
    place: Annotated[str, typer.Option(help="Nơi ký / place.")] = "",
    law_confirmed_by: Annotated[
        str, typer.Option(help="Cán bộ pháp chế đã xác nhận căn cứ / the legal officer who confirmed the law.")
    ] = "",
) -> None:
    """Ký số nhiều PDF, mở khóa một lần / sign PDF files (PAdES) with one opening of the key."""
    from eligibility_audit.errors import UsageError
    from eligibility_audit.publish.signing import Token
    from eligibility_audit.use_cases.sign_files import Asked, pdfs, secret_of, sign_files

    if (key is None) == (token is None) or (token is not None) != (module is not None):
        raise UsageError(
            "Nêu --key TỆP.p12, hoặc --token NHÃN --module THƯ_VIỆN. / Name --key, or --token and --module."
        )
    chosen = key if key is not None else Token(module or Path(), token or "", certificate)
    asked = Asked(pdfs(files), out, reason, place, law_confirmed_by)
    secret = (
        secret_of(passphrase_file)
        if passphrase_file
        else typer.prompt(
            "Mật khẩu khóa, hoặc PIN / passphrase or PIN", hide_input=True, default="", show_default=False
        )
    )
    for path in sign_files(asked, chosen, secret):
        typer.echo(path)


def told_of_file(
    path: Path, trust: tuple[Path, ...], run_folder: Path | None, against: Path | None, root: str, *, ledger: bool
) -> str:
    """What `verify` says of a document; with `ledger` its root is looked for in this office's ledger."""
    from eligibility_audit.use_cases.verify_document import Against, verify_document

    if not ledger:
        return verify_document(path, Against(trust, run_folder, against, root))
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.verify_ledger import knows_root

    office = open_office(load_settings())
    try:
        known = Against(trust, run_folder, against, root, lambda wanted: knows_root(office, wanted))
        return verify_document(path, known)
    finally:
        office.close()


@app.command("annual-report")
def annual_report(
    first: Annotated[datetime, typer.Option("--from", formats=DAYS, help="Từ ngày / first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=DAYS, help="Đến ngày / last day.")],
    out: Annotated[Path, typer.Option(help="Thư mục mới / a new folder.")],
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="Lần chạy có các danh sách của kỳ / the run with the period's lists.")
    ] = None,
    counts: Annotated[Path | None, typer.Option(help="Số đếm mà kho không có, YAML / counts the store lacks.")] = None,
    office: Annotated[str, typer.Option(help="Tên cơ quan ban hành / issuing body.")] = "",
    superior: Annotated[str, typer.Option(help="Cơ quan chủ quản / the body above.")] = "",
    place: Annotated[str, typer.Option(help="Địa danh / place name.")] = "",
) -> None:
    """Báo cáo kết quả của một kỳ, mỗi con số có bảng dòng của nó / a period's report, each number with its lines."""
    from eligibility_audit.publish import Letterhead
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.annual_report import Period, annual_report

    opened = open_office(load_settings())
    try:
        period, head = Period(first.date(), last.date()), Letterhead(superior, office, place)
        files = annual_report(opened, period, out, run=run_folder, counts=counts, head=head)
    finally:
        opened.close()
    for path in files:
        if path.parent == out:
            typer.echo(path)
