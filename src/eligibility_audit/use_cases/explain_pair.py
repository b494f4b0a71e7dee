"""Why two rows are linked, or are not: both beside each other, the waterfall in words, blocking rules, a picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import Explanation, FramePair, Model, link_frames, tell_frame_pair
from eligibility_audit.linkage.letters import marked, marks
from eligibility_audit.linkage.pair import PairTold
from eligibility_audit.use_cases.link_files import as_learnt, columns_of, read_model_file
from eligibility_audit.use_cases.table_files import read_table

WIDEST = 44  # letters of a column beside another


def explain_pair_of_files(
    left: Path, right: Path | None, model_path: Path | None, one: str, two: str, picture: Path | None = None
) -> str:
    """All that is to be said of two rows, by their ids; the waterfall as SVG or PNG into `picture`.

    Without a learnt model one is fitted first, as `link` would. Raises UsageError (no such id, another kind of picture)
    and InputError (unreadable files).
    """
    if picture is not None and picture.suffix.lower() not in (".svg", ".png"):
        raise UsageError("Hình phải là tệp .svg hoặc .png. / The picture must be an .svg or .png file.")
    given = None if model_path is None else read_model_file(model_path)
    columns = None if given is None else columns_of(given)
    frames = [read_table(path, columns) for path in (left, right) if path is not None]
    other = frames[1] if right is not None else None
    model = as_learnt(given) or link_frames(frames[0], other, given).model
    pair = tell_frame_pair(frames[0], other, model, one, two)
    if picture is not None:
        _draw(pair, one, two, picture)
    return "\n".join(_told(pair, model, one, two, threshold=0.5))


def _draw(pair: FramePair, one: str, two: str, path: Path) -> None:
    from eligibility_audit.linkage.picture import picture

    kind: Literal["svg", "png"] = "png" if path.suffix.lower() == ".png" else "svg"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(pair.told.explanation, f"{one} và {two}", kind))
    except OSError as error:
        raise UsageError(f"Không ghi được tệp {path.name}. / The file {path.name} cannot be written.") from error


def _told(pair: FramePair, model: Model, one: str, two: str, threshold: float) -> Iterator[str]:
    yield "1. Hai dòng (chữ khác nhau trong ngoặc vuông) / The two rows (letters that differ in brackets)"
    yield from (f"   {line}" for line in side_by_side({**_ids(model, one, two), **dict(pair.values)}))
    yield "2. So sánh từng bước / Step by step"
    yield from (f"   {line}" for line in steps_in_words(pair.told.explanation))
    if pair.rivals:
        others = ", ".join(name if name[0] == "R" else name[2:] for name in pair.rivals)
        yield f"   Dòng khác cũng khớp / others that fit: {others}"
    yield "3. Đưa ra so sánh / Brought together by"
    yield from (f"   {line}" for line in routes_in_words(pair.told))
    yield verdict(pair.told, threshold)


def _ids(model: Model, one: str, two: str) -> dict[str, tuple[str | None, str | None]]:
    return {str(model.roles.get("id", "id")): (one, two)}


def side_by_side(values: dict[str, tuple[str | None, str | None]]) -> Iterator[str]:
    """A line a field, both values with the letters that differ in brackets, then the marks that set them apart."""
    width = max((len(name) for name in values), default=0)
    for name, (one, two) in values.items():
        if one is None and two is None:
            continue
        said = (
            marked(one, two)
            if one is not None and two is not None
            else (one or "(trống / blank)", two or "(trống / blank)")
        )
        yield f"{name:<{width}} | {said[0]:<{WIDEST}} | {said[1]}"
        for mark in marks(one or "", two or ""):
            yield f"{'':<{width}} |   {mark}"


def steps_in_words(told: Explanation) -> Iterator[str]:
    """The waterfall: a sentence a step with its numbers, Vietnamese then English, and the result."""
    steps, vi, en = told.steps, told.sentences, told.sentences_en
    for step, sentence, english in zip(steps, vi, en, strict=False):
        level = f"{step.field} {step.level}".strip()
        shares = "" if step.m is None or step.u is None else f"; m {step.m:.3g}, u {step.u:.3g}"
        rarity = f"; tần suất / frequency {step.frequency:+.2f}" if step.frequency else ""
        yield f"{sentence} [{level}, {step.weight:+.2f}{shares}{rarity}; {_percent(step.probability)}]"
        yield f"   {english}"
    yield vi[-1]
    yield en[-1]


def routes_in_words(told: PairTold) -> Iterator[str]:
    """The blocking rules that compared the pair; where none did, what each lacked."""
    compared = [route for route in told.routes if route.state == "compared"]
    for route in compared or told.routes:
        yield f"{route.rule}: {route.vi} / {route.en}"
    if compared and len(compared) < len(told.routes):
        rest = len(told.routes) - len(compared)
        yield f"{rest} quy tắc khác không gặp hai dòng này / {rest} other rules do not meet them"


def verdict(told: PairTold, threshold: float) -> str:
    """What became of the pair, in one sentence."""
    if not told.allowed:
        return "Hai người trên cùng một dòng gốc không bao giờ được ghép. / Two of one source line are never linked."
    if not told.candidate:
        return (
            "Không quy tắc nào gặp cả hai dòng, nên không so sánh; các bước trên là kết quả nếu có so sánh."
            " / No rule brings the two together, so they were not compared; the steps say what comparing would give."
        )
    if told.probability >= threshold:
        return "Hai dòng này được ghép. / The two are linked."
    return "Đã so sánh, nhưng không được ghép. / Compared, but not linked."


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"
