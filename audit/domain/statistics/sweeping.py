"""Least squares by sweeping (Goodnight 1979): one small matrix gives solution, what is left over, and inverse at once.

Pure arithmetic on lists, for some hundreds of unknowns at most.
"""

from __future__ import annotations

Matrix = list[list[float]]

_DEPENDENT = 1e-9


def sweep(matrix: Matrix, pivot: int, scale: float = 1.0) -> bool:
    """Sweep a symmetric matrix by one of its rows, in place; False, and the row and column emptied, if that unknown
    follows from those swept before (its pivot is nothing beside `scale`).

    After all unknowns of [[X'X, X'y], [y'X, y'y]] are swept: the inverse of X'X where it stood, the solution beside it,
    the squares left over in the corner. The cost of one sweep is the size of the matrix."""
    row = matrix[pivot]
    head = row[pivot]
    if head <= _DEPENDENT * scale:
        matrix[pivot] = [0.0] * len(row)
        for other in matrix:
            other[pivot] = 0.0
        return False
    row = [value / head for value in row]
    row[pivot] = 1 / head
    for place, other in enumerate(matrix):
        factor = other[pivot]
        if place == pivot or factor == 0:
            continue
        swept = [value - factor * own for value, own in zip(other, row, strict=True)]
        swept[pivot] = -factor / head
        matrix[place] = swept
    matrix[pivot] = row
    return True


def sweep_all(matrix: Matrix, unknowns: int) -> int:
    """Sweep the first `unknowns` rows in place; how many of them did not follow from the others."""
    scales = [matrix[pivot][pivot] for pivot in range(unknowns)]
    return sum(sweep(matrix, pivot, scales[pivot]) for pivot in range(unknowns))
