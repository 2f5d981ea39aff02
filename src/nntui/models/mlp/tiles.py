"""The microkernel of the rung `numba-fused`: a tile of a product of two matrices, all of its sums in registers.

A sum over k of left[row, k] * right[k, column] fetches two numbers for each multiply-add, but a core can do as many
multiply-adds as it can fetch numbers, each of them on a whole vector. So the sums of a tile, some rows by one or two
vectors of columns, are kept in registers and added to side by side: each vector of `right` that is fetched serves all
rows of the tile, each number of `left` all of its columns. With 8 rows by 2 vectors, 10 fetches feed 16 instructions.

That, and `right` in panels which lie in memory in the very order in which they are read, makes all fast products of
matrices: Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication"; Van Zee and van de Geijn
2015, "BLIS: a framework for rapidly instantiating BLAS functionality".

A matrix is a tuple here: a flat array, the place of its first number, and how far it is to the next row (and for
`left`, to the next number of a row).
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, overload

from nntui.models.compiled import COPIED_IN, UNCOUNTED, jitable
from nntui.models.lanes import Lanes, arm, constant, in_every_lane, llvm_type, multiply_add, pointer, width

REGISTERS = 32 if width(64) == 8 or arm() else 16  # that the processor has for vectors, at the least
TALL = 8 if REGISTERS == 32 else 4  # rows of a tile: with two vectors each, its sums take half of the registers
LONG = 64  # terms of a sum, from which on it pays to have fetched on the way what is needed at its end
LOW = 4  # rows of the last tile, where there are not enough for a tall one; so rows always come in fours


def multiply(rows, vectors, count, left, right, start, into, keep, share):
    """into[row, :] = keep * start[row, :] + share * (the sum over k of left[row, k] * right[k, :]).

    `count` is how many k there are; rows are a multiple of 4, each one or two vectors wide.
    """
    row = 0
    while row < rows:
        tall = rows - row >= TALL
        if vectors == 2 and tall:
            tile(no_sums(left[0], TALL, 2), row, count, left, right, start, into, keep, share)
        elif vectors == 2:
            tile(no_sums(left[0], LOW, 2), row, count, left, right, start, into, keep, share)
        elif tall:
            tile(no_sums(left[0], TALL, 1), row, count, left, right, start, into, keep, share)
        else:
            tile(no_sums(left[0], LOW, 1), row, count, left, right, start, into, keep, share)
        row += TALL if tall else LOW


def tile(sums, row, count, left, right, start, into, keep, share):
    """The same for a few rows, as many as there are sums: those never leave the registers."""
    factors, at, row_step, step = left
    panel, place, panel_step = right
    at += row * row_step
    if count >= LONG:
        expect(sums, into[0], into[1] + row * into[2], into[2])
    for k in range(count):
        sums = add_products(sums, factors, at + k * step, row_step, panel, place + k * panel_step)
    put(
        sums, start[0], start[1] + row * start[2], start[2], into[0], into[1] + row * into[2], into[2], keep, share
    )  # fmt: skip


def lanes_of(array):
    """How many numbers of an array one vector register holds."""
    raise NotImplementedError


@overload(lanes_of, inline="always")
def _lanes_of(array):
    count = width(array.dtype.bitwidth)
    return lambda array: count


@intrinsic(prefer_literal=True)
def no_sums(typing: Any, array: Any, rows: Any, vectors: Any) -> Any:
    """Sums of 0, sums[row][vector]; rows and vectors are constants, the numbers of the kind that an array holds."""
    lanes = Lanes(array.dtype, width(array.dtype.bitwidth))
    kind = types.UniTuple(types.UniTuple(lanes, vectors.literal_value), rows.literal_value)

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return ir.Constant(context.get_value_type(kind), None)

    return kind(array, rows, vectors), code


@intrinsic
def add_products(
    typing: Any, sums: Any, left: Any, left_at: Any, row_step: Any, right: Any, right_at: Any
) -> Any:  # fmt: skip
    """sums[row][vector] + left[row] * right[vector]: one number of `left` for each row, whole vectors of `right`."""
    kinds, lanes = (sums, left, left_at, row_step, right, right_at), sums.dtype.dtype

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        result, left_array, at, step, right_array, place = arguments
        vector, number = llvm_type(lanes), llvm_type(lanes.scalar)
        factors = _rows(context, builder, left, left_array, at, step, sums.count, number)
        where = pointer(context, builder, right, right_array, place, vector)
        columns = [
            builder.load(builder.gep(where, [ir.IntType(64)(column)]), align=_align(lanes))
            for column in range(sums.dtype.count)
        ]
        for row, factor in enumerate(factors):
            value = in_every_lane(builder, builder.load(factor), lanes)
            for column, numbers in enumerate(columns):
                old = builder.extract_value(result, [row, column])
                new = multiply_add(builder, lanes, [value, numbers, old])
                result = builder.insert_value(result, new, [row, column])
        return result

    return sums(*kinds), code


@intrinsic
def expect(typing: Any, sums: Any, into: Any, at: Any, step: Any) -> Any:
    """Have the processor fetch the rows that sums will go into, while it goes on (prefetch)."""
    lanes = sums.dtype.dtype

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        word = ir.IntType(32)
        of = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), word, word, word])
        prefetch = cgutils.get_or_insert_function(builder.module, of, "llvm.prefetch.p0")
        for row in _rows(context, builder, into, *arguments[1:], sums.count, llvm_type(lanes)):
            for column in range(sums.dtype.count):
                where = builder.bitcast(builder.gep(row, [ir.IntType(64)(column)]), ir.IntType(8).as_pointer())
                builder.call(prefetch, [where, word(1), word(3), word(1)])  # to be written, near, data
        return context.get_dummy_value()

    return types.void(sums, into, at, step), code


@intrinsic
def put(
    typing: Any, sums: Any, start: Any, start_at: Any, start_step: Any, into: Any, into_at: Any, into_step: Any,
    keep: Any, share: Any,
) -> Any:  # fmt: skip
    """into[row] = keep * start[row] + share * sums[row], each row one or two vectors."""
    kinds, lanes = (sums, start, start_at, start_step, into, into_at, into_step, keep, share), sums.dtype.dtype

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        vector = llvm_type(lanes)
        sources = _rows(context, builder, start, *arguments[1:4], sums.count, vector)
        targets = _rows(context, builder, into, *arguments[4:7], sums.count, vector)
        kept, shared = (
            in_every_lane(builder, context.cast(builder, value, kind, lanes.scalar), lanes)
            for value, kind in zip(arguments[7:], (keep, share), strict=True)
        )
        for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
            for column in range(sums.dtype.count):
                place = [ir.IntType(64)(column)]
                old = builder.load(builder.gep(source, place), align=_align(lanes))
                total = builder.extract_value(arguments[0], [row, column])
                new = multiply_add(builder, lanes, [total, shared, builder.fmul(old, kept)])
                builder.store(new, builder.gep(target, place), align=_align(lanes))
        return context.get_dummy_value()

    return types.void(*kinds), code


@intrinsic
def fetch(typing: Any, array: Any, at: Any, step: Any, there: Any) -> Any:
    """As many rows of one vector as it has lanes, from a place and every `step` on; those not there are 0."""
    lanes = Lanes(array.dtype, width(array.dtype.bitwidth))
    kind = types.UniTuple(lanes, lanes.count)

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        zero, vector = constant(llvm_type(lanes), 0.0), llvm_type(lanes)
        rows = _rows(context, builder, array, *arguments[:3], lanes.count, vector)
        values = []
        for index, row in enumerate(rows):
            present = builder.icmp_signed(">", arguments[3], ir.IntType(64)(index))
            value = builder.load(builder.select(present, row, rows[0]), align=_align(lanes))
            values.append(builder.select(present, value, zero))
        return context.make_tuple(builder, kind, values)

    return kind(array, at, step, there), code


@intrinsic
def lay(typing: Any, array: Any, at: Any, step: Any, rows: Any) -> Any:
    """Put rows of one vector into an array, from a place and every `step` on."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        places = _rows(context, builder, array, *arguments[:3], rows.count, llvm_type(rows.dtype))
        for index, place in enumerate(places):
            builder.store(builder.extract_value(arguments[3], index), place, align=_align(rows.dtype))
        return context.get_dummy_value()

    return types.void(array, at, step, rows), code


def _rows(
    context: Any, builder: Any, kind: Any, array: Any, at: Any, step: Any, count: int, to: ir.Type
) -> list[Any]:  # fmt: skip
    """Where some rows of a matrix begin."""
    first = pointer(context, builder, kind, array, at, llvm_type(kind.dtype))
    rows = [builder.gep(first, [builder.mul(step, ir.IntType(64)(row))]) for row in range(count)]
    return [builder.bitcast(row, to.as_pointer()) for row in rows]


def _align(lanes: Lanes) -> int:
    return int(lanes.scalar.bitwidth) // 8


jitable(tile, **UNCOUNTED, **COPIED_IN)
jitable(multiply, **UNCOUNTED)
