"""Vectors of numbers as numba values: one instruction, many lanes.

A processor of today adds 4, 8 or 16 numbers as quickly as one, where they lie side by side in one of its vector
registers (SIMD: single instruction, multiple data). A compiler may find that out by itself, from a loop over numbers
that lie next to each other; where it must not be left to luck, the functions here say it: `load` takes lanes from an
array, `+ - * /` and `fma` work on all of them at once, `store` puts them back.

All but `load`, `spread` and `store` take plain numbers as well, so that one formula (nntui.models.curves) serves both.
They are only to be called from compiled code. `lanes` is a constant (a global int or a literal), or a value whose
number of lanes is meant.
"""

from __future__ import annotations

import operator
import platform
from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic, models, overload, register_model


class Lanes(types.Type):
    """Some numbers of 32 or 64 bits in one vector."""

    def __init__(self, scalar: Any, count: int) -> None:
        self.scalar = scalar
        self.count = count
        super().__init__(name=f"Lanes({scalar} x {count})")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, llvm_type(kind))


def llvm_type(kind: Any) -> ir.Type:
    """The LLVM type of a number or of lanes."""
    if isinstance(kind, Lanes):
        return ir.VectorType(llvm_type(kind.scalar), kind.count)
    return ir.FloatType() if kind == types.float32 else ir.DoubleType()


def _scalar(kind: Any) -> Any:
    return kind.scalar if isinstance(kind, Lanes) else kind


def _number(kind: Any) -> bool:
    return isinstance(kind, Lanes | types.Float)


def constant(kind: ir.Type, value: float) -> ir.Constant:
    """A number as a constant of an LLVM type, in each of its lanes."""
    if isinstance(kind, ir.VectorType):
        return ir.Constant(kind, [value] * kind.count)
    return ir.Constant(kind, value)


def _count(kind: Any) -> int:
    """How many lanes are asked for: a constant, or as many as those of another value."""
    return int(kind.count if isinstance(kind, Lanes) else kind.literal_value)


# ---------------------------------------------------------------- between arrays and lanes


def pointer(context: Any, builder: Any, kind: Any, array: Any, place: Any, to: ir.Type) -> Any:
    """Where the element at a flat place of a contiguous array lies."""
    data = context.make_array(kind)(context, builder, value=array).data
    return builder.bitcast(builder.gep(data, [place]), to.as_pointer())


def _place(context: Any, builder: Any, kind: Any, place: Any) -> Any:
    return context.cast(builder, place, kind, types.intp)


@intrinsic(prefer_literal=True)
def load(typing: Any, array: Any, place: Any, lanes: Any) -> Any:
    """Take so many numbers of a contiguous array, from a flat place on."""
    kind = Lanes(array.dtype, _count(lanes))

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        at = _place(context, builder, place, arguments[1])
        where = pointer(context, builder, array, arguments[0], at, llvm_type(kind))
        return builder.load(where, align=array.dtype.bitwidth // 8)

    return kind(array, place, lanes), code


@intrinsic
def store(typing: Any, array: Any, place: Any, value: Any) -> Any:
    """Put lanes into a contiguous array, from a flat place on."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        at = _place(context, builder, place, arguments[1])
        where = pointer(context, builder, array, arguments[0], at, llvm_type(value))
        builder.store(arguments[2], where, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, place, value), code


@intrinsic(prefer_literal=True)
def splat(typing: Any, number: Any, lanes: Any) -> Any:
    """The same number in every lane."""
    kind = Lanes(types.unliteral(number), _count(lanes))

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return in_every_lane(builder, context.cast(builder, arguments[0], number, kind.scalar), kind)

    return kind(number, lanes), code


@intrinsic(prefer_literal=True)
def zeros(typing: Any, array: Any, lanes: Any) -> Any:
    """Lanes of 0, of the kind of numbers that an array holds."""
    kind = Lanes(array.dtype, _count(lanes))

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return constant(llvm_type(kind), 0.0)

    return kind(array, lanes), code


@intrinsic(prefer_literal=True)
def spread(typing: Any, array: Any, place: Any, lanes: Any) -> Any:
    """One number of a contiguous array, at a flat place, in every lane."""
    kind = Lanes(array.dtype, _count(lanes))

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        at = _place(context, builder, place, arguments[1])
        where = pointer(context, builder, array, arguments[0], at, llvm_type(array.dtype))
        return in_every_lane(builder, builder.load(where), kind)

    return kind(array, place, lanes), code


def in_every_lane(builder: Any, number: Any, kind: Any) -> Any:
    """A number in each lane of a vector, whose type is one of ours or LLVM's."""
    vector = llvm_type(kind) if isinstance(kind, Lanes) else kind
    zero = ir.Constant(ir.IntType(32), 0)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), number, zero)
    mask = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), mask)


