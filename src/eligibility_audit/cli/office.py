"""The office: its pages, accounts, and what the store holds of a person."""

from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app
from eligibility_audit.cli.audits import run_plan

accounts_app = typer.Typer(help="Tài khoản của trang web / accounts of the pages.", no_args_is_help=True)
app.add_typer(accounts_app, name="accounts")
decisions_app = typer.Typer(
    help="Quyết định trước đây của cơ quan / an office's earlier decisions.", no_args_is_help=True
)
app.add_typer(decisions_app, name="decisions")
ledger_app = typer.Typer(help="Sổ ghi của cơ quan / the office's ledger.", no_args_is_help=True)
app.add_typer(ledger_app, name="ledger")
retention_app = typer.Typer(help="Thời hạn lưu trữ / how long what is kept.", no_args_is_help=True)
app.add_typer(retention_app, name="retention")


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
    from eligibility_audit.web.single_sign_on import single_sign_on

    settings = load_settings()
    if practice:
        from eligibility_audit.use_cases.review.practise import PASSWORD, practise

        made = practise(Path("practice"), lambda plan, out: run_plan(plan, out, None))
        office = made.office
        for login, role in made.logins:
            typer.echo(f"{login} / {PASSWORD}: {role}", err=True)
    else:
        office = open_office(settings)
    if run_folder is not None:
        typer.echo(open_cases(office, run_folder).told(), err=True)
    typer.echo(f"http://{host}:{port}", err=True)
    log_in, nights = single_sign_on(settings), None if practice else settings.nights_folder
    made_app = create_app(office, secure_cookies=https, single_sign_on=log_in, nights=nights)
    uvicorn.run(made_app, host=host, port=port, log_level="warning", access_log=False)


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


@app.command("court-bundle")
def court_bundle(
    case: Annotated[str, typer.Argument(help="Mã hồ sơ / case id.")],
    out: Annotated[Path, typer.Option(help="Tệp PDF mới; tệp đính kèm ở .zip cùng tên / a new PDF, its zip beside.")],
    by: Annotated[str, typer.Option(help="Tên đăng nhập người lập / login of whoever makes it.")] = "",
) -> None:
    """Hồ sơ cho tòa án: mục lục, bút lục, chứng cứ, pháp luật, sổ ghi / the bundle of a case for a court."""
    from eligibility_audit.domain.review.people import SYSTEM
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.court_bundle import write_court_bundle

    office = open_office(load_settings())
    made = write_court_bundle(office, case, out, actor_of(office, by) if by else SYSTEM)
    typer.echo(f"{made.documents} tài liệu / documents: {out.with_suffix('.pdf')}\n{made.sha256[0]}")


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
    oidc_subject: Annotated[
        str,
        typer.Option(help="Danh tính (sub) hoặc thư điện tử ở nơi đăng nhập chung; khi đó không hỏi mật khẩu / OIDC."),
    ] = "",
) -> None:
    """Thêm tài khoản; mật khẩu được hỏi, không nằm trên dòng lệnh / add an account; the password is asked for."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.accounts import add_account, place_of, role_of
    from eligibility_audit.store.office import open_office

    asked = "" if oidc_subject else typer.prompt("Mật khẩu / password", hide_input=True, confirmation_prompt=True)
    actor = add_account(
        open_office(load_settings()),
        login=login,
        name=name,
        role=role_of(role),
        unit=unit,
        password=asked,
        districts=district or (),
        communes=[place_of(each) for each in commune or ()],
        confirms_law=confirms_law,
        oidc_subject=oidc_subject,
    )
    typer.echo(f"Đã thêm {login} / added: {actor.user_id}")


@decisions_app.command("import")
def import_decisions(
    file: Annotated[Path, typer.Argument(help="csv hoặc xlsx: số, ngày, cơ quan, việc, số hồ sơ, họ tên, năm sinh.")],
    by: Annotated[str, typer.Option(help="Tên đăng nhập người nhập / login of the importer.")],
    programme: Annotated[str, typer.Option(help="Chương trình của các dòng không ghi / of lines that name none.")] = "",
    model: Annotated[
        Path | None, typer.Option(help="Mô hình đối chiếu của một lần chạy / the learnt model of a run.")
    ] = None,
) -> None:
    """Nhập quyết định, kết quả thực chứng trước đây: là lịch sử, không đổi bước nào / history, no step is taken."""
    from eligibility_audit.linkage import kept_model, read_model
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.store.runs import Store
    from eligibility_audit.use_cases.review.import_decisions import import_decisions as take_in

    settings = load_settings()
    office = open_office(settings)
    latest = None if model else Store(settings.store).latest_folder()
    learnt = read_model(model) if model else (kept_model(latest / "model.yaml") if latest else None)
    typer.echo(take_in(office, actor_of(office, by), file, programme=programme, model=learnt).told())


@ledger_app.command("seal")
def seal() -> None:
    """Chốt sổ: in mốc, gửi lưu bên ngoài; mỗi đêm một lần / seal the day: the root is to be deposited outside."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store import ledger
    from eligibility_audit.store.office import open_office

    office = open_office(load_settings())
    with office.cases.writing() as connection:
        typer.echo(ledger.seal(connection, office.clock()))


@app.command()
def forget(
    case: Annotated[str, typer.Argument(help="Mã hồ sơ đã kết thúc / a case that is over.")],
    reason: Annotated[str, typer.Option(help="Lý do, văn bản / the reason and the document.")],
    by: Annotated[str, typer.Option(help="Tên đăng nhập người cho xóa / login of whoever orders it.")],
) -> None:
    """Xóa nội dung một hồ sơ: khóa mất, sổ vẫn kiểm tra được / forget a case: its key goes, the ledger still holds."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.retention import forget as forget_case

    office = open_office(load_settings())
    forget_case(office, case, reason, actor_of(office, by))
    typer.echo(f"Đã xóa nội dung {case} / forgotten: {case}")


@retention_app.command("show")
def retention_show() -> None:
    """Bảng thời hạn lưu trữ và căn cứ / the retention table and its law."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.retention import told

    for line in told(open_office(load_settings()).today()):
        typer.echo(line)


@retention_app.command("due")
def retention_due() -> None:
    """Những gì đã hết thời hạn / what is over."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.retention import due

    found = due(open_office(load_settings()))
    for each in found:
        typer.echo(f"{each.kind}: {each.which} ({each.over_since:%d/%m/%Y})")
    typer.echo(f"{len(found)} mục / entries", err=True)


@retention_app.command("apply")
def retention_apply(
    by: Annotated[str, typer.Option(help="Tên đăng nhập người cho xóa / login of whoever orders it.")],
) -> None:
    """Xóa những gì đã hết thời hạn, ghi sổ; chạy bằng tài khoản chủ kho / forget what is over, as the store's owner."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.retention import apply

    office = open_office(load_settings())
    done = apply(office, actor_of(office, by))
    typer.echo("; ".join(f"{kind}: {count}" for kind, count in done.items()) or "không có gì / nothing")
