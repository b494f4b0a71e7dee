"""The waterfall of a pair as a picture: a bar a step, from the prior to the result; SVG for a page, PNG for a paper.

Altair draws it and vl-convert renders it in the process, with no browser and no network; the SVG stands alone, so it
can be put into a page as it is.
"""

from typing import Any, Literal

from eligibility_audit.linkage.explain import FIELDS_VI, Explanation, Step, number_in_words

FOR, AGAINST, NEUTRAL = "#1f6f8b", "#c8553d", "#5b5b66"
FONT = "DejaVu Sans, Noto Sans, sans-serif"  # both have all Vietnamese letters
WIDTH, ROW = 620, 34
MOST = 45.0  # bits
LONGEST = 58  # letters of a label


def picture(told: Explanation, title: str = "", kind: Literal["svg", "png"] = "svg") -> bytes:
    """The waterfall, Vietnamese with the weights and the chance after each step; `title` stands above it."""
    import vl_convert

    spec = _chart(told, title).to_dict()
    if kind == "png":
        return bytes(vl_convert.vegalite_to_png(spec, scale=2))
    return str(vl_convert.vegalite_to_svg(spec)).encode()


def _chart(told: Explanation, title: str) -> Any:
    import altair as alt

    rows = [_row(n, step, told.steps[n - 1].running if n else 0.0) for n, step in enumerate(told.steps)]
    last = told.steps[-1]
    rows.append(
        {"n": len(rows), "label": ["Kết quả"], "start": 0.0, "end": _shown(last.running), "colour": NEUTRAL}
        | {"told": _signed(last.running), "chance": _percent(last)}
    )
    low, high = min(0.0, *(row["end"] for row in rows)), max(0.0, *(row["end"] for row in rows))
    left = 30 + 7 * max(len(line) for row in rows for line in row["label"])
    room = 0.13 * max(high - low, 1.0)
    scale = alt.Scale(domain=[low - room, high + room], nice=False)
    base = alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]
    y = alt.Y("n:O", title=None, axis=alt.Axis(labels=False, ticks=False, domain=False))
    x = alt.X(
        "start:Q", scale=scale, title="Trọng số (log2); 0 là 50 %, mỗi bước thêm 1 là gấp đôi", axis=alt.Axis(grid=True)
    )
    colour = alt.Color("colour:N", scale=None)
    bars = base.mark_bar(height=18, cornerRadius=2).encode(y=y, x=x, x2="end:Q", color=colour)
    middle = base.mark_rule(color="#222222", strokeDash=[4, 3]).encode(x=alt.datum(0, type="quantitative", scale=scale))
    weights = (
        base.mark_text(align="left", dx=5, fontSize=12, font=FONT)
        .encode(y=y, x=alt.X("edge:Q", scale=scale), text="told:N")
        .transform_calculate(edge="max(datum.start, datum.end)")
    )
    labels = base.mark_text(align="right", fontSize=12, font=FONT, lineHeight=14).encode(
        y=y, x=alt.value(-12), text="label:N"
    )
    chances = base.mark_text(align="left", fontSize=12, font=FONT, color=NEUTRAL).encode(
        y=y, x=alt.value(WIDTH + 12), text="chance:N"
    )
    return (
        (bars + middle + weights + labels + chances)
        .properties(
            width=WIDTH,
            height=ROW * len(rows),
            title=alt.Title(
                title or "Vì sao hai dòng này được ghép, hay không",
                subtitle="Xanh: ủng hộ là cùng một người; đỏ: phản bác. Cột phải: khả năng sau mỗi bước.",
                anchor="start",
                offset=14,
            ),
            padding={"left": left, "right": 110, "top": 62, "bottom": 48},
            autosize=alt.AutoSizeParams(type="none"),
        )
        .configure(font=FONT)
        .configure_view(stroke=None)
    )


def _row(n: int, step: Step, before: float) -> dict[str, Any]:
    start = 0.0 if n == 0 else _shown(before)
    colour = NEUTRAL if n == 0 else FOR if step.weight > 0 else AGAINST
    field = FIELDS_VI.get(step.field, step.field)
    return {
        "n": n,
        "label": _lines(f"{field}: {step.vi}" if step.vi else field),
        "start": start,
        "end": _shown(step.running),
        "colour": colour,
        "told": _signed(step.weight),
        "chance": _percent(step),
    }


def _lines(text: str) -> list[str]:
    """A label in at most two lines, parted between words."""
    if len(text) <= LONGEST:
        return [text]
    cut = text.rfind(" ", 0, LONGEST)
    rest = text[cut + 1 :]
    return [text[:cut], rest if len(rest) <= LONGEST else rest[: LONGEST - 1] + "…"]


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace(".", ",").replace("-", "−")


def _shown(weight: float) -> float:
    """Where a bar ends: beyond `MOST` all is as good as sure, and the bars between should still be seen."""
    return max(-MOST, min(MOST, weight))


def _percent(step: Step) -> str:
    """The chance with as many digits as it needs not to say 0 or 100 where it is neither."""
    share = 100 * step.probability
    if 0.1 <= share <= 99.9:
        return f"{share:.1f} %".replace(".", ",")
    if share >= 50:
        return "trên 99,9 %"
    return f"1 / {number_in_words(2**-step.running + 1, '.')}" if step.running > -24 else "gần 0 %"
