"""What leaves the office and comes back: the list that moves money, packs of a district, opinions filled in offline."""

from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app
from eligibility_audit.errors import UsageError

payments_app = typer.Typer(help="Danh sách tăng, giảm; đối chiếu chi trả / the payment list.", no_args_is_help=True)
app.add_typer(payments_app, name="payments")
opinions_app = typer.Typer(help="Ý kiến ghi trên danh sách / opinions written on a list.", no_args_is_help=True)
app.add_typer(opinions_app, name="opinions")


@payments_app.command("list")
def payment_list(
    month: Annotated[str, typer.Option(help="Tháng chi trả, như 2026-12 / the month of payment.")],
    out: Annotated[Path, typer.Option(help="Thư mục mới / a new folder.")],
    by: Annotated[str, typer.Option(help="Tên đăng nhập người lập: chỉ địa bàn của người ấy / login.")] = "",
    office: Annotated[str, typer.Option(help="Tên cơ quan ban hành / issuing body.")] = "",
    superior: Annotated[str, typer.Option(help="Cơ quan chủ quản / the body above.")] = "",
    place: Annotated[str, typer.Option(help="Địa danh / place name.")] = "",
) -> None:
    """Danh sách tăng, giảm của một tháng, từ quyết định đã ký và đã giao / the list that moves money."""
    from eligibility_audit.publish import Letterhead
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.payments.month_list import last_root, make_month_list, month_of

    settings, first = load_settings(), month_of(month)
    root = last_root(settings.store)
    opened = open_office(settings)
    actor = actor_of(opened, by) if by else None
    made = make_month_list(opened, first, out, root=root, head=Letterhead(superior, office, place), actor=actor)
    typer.echo(made.told(), err=True)
    for path in made.files:
        typer.echo(path)


@payments_app.command()
def reconcile(
    file: Annotated[Path, typer.Argument(help="Danh sách đã chi, chưa chi: csv, xlsx / what the payer returned.")],
    month: Annotated[str, typer.Option(help="Tháng chi trả, như 2026-12 / the month of payment.")],
    out: Annotated[Path | None, typer.Option(help="Tệp kết quả mới, csv / a new csv of results.")] = None,
    by: Annotated[str, typer.Option(help="Tên đăng nhập người đối chiếu / login.")] = "",
) -> None:
    """Đối chiếu danh sách đã chi, chưa chi với quyết định; mã thoát 1 khi có điều cần hỏi / exit code 1: to ask."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.payments.month_list import month_of
    from eligibility_audit.use_cases.payments.reconcile import reconcile as compare

    first, office = month_of(month), open_office(load_settings())
    path = out or Path(f"doi-chieu-{first:%Y-%m}.csv")
    found = compare(office, file, first, path, actor_of(office, by) if by else None)
    typer.echo(found.told(), err=True)
    typer.echo(path)
    if not found.agrees:
        raise typer.Exit(1)


@app.command()
def packs(
    run_folder: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="Thư mục lần chạy; mặc định lần gần nhất / run folder.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Thư mục mới / a new folder.")] = Path("goi"),
    district: Annotated[list[str] | None, typer.Option(help="Chỉ huyện này / only this district.")] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="Dùng trong bao nhiêu ngày / to be deleted after.")] = 30,
    ask_passwords: Annotated[
        bool, typer.Option("--ask-passwords", help="Hỏi mật khẩu từng huyện thay vì đặt ngẫu nhiên / ask for them.")
    ] = False,
    office: Annotated[str, typer.Option(help="Tên cơ quan ban hành / issuing body.")] = "",
    superior: Annotated[str, typer.Option(help="Cơ quan chủ quản / the body above.")] = "",
    place: Annotated[str, typer.Option(help="Địa danh / place name.")] = "",
) -> None:
    """Gói cho từng huyện: zip mã hóa, mỗi xã một thư mục, chỉ phần của xã ấy / an encrypted zip a district."""
    from datetime import UTC, datetime

    from eligibility_audit.domain.dates import day_in_vietnam
    from eligibility_audit.publish import Letterhead
    from eligibility_audit.settings import load_settings
    from eligibility_audit.use_cases.packs.make_packs import make_packs
    from eligibility_audit.use_cases.summarise_run import latest_folder

    def asked(name: str) -> str:
        return str(typer.prompt(f"Mật khẩu / password: {name}", hide_input=True, confirmation_prompt=True))

    made = make_packs(
        run_folder or latest_folder(),
        out,
        load_settings(),
        today=day_in_vietnam(datetime.now(UTC)),
        districts=district or (),
        days=days,
        head=Letterhead(superior, office, place),
        ask=asked if ask_passwords else None,
    )
    typer.echo(made.told(), err=True)
    for one in made.packs:
        typer.echo(one.path)


@opinions_app.command("import")
def import_opinions(
    file: Annotated[Path, typer.Argument(help="Sổ danh sách đã ghi ý kiến: xlsx, csv / the filled workbook.")],
    by: Annotated[str, typer.Option(help="Tên đăng nhập người ghi; mật khẩu được hỏi / login; its password is asked.")],
    run_folder: Annotated[
        Path | None, typer.Option("--run", help="Lần chạy đã in danh sách; mặc định lần gần nhất / the run.")
    ] = None,
) -> None:
    """Nhập cột ý kiến cán bộ rà soát: thành bản nháp, không phải kết luận / opinions come in as drafts."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.accounts import who_signs
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.make_lists import of_run
    from eligibility_audit.use_cases.review.import_opinions import import_opinions as take_in
    from eligibility_audit.use_cases.summarise_run import latest_folder

    settings = load_settings()
    office = open_office(settings)
    actor = who_signs(office, by, str(typer.prompt("Mật khẩu / password", hide_input=True)))
    if actor is None:
        raise UsageError("Tên đăng nhập hoặc mật khẩu không đúng. / The login or the password is wrong.")
    recommendations, _ = of_run(run_folder or latest_folder(), settings)
    made = take_in(office, actor, file, recommendations)
    typer.echo(made.told())
    if made.refused:
        raise typer.Exit(1)
