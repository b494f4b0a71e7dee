"""Nights: run one, keep the schedule, look whether it ran, and what is wrong with the machine it runs on."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import STOPPED, app, fail, progress

PlanFile = Annotated[Path, typer.Argument(help="Kế hoạch audit.yaml / the plan.")]
AsOf = Annotated[
    str | None, typer.Option(help="Ngày tính: YYYY-MM-DD hoặc `tonight`; mặc định của kế hoạch / default the plan's.")
]


@app.command()
def nightly(
    plan: PlanFile,
    as_of: AsOf = None,
    accept: Annotated[
        bool,
        typer.Option("--accept", help="Đã xem những gì phanh đêm báo / what the night's brakes say was looked at."),
    ] = False,
    relearn: Annotated[
        bool, typer.Option("--relearn", help="Học lại mô hình ghép / learn the linkage model anew.")
    ] = False,
    server: Annotated[bool, typer.Option(help="Qua Prefect / through Prefect.")] = True,
) -> None:
    """Rà soát lại: chỉ làm phần đã đổi, nói vì sao đổi / revalidate what changed, and say why."""
    from eligibility_audit.use_cases.nights.telling import in_words
    from eligibility_audit.use_cases.run_night import NightAsked, NightEnded, a_day, run_night

    asked = NightAsked(plan, a_day(as_of), accept, relearn)
    try:
        with progress():
            if server:
                typer.echo("Khởi động Prefect (10–20 giây) … / starting Prefect …", err=True)
                from eligibility_audit.flows.audit import audit

                ended: NightEnded = run_night(asked, audit)
            else:
                ended = run_night(asked)
    except KeyboardInterrupt:
        fail(STOPPED, 130)
    typer.echo(in_words(ended.told, ended.folder))
    if ended.braked:
        raise typer.Exit(3)


@app.command("nightly-up")
def nightly_up(plan: PlanFile, as_of: AsOf = "tonight") -> None:
    """Giữ lịch 01:00: máy chủ Prefect trên PostgreSQL và nơi chạy / Prefect server on PostgreSQL and the schedule."""
    from eligibility_audit.flows.schedule import keep_schedule

    keep_schedule(plan.resolve(), as_of)


@app.command()
def watch(plan: PlanFile) -> None:
    """Đêm qua có chạy không? Dùng trong cron, systemd / did the night run? For cron and systemd; exit 2 is an alarm."""
    from eligibility_audit.settings import load_key, load_settings
    from eligibility_audit.use_cases.nights.heartbeat import look
    from eligibility_audit.use_cases.nights.home import night_home
    from eligibility_audit.use_cases.nights.telling import send_alarm

    settings = load_settings()
    home, key = night_home(settings, plan), load_key(settings, plan.resolve().parent)
    alarms = look(home, key, settings, datetime.now(UTC))
    if not alarms:
        typer.echo("Đêm gần nhất đã chạy và kết thúc tốt / the last night ran and ended well")
        return
    for alarm in alarms:
        typer.echo(f"BÁO ĐỘNG / ALARM [{alarm.code}]: {alarm}", err=True)
    send_alarm(settings, plan.stem, [alarm.code for alarm in alarms])
    raise typer.Exit(2)


@app.command()
def doctor(
    plan: Annotated[Path | None, typer.Argument(help="Kế hoạch có chạy hằng đêm / a plan that runs nightly.")] = None,
) -> None:
    """Kiểm tra máy này, nói phải sửa gì / check this machine, and say what to mend; exit 2 where something is wrong."""
    from eligibility_audit.use_cases.nights.doctor import examine

    checks = examine(plan, datetime.now(UTC))
    for check in checks:
        typer.echo(str(check))
    wrong = [check for check in checks if check.state == "wrong"]
    if wrong:
        typer.echo(f"{len(wrong)} chỗ phải sửa / things to mend", err=True)
        sys.exit(2)
