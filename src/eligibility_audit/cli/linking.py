"""Linkage of any tables."""

from pathlib import Path
from typing import Annotated

import typer

from eligibility_audit.cli.application import app


@app.command()
def link(
    left: Annotated[Path, typer.Argument(help="Bảng thứ nhất, csv hoặc parquet / the left table.")],
    right: Annotated[Path | None, typer.Argument(help="Bảng thứ hai / the right table.")] = None,
    model: Annotated[Path | None, typer.Option(help="Mô hình / the model (YAML).")] = None,
    out: Annotated[Path | None, typer.Option(help="Các cặp / the pairs (parquet).")] = None,
    clusters: Annotated[Path | None, typer.Option(help="Các nhóm / the clusters (parquet).")] = None,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="Xác suất thấp nhất / least probability.")] = 0.5,
    fit: Annotated[Path | None, typer.Option(help="Ghi mô hình ước lượng vào / write the fitted model to.")] = None,
    labels: Annotated[
        str | None, typer.Option(help="Nhãn để đo: tệp hoặc cột / labels to measure against: a file or a column.")
    ] = None,
    evaluate: Annotated[Path | None, typer.Option(help="Ghi kết quả đo (JSON) / write the measurement.")] = None,
    judgements: Annotated[
        Path | None, typer.Option(help="Kết luận của cán bộ về các cặp / what officers judged of pairs (csv, parquet).")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="Thư mục giữ lần ghép trước: chỉ so phần thay đổi / kept from run to run: only changes."),
    ] = None,
    one_to_one: Annotated[
        bool, typer.Option(help="Mỗi bảng có một người một lần / each table has a person once.")
    ] = False,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="Giải thích một cặp id, có ghép hay không / why a pair is linked or not."),
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(help="Hình của cặp đó, .svg hoặc .png / the picture of that pair.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Số luồng / threads; mặc định mọi lõi / all cores.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option(help="Bộ nhớ cho các cặp chờ, như 4G / memory for pairs in waiting; cần --spill.")
    ] = None,
    spill: Annotated[Path | None, typer.Option(help="Thư mục tạm cho phần vượt / a folder for what is beyond.")] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Địa chỉ cụm Dask / address of a Dask scheduler (extra `scale`).")
    ] = None,
) -> None:
    """Ghép hồ sơ trên bảng bất kỳ / link records of any tables."""
    if explain is not None:
        from eligibility_audit.use_cases.explain_pair import explain_pair_of_files

        typer.echo(explain_pair_of_files(left, right, model, *explain, picture=picture))
        return
    from eligibility_audit.linkage.workers import means
    from eligibility_audit.use_cases.link_files import describe, link_files

    report = link_files(
        left,
        right,
        model_path=model,
        out=out,
        clusters=clusters,
        threshold=threshold,
        fit=fit,
        labels=labels,
        evaluate_into=evaluate,
        judgements=judgements,
        state=state,
        one_to_one=one_to_one,
        means=means(workers, memory, spill, scheduler),
    )
    typer.echo(describe(report))
