"""Leave out small numbers of a table, and those from which they could be computed.

A table has rows, columns and their totals. Each published number is an equation for somebody who
wants the others. Rows and columns are the nodes of a graph, numbers its edges: around a cycle of
edges, numbers can grow and shrink by turns without a change of any total. So a number can be
anything in a range if a cycle of numbers that are left out goes through it (D. Gusfield, "A graph
theoretic approach to statistical data security", 1988). For each small number the cheapest such
cycle is left out.

It is assumed that others know which numbers are 0, and that the numbers left out are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

TOTAL = ""
Cell = tuple[str, str]  # a row and a column; TOTAL is that of all
Table = Mapping[Cell, int]
_Node = tuple[int, str]  # 0 and a row, or 1 and a column


class Bounds(NamedTuple):
    """What others know of each number from elsewhere: at least `floors`, at most `ceilings`."""

    floors: Table = {}  # noqa: RUF012 - never changed
    ceilings: Table = {}  # noqa: RUF012 - never changed


def add_totals(table: Table) -> dict[Cell, int]:
    """Return a table with the totals of its rows, of its columns, and of all."""
    found: dict[Cell, int] = defaultdict(int)
    for (row, column), number in table.items():
        for cell in ((row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            found[cell] += number
    return {cell: number for cell, number in found.items() if number}


NO_BOUNDS = Bounds()


def suppress(
    table: Table, minimum: int, bounds: Bounds = NO_BOUNDS, also: Collection[Cell] = ()
) -> frozenset[Cell] | None:
    """Return the cells to leave out of a table with totals.

    These are all under the minimum and those of `also`, and others so that each number that is left
    out may also be larger or smaller by the minimum, for all that others can know. None if there is
    no such choice.
    """
    graph = _Graph(table, minimum, bounds)
    for cell in sorted(table):
        is_left_out = table[cell] < minimum or cell in also
        # One that is in the cycle of another can already change with it.
        if is_left_out and cell not in graph.hidden and not graph.hide(cell):
            return None
    return frozenset(graph.hidden)


class Published(NamedTuple):
    """What is published of a table: `numbers`, of all that there are at its level of detail."""

    numbers: Table
    level: Table


def publish_part(table: Table, minimum: int, ceilings: Table) -> Published:
    """Return the numbers to publish of a table without totals, which is a part of a larger one.

    Where most numbers are small, few can be published beside them. So the level of detail is chosen
    of which most can: the whole table, the totals of its rows or of its columns, or that of all.
    `ceilings` are the numbers of the larger table, with totals. Totals alone are published only of
    a part that is far from them. Without any number to publish, the level is empty.
    """
    levels = [_in_full(table, minimum, ceilings)]
    if _is_far(table, minimum, ceilings):
        levels += [*[_totals(table, axis, minimum) for axis in (0, 1)], _whole(table, minimum)]
    return max(levels, key=lambda level: len(level.numbers))


_NOTHING = Published({}, {})


def _in_full(table: Table, minimum: int, ceilings: Table) -> Published:
    if max(table.values(), default=0) < minimum:
        return _NOTHING
    level = add_totals(table)
    hidden = suppress(level, minimum, Bounds(ceilings=ceilings))
    return _NOTHING if hidden is None else _without(level, hidden)


def _is_far(table: Table, minimum: int, ceilings: Table) -> bool:
    """Return whether each number may be larger by the minimum, for all that others can know."""
    room = [(ceilings[cell], number) for cell, number in add_totals(table).items()]
    return all(most < minimum or most - number >= minimum for most, number in room)


def _totals(table: Table, axis: int, minimum: int) -> Published:
    """Return the totals of rows (`axis` 0) or columns (1), and their total.

    As a table, it has a second column or row besides, with the same numbers, which nobody sees. A
    total that is hardly larger than the number of its parts would give these away.
    """
    numbers: dict[Cell, int] = defaultdict(int)
    sizes: dict[Cell, int] = defaultdict(int)  # the numbers of parts
    for cell, number in table.items():
        numbers[_at(axis, cell[axis], _ANY)] += number
        sizes[_at(axis, cell[axis], _ANY)] += 1
    level, sizes = add_totals(numbers), add_totals(sizes)
    tight = [cell for cell in level if not _has_room(level[cell], sizes[cell], minimum)]
    hidden = suppress(level, minimum, Bounds(sizes), tight)
    seen = {cell: number for cell, number in level.items() if cell[1 - axis] == TOTAL}
    return _NOTHING if hidden is None else _without(seen, hidden)


def _whole(table: Table, minimum: int) -> Published:
    number = sum(table.values())
    is_shown = number >= minimum and _has_room(number, len(table), minimum)
    return _without({(TOTAL, TOTAL): number}, ()) if is_shown else _NOTHING


def _has_room(number: int, size: int, minimum: int) -> bool:
    """Return whether a total leaves each of its parts, which are 1 or more, a range of values."""
    return size == 1 or number - size >= minimum


_ANY = "*"  # the name of the only column or row


def _at(axis: int, name: str, other: str) -> Cell:
    return (name, other) if axis == 0 else (other, name)


def _without(level: Table, hidden: Collection[Cell]) -> Published:
    return Published({cell: n for cell, n in level.items() if cell not in hidden}, level)


class _Graph:
    """A table as a graph; `hidden` are the cells that are left out."""

    def __init__(self, table: Table, width: int, bounds: Bounds) -> None:
        self.table = table
        self.width = width
        self.bounds = bounds
        self.hidden: set[Cell] = set()
        self.edges: dict[_Node, list[tuple[_Node, Cell]]] = defaultdict(list)
        for cell in sorted(table):
            row, column = (0, cell[0]), (1, cell[1])
            self.edges[row].append((column, cell))
            self.edges[column].append((row, cell))

    def hide(self, cell: Cell) -> bool:
        """Leave out a cell and the cheapest cycle through it; return whether there is one."""
        row, column = (0, cell[0]), (1, cell[1])
        ways = [self._path(end, start, cell) for start, end in ((row, column), (column, row))
                if self._can_move(cell, start)]  # fmt: skip
        paths = [way for way in ways if way is not None]
        if paths:
            self.hidden.update(min(paths)[1], [cell])
        return bool(paths)

    def _path(self, start: _Node, goal: _Node, without: Cell) -> tuple[int, list[Cell]] | None:
        """Return the cost and the cells of the cheapest path, or None."""
        heap: list[tuple[int, _Node, list[Cell]]] = [(0, start, [])]
        done: set[_Node] = set()
        while heap:
            cost, node, cells = heappop(heap)
            if node == goal:
                return cost, cells
            if node in done:
                continue
            done.add(node)
            for after, cell in self._steps(node, without):
                heappush(heap, (cost + self._cost(cell), after, [*cells, cell]))
        return None

    def _steps(self, node: _Node, without: Cell) -> Iterator[tuple[_Node, Cell]]:
        for after, cell in self.edges[node]:
            if cell != without and self._can_move(cell, node):
                yield after, cell

    def _cost(self, cell: Cell) -> int:
        return 0 if cell in self.hidden else self.table[cell]

    def _can_move(self, cell: Cell, start: _Node) -> bool:
        """Return whether a number can change enough if a cycle passes it from this node.

        Passed from its row to its column a number grows, else it shrinks. A total is on the other
        side of its equation, so it is the other way round; twice for the total of all.
        """
        is_other_way = (cell[0] == TOTAL) != (cell[1] == TOTAL)
        number = self.table[cell]
        if (start[0] == 0) != is_other_way:
            return self.bounds.ceilings.get(cell, inf) - number >= self.width
        return number - max(1, self.bounds.floors.get(cell, 0)) >= self.width
