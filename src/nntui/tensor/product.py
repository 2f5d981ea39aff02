"""The product of two matrices, one multiply-add at a time.

result[row][column] = left[row][0] * right[0][column] + left[row][1] * right[1][column] + ...
"""

from __future__ import annotations

from dataclasses import dataclass

from nntui.tensor.strided import Array, ArrayError, said

MOST_LENGTH = 64  # rows or columns of a matrix that is walked


@dataclass(frozen=True, eq=False)
class Product:
    """A product under way. `done` counts the multiply-adds that have been made, cell by cell, row by row."""

    left: Array  # (rows, terms)
    right: Array  # (terms, columns)
    totals: tuple[tuple[float, ...], ...]  # the result, each cell added up in the order of its terms
    done: int = 0

    @property
    def rows(self) -> int:
        """How many rows the result has."""
        return self.left.shape[0]

    @property
    def columns(self) -> int:
        """How many columns the result has."""
        return self.right.shape[1]

    @property
    def length(self) -> int:
        """How many terms each cell of it adds up."""
        return self.left.shape[1]

    @property
    def all(self) -> int:
        """How many multiply-adds it takes."""
        return self.rows * self.columns * self.length

    @property
    def cell(self) -> int:
        """The number of the cell in hand: the one added to last, at the beginning the first."""
        return max(0, self.done - 1) // self.length

    @property
    def place(self) -> tuple[int, int]:
        """The row and the column of the cell in hand."""
        return divmod(self.cell, self.columns)

    def terms(self) -> tuple[tuple[float, float], ...]:
        """The factors of the terms that have been added to the cell in hand."""
        row, column = self.place
        count = self.done - self.cell * self.length
        return tuple((self.left.element((row, k)), self.right.element((k, column))) for k in range(count))

    def cells(self) -> list[list[float | None]]:
        """The whole result; None for what has not been added up to its end."""
        whole = self.done // self.length
        return [
            [total if row * self.columns + column < whole else None for column, total in enumerate(totals)]
            for row, totals in enumerate(self.totals)
        ]


def product(left: Array, right: Array) -> Product:
    """Begin a product; ArrayError where the two do not fit, or are too large to be walked."""
    if len(left.shape) != 2 or len(right.shape) != 2:
        raise ArrayError("a matrix product is of two matrices, each of two dimensions")
    if left.shape[1] != right.shape[0]:
        raise ArrayError(
            f"{said(left.shape)} times {said(right.shape)} does not fit: as many columns as the left has, "
            f"{left.shape[1]:,}, so many rows the right must have, not {right.shape[0]:,}"
        )
    for length in (*left.shape, *right.shape):
        if length > MOST_LENGTH:
            raise ArrayError(f"a product is walked here of up to {MOST_LENGTH} rows or columns, not {length:,}")
    return Product(left, right, totals(left, right))


def totals(left: Array, right: Array) -> tuple[tuple[float, ...], ...]:
    """All cells of a product: for each row of the left and each column of the right the sum of their products."""
    rows = [[left.element((row, k)) for k in range(left.shape[1])] for row in range(left.shape[0])]
    columns = [[right.element((k, column)) for k in range(right.shape[0])] for column in range(right.shape[1])]
    return tuple(tuple(added_up(row, column) for column in columns) for row in rows)


def added_up(row: list[float], column: list[float]) -> float:
    """One cell."""
    total = 0.0
    for one, other in zip(row, column, strict=True):
        total += one * other
    return total
