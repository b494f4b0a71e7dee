"""What is kept: capsules and their replay, pruning, backup and restoring."""

from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app, progress

By = Annotated[str, typer.Option(help="Tên đăng nhập người cho làm / login of whoever orders it.")]


@app.command()
def capsules(
    run_folder: Annotated[
        Path | None, typer.Argument(metavar="[RUN]", help="Thư mục lần chạy / run folder; none with --signed.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Thư mục của các hộp / folder of the capsules.")] = Path("capsules"),
    case: Annotated[list[str] | None, typer.Option(help="Chỉ hồ sơ này, nhiều lần được / this case alone.")] = None,
    signed: Annotated[
        bool, typer.Option("--signed", help="Hộp còn thiếu của các quyết định đã ký / those that signed ones lack.")
    ] = False,
) -> None:
    """Lập hộp niêm phong: mọi thứ một đề xuất dựa vào / capsules: all that a determination rests on, sealed."""
    from eligibility_audit.errors import UsageError
    from eligibility_audit.settings import load_key, load_settings

    settings = load_settings()
    if signed == (run_folder is not None):
        raise UsageError("Hãy nêu một thư mục lần chạy, hoặc --signed. / Name a run folder, or --signed.")
    if run_folder is None:
        from eligibility_audit.store.office import open_office
        from eligibility_audit.use_cases.keeping.signed import seal_missed

        made, missing = seal_missed(open_office(settings))
        typer.echo(f"{made} hộp đã lập, {missing} chưa lập được / {made} capsules made, {missing} could not be")
        return
    from eligibility_audit.use_cases.keeping.make_capsules import make_capsules

    with progress():
        files = make_capsules(run_folder, out, load_key(settings), case or ())
    typer.echo(f"{len(files)} hộp trong {out} / {len(files)} capsules")


@app.command()
def replay(
    what: Annotated[Path, typer.Argument(metavar="RUN|CAPSULE", help="Thư mục lần chạy, hộp, hay thư mục hộp.")],
) -> None:
    """Tính lại, không cần mạng hay kho: giống hệt, hay khác ở bước nào, vì sao / recompute offline; exit 4: differs."""
    from eligibility_audit.use_cases.keeping.replay import replay as replay_one
    from eligibility_audit.use_cases.keeping.replay import replay_all
    from eligibility_audit.use_cases.keeping.replay_run import replay_run
    from eligibility_audit.use_cases.run_folder import MANIFEST

    if what.is_dir() and (what / MANIFEST).exists():
        with progress():
            found = [replay_run(what)]
    elif what.is_dir():
        found = list(replay_all(what))
    else:
        found = [replay_one(what)]
    same = sum(each.identical for each in found)
    for each in found:
        if len(found) == 1 or not each.identical:
            typer.echo(each.told())
    if len(found) > 1:
        typer.echo(f"{same}/{len(found)} giống hệt / identical")
    if same < len(found):
        raise typer.Exit(4)


@app.command()
def prune(
    apply: Annotated[bool, typer.Option("--apply", help="Xóa thật / remove; else they are only told.")] = False,
    by: By = "",
) -> None:
    """Thư mục lần chạy hết thời hạn lưu trữ: chỉ nêu ra, hoặc xóa và ghi sổ / run folders whose time is over."""
    from eligibility_audit.errors import UsageError
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.importers import actor_of
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.keeping.prune import prunable
    from eligibility_audit.use_cases.keeping.prune import prune as remove

    if apply and not by:
        raise UsageError("Hãy nêu --by: ai cho xóa. / Name with --by who orders it.")
    settings = load_settings()
    office = open_office(settings)
    found = remove(office, settings, actor_of(office, by)) if apply else prunable(office, settings)
    for each in found:
        typer.echo(each.told())
    done = "đã xóa / removed" if apply else "hết thời hạn; chưa xóa gì / over; nothing was removed"
    typer.echo(f"{len(found)} thư mục / folders {done}", err=True)


@app.command()
def backup(out: Annotated[Path, typer.Option(help="Tệp mới / a new file.")]) -> None:
    """Sao lưu kho, tệp đính kèm và hộp niêm phong vào một tệp / the store, its files and capsules in one file."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.backup import back_up
    from eligibility_audit.store.office import open_office

    rows = back_up(open_office(load_settings()), out)
    typer.echo(f"{out}: {sum(rows.values())} dòng, {len(rows)} bảng / rows, tables. Khóa không ở trong / not the key.")


@app.command()
def restore(file: Annotated[Path, typer.Argument(help="Bản sao lưu / the backup.")]) -> None:
    """Khôi phục vào kho trống, rồi kiểm tra sổ / restore into an empty store, then walk the ledger."""
    from eligibility_audit.settings import load_settings
    from eligibility_audit.store.backup import restore as bring_back
    from eligibility_audit.store.office import open_office
    from eligibility_audit.use_cases.review.verify_ledger import verify_ledger

    settings = load_settings()
    rows = bring_back(file, settings.store, settings.folder)
    typer.echo(f"{sum(rows.values())} dòng, {len(rows)} bảng / rows, tables", err=True)
    typer.echo(verify_ledger(open_office(settings)))
