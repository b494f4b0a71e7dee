"""The law: rules, and which law a command asks."""

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app

rules_app = typer.Typer(help="Các quy tắc của luật / the rules of law.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")

LawFolders = Annotated[
    list[Path] | None,
    typer.Option("--law", help="Thư mục luật đặt trên luật đã cài; lặp lại được / a folder of law over the installed."),
]
KnownOn = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d", "%d/%m/%Y"], help="Luật như được biết ở đây ngày này / the law as it was known."),
]


def ask_law(folders: list[Path] | None, known_on: datetime | None) -> None:
    """Options stand for the settings EA_LAW and EA_LAW_KNOWN_ON, in the processes of this command too."""
    if folders:
        os.environ["EA_LAW"] = os.pathsep.join(str(folder.resolve()) for folder in folders)
    if known_on:
        os.environ["EA_LAW_KNOWN_ON"] = known_on.date().isoformat()


@rules_app.command("list")
def rules_list(law: LawFolders = None, law_known_on: KnownOn = None) -> None:
    """Liệt kê các quy tắc, và luật lấy từ đâu / list the rules, and where their law comes from."""
    from eligibility_audit.use_cases.show_rules import list_rules

    ask_law(law, law_known_on)
    typer.echo(list_rules())


@rules_app.command("to-verify")
def rules_to_verify(
    as_csv: Annotated[bool, typer.Option("--csv", help="Bảng đủ cột / the whole table, as csv.")] = False,
    law: LawFolders = None,
    law_known_on: KnownOn = None,
) -> None:
    """Luật cần kiểm tra, điều quan trọng trước / what of the law to verify, first things first."""
    from eligibility_audit.use_cases import law_to_verify

    ask_law(law, law_known_on)
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

    ask_law(law, law_known_on)
    typer.echo(show_rule(rule_id, on.date() if on else None))