def _lane_numbers(builder: Any, left: Any, count: int) -> Any:
    """For each lane whether its number is below `left`."""
    whole = ir.VectorType(ir.IntType(64), count)
    limit = in_every_lane(builder, left, whole)
    return builder.icmp_signed("<", ir.Constant(whole, list(range(count))), limit)


@intrinsic(prefer_literal=True)
def pick(typing: Any, rows: Any, order: Any, start: Any, left: Any, column: Any, lanes: Any) -> Any:
    """Lane i is rows[order[start + i], column], for so many lanes as are `left`; the others are 0.

    Both arrays are contiguous. One instruction fetches from many places where the machine has it (gather).
    """
    kind, count = Lanes(rows.dtype, _count(lanes)), _count(lanes)

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        wide = ir.IntType(64)
        whole = ir.VectorType(wide, count)
        at, rest, place = (
            context.cast(builder, value, kind_, types.int64)
            for value, kind_ in zip(arguments[2:5], (start, left, column), strict=True)
        )
        mask = _lane_numbers(builder, rest, count)
        numbers = _masked(builder, "load", whole, [pointer(context, builder, order, arguments[1], at, whole)], mask)
        table = context.make_array(rows)(context, builder, value=arguments[0])
        stride = builder.extract_value(table.shape, 1)
        flat = builder.add(
            builder.mul(numbers, in_every_lane(builder, stride, whole)), in_every_lane(builder, place, whole)
        )
        size = constant(whole, rows.dtype.bitwidth // 8)
        base = in_every_lane(builder, builder.ptrtoint(table.data, wide), whole)
        pointers = ir.VectorType(llvm_type(rows.dtype).as_pointer(), count)
        where = builder.inttoptr(builder.add(base, builder.mul(flat, size)), pointers)
        return _masked(builder, "gather", llvm_type(kind), [where], mask)

    return kind(rows, order, start, left, column, lanes), code


@intrinsic(prefer_literal=True)
def ones(typing: Any, array: Any, left: Any, lanes: Any) -> Any:
    """1 in so many lanes as are `left`, 0 in the others; of the kind of numbers that an array holds."""
    kind = Lanes(array.dtype, _count(lanes))

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        mask = _lane_numbers(builder, context.cast(builder, arguments[1], left, types.int64), kind.count)
        return builder.select(mask, constant(llvm_type(kind), 1.0), constant(llvm_type(kind), 0.0))

    return kind(array, left, lanes), code


def _masked(builder: Any, name: str, vector: Any, where: Any, mask: Any) -> Any:
    """Load lanes from one place on, or gather them from many, where the mask says so; the others are 0."""
    number = f"v{vector.count}{'i64' if isinstance(vector.element, ir.IntType) else _float(vector.element)}"
    suffix = f"{number}.p0" if name == "load" else f"{number}.v{vector.count}p0"
    align = ir.IntType(32)(4 if vector.element == ir.FloatType() else 8)
    values = [*where, align, mask, constant(vector, 0)]
    of = ir.FunctionType(vector, [value.type for value in values])
    return builder.call(cgutils.get_or_insert_function(builder.module, of, f"llvm.masked.{name}.{suffix}"), values)


def _float(kind: Any) -> str:
    return "f32" if kind == ir.FloatType() else "f64"


# ---------------------------------------------------------------- arithmetic


def _same(context: Any, builder: Any, kind: Any, value: Any, wanted: Any) -> Any:
    """A number or lanes as `wanted`: numbers are spread over all lanes."""
    if isinstance(kind, Lanes):
        return value
    number = context.cast(builder, value, kind, _scalar(wanted))
    return in_every_lane(builder, number, wanted) if isinstance(wanted, Lanes) else number


def _common(*kinds: Any) -> Any:
    """Lanes where there are any among some kinds, otherwise the narrowest number: a constant is of 64 bits."""
    found = [kind for kind in kinds if isinstance(kind, Lanes)]
    return found[0] if found else min(kinds, key=lambda kind: kind.bitwidth)


def _arithmetic(name: str, symbol: Callable[..., Any]) -> None:
    """Let an operator of Python work on lanes."""

    @intrinsic
    def work(typing: Any, left: Any, right: Any) -> Any:
        kind = _common(left, right)

        def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
            pair = [_same(context, builder, k, v, kind) for k, v in zip((left, right), arguments, strict=True)]
            return getattr(builder, name)(*pair)

        return kind(left, right), code

    @overload(symbol, inline="always")
    def choose(left, right):
        if isinstance(left, Lanes) or isinstance(right, Lanes):
            return lambda left, right: work(left, right)
        return None


for _name, _symbol in (
    ("fadd", operator.add), ("fsub", operator.sub), ("fmul", operator.mul), ("fdiv", operator.truediv)
):  # fmt: skip
    _arithmetic(_name, _symbol)


@intrinsic
def fma(typing: Any, left: Any, right: Any, added: Any) -> Any:
    """left * right + added, rounded once where that is one instruction (fused multiply-add)."""
    kinds = (left, right, added)
    kind = _common(*kinds)

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        values = [_same(context, builder, k, v, kind) for k, v in zip(kinds, arguments, strict=True)]
        return multiply_add(builder, kind, values)

    return kind(*kinds), code


def multiply_add(builder: Any, kind: Any, values: Any) -> Any:
    """The first value times the second plus the third, for numbers or lanes of one kind.

    A machine without this instruction multiplies and then adds: to round only once it would need a call for each lane.
    """
    return by_intrinsic(builder, "llvm.fma" if fuses() else "llvm.fmuladd", kind, values)


@intrinsic
def root(typing: Any, value: Any) -> Any:
    """The square root."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        return by_intrinsic(builder, "llvm.sqrt", value, arguments)

    return value(value), code


def by_intrinsic(builder: Any, name: str, kind: Any, values: Any) -> Any:
    """What an instruction gives that LLVM knows by this name, for numbers or lanes of one kind."""
    lanes = f"v{kind.count}" if isinstance(kind, Lanes) else ""
    of = ir.FunctionType(llvm_type(kind), [llvm_type(kind)] * len(values))
    function = cgutils.get_or_insert_function(builder.module, of, f"{name}.{lanes}f{_scalar(kind).bitwidth}")
    return builder.call(function, values)


@intrinsic
def where_above(typing: Any, value: Any, limit: Any, then: Any, otherwise: Any) -> Any:
    """`then` where value > limit, elsewhere (and where value is not a number) `otherwise`."""
    kinds = (value, limit, then, otherwise)
    kind = _common(*kinds)

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        values = [_same(context, builder, k, v, kind) for k, v in zip(kinds, arguments, strict=True)]
        return builder.select(builder.fcmp_ordered(">", values[0], values[1]), values[2], values[3])

    return kind(*kinds), code


@intrinsic
def power_of_two(typing: Any, exponent: Any) -> Any:
    """Two to a whole power, given as a float to which the magic number of `curves.whole` has been added."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        bits, mantissa = _scalar(exponent).bitwidth, 23 if _scalar(exponent).bitwidth == 32 else 52
        whole: Any = ir.IntType(bits)
        if isinstance(exponent, Lanes):
            whole = ir.VectorType(whole, exponent.count)
        one = (127 if bits == 32 else 1023) << mantissa
        moved = builder.shl(builder.bitcast(arguments[0], whole), constant(whole, mantissa))
        return builder.bitcast(builder.add(moved, constant(whole, one)), llvm_type(exponent))

    return exponent(exponent), code


@intrinsic
def total(typing: Any, value: Any) -> Any:
    """The sum of all lanes: half of them added to the other half, until one is left. The order is always the same."""

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        sums, count = arguments[0], value.count
        while count > 1:
            half = count // 2
            low, high = (
                ir.Constant(ir.VectorType(ir.IntType(32), half), list(range(start, start + half)))
                for start in (0, count - half)
            )
            nothing = ir.Constant(sums.type, ir.Undefined)
            halves = [builder.shuffle_vector(sums, nothing, part) for part in (low, high)]
            if count % 2:
                raise NotImplementedError("lanes are a power of two")
            sums, count = builder.fadd(*halves), half
        return builder.extract_element(sums, ir.Constant(ir.IntType(32), 0))

    return value.scalar(value), code


@intrinsic
def totals(typing: Any, rows: Any) -> Any:
    """The sums of as many lanes as each of them has numbers, in one: lane i is the sum of rows[i], a tuple.

    Neighbours of two rows are added at the same time, again and again: 15 additions for 16 sums, where one after the
    other takes 64 (a transposition and a sum in one).
    """
    kind = rows.dtype
    if len(rows) != kind.count:
        raise NotImplementedError(f"{kind.count} rows of {kind.count} numbers each are summed up at once")

    def code(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        parts = cgutils.unpack_tuple(builder, arguments[0])
        even, odd = (
            ir.Constant(ir.VectorType(ir.IntType(32), kind.count), list(range(first, 2 * kind.count, 2)))
            for first in (0, 1)
        )
        while len(parts) > 1:
            pairs = zip(parts[::2], parts[1::2], strict=True)
            parts = [
                builder.fadd(builder.shuffle_vector(a, b, even), builder.shuffle_vector(a, b, odd)) for a, b in pairs
            ]
        return parts[0]

    return kind(rows), code


@intrinsic
def across(typing: Any, rows: Any) -> Any:
    """As many vectors as each has lanes, turned on their side: lane i of the result j is lane j of rows[i].

    Pairs of rows exchange every other lane, then every other two, and so on.
    """

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        parts, count = list(cgutils.unpack_tuple(builder, arguments[0])), rows.count
        far = 1
        while far < count:
            for low in (row for row in range(count) if not row & far):
                pair = parts[low], parts[low + far]
                for row, ahead in ((low, 0), (low + far, far)):
                    picked = [lane + ahead if not lane & far else count + lane - far + ahead for lane in range(count)]
                    mask = ir.Constant(ir.VectorType(ir.IntType(32), count), picked)
                    parts[row] = builder.shuffle_vector(*pair, mask)
            far *= 2
        return context.make_tuple(builder, signature.return_type, parts)

    return rows(rows), code


@cache
def features() -> dict[str, bool]:
    """What the processor can do, by LLVM's names."""
    return dict(binding.get_host_cpu_features())


def width(bits: int) -> int:
    """How many numbers of so many bits one vector register of this machine holds."""
    wide = 512 if features().get("avx512f") else 256 if features().get("avx2") else 128
    return wide // bits


def fuses() -> bool:
    """Whether it multiplies and adds in one instruction; all processors of 64 bits by ARM do."""
    return features().get("fma", False) or arm()


def arm() -> bool:
    """Whether it is a processor of 64 bits by ARM."""
    return platform.machine().lower() in ("arm64", "aarch64")


__all__ = [
    "Lanes", "across", "fma", "load", "ones", "pick", "power_of_two", "root", "splat", "spread",
    "store", "total", "totals", "where_above", "width", "zeros",
]  # fmt: skip
