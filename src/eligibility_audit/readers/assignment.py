"""The best way to give columns to fields: each field at most once, the sum of scores as great as can be."""

from collections.abc import Sequence

INFINITE = float("inf")


def best_assignment(scores: Sequence[Sequence[float]]) -> list[int]:
    """For each row the column it takes, so that the sum is greatest; needs at least as many columns as rows.

    The Hungarian method with potentials, rows added one after another: rows² x columns steps.
    """
    rows, columns = len(scores), len(scores[0]) if scores else 0
    u, v = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken_by = [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken_by[0] = row
        _augment(scores, row, u, v, taken_by)
    chosen = [-1] * rows
    for column in range(1, columns + 1):
        if taken_by[column]:
            chosen[taken_by[column] - 1] = column - 1
    return chosen


def _augment(scores: Sequence[Sequence[float]], _row: int, u: list[float], v: list[float], taken_by: list[int]) -> None:
    columns = len(v) - 1
    least, way, used = [INFINITE] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
    at = 0
    while True:
        used[at] = True
        row, delta, after = taken_by[at], INFINITE, 0
        for column in range(1, columns + 1):
            if used[column]:
                continue
            cost = -scores[row - 1][column - 1] - u[row] - v[column]
            if cost < least[column]:
                least[column], way[column] = cost, at
            if least[column] < delta:
                delta, after = least[column], column
        for column in range(columns + 1):
            if used[column]:
                u[taken_by[column]] += delta
                v[column] -= delta
            else:
                least[column] -= delta
        at = after
        if not taken_by[at]:
            break
    while at:
        before = way[at]
        taken_by[at] = taken_by[before]
        at = before
