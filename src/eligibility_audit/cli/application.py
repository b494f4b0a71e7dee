"""The application, how it ends, and how it shows progress. Heavy libraries are imported where they are needed."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


def main() -> None:
    """Run the command line; every foreseen error ends as a sentence and an exit code."""
    try:
        app()
    except EligibilityAuditError as error:
        fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        fail(STOPPED, 130)
    except BrokenPipeError:
        os._exit(0)  # whoever read our output has gone
    except OSError as error:
        fail(_of_the_machine(error), 2)
    except Exception as error:  # noqa: BLE001 - its text may hold a person's data: it goes to a file of the owner's
        fail(_keep_crash(error), 2)


def fail(sentence: str, code: int) -> NoReturn:
    """Say the sentence on stderr and end with the exit code."""
    typer.echo(f"Lỗi / error: {sentence}", err=True)
    sys.exit(code)


def _of_the_machine(error: OSError) -> str:
    """What a disk or the network refused, and what to do; the same command goes on from there."""
    what = error.strerror or type(error).__name__
    where = f": {error.filename}" if error.filename else ""
    return (
        f"máy không đọc hoặc ghi được ({what}){where}; xem ổ đĩa còn chỗ không và mạng, rồi chạy lại cùng lệnh, nó sẽ "
        "làm tiếp / the machine could not read or write; look at the room on the disk and at the network, then run the "
        "same command, it goes on"
    )


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


@contextmanager
def progress() -> Iterator[None]:
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
