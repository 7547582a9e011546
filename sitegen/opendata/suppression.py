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
from collections.abc import Iterator, Mapping
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


def suppress(table: Table, minimum: int, bounds: Bounds = NO_BOUNDS) -> frozenset[Cell] | None:
    """Return the cells to leave out of a table with totals.

    These are all under the minimum, and others so that each number that is left out may also be
    larger or smaller by the minimum, for all that others can know. None if there is no such choice.
    """
    graph = _Graph(table, minimum, bounds)
    for cell in sorted(table):
        if table[cell] < minimum and not graph.hide(cell):
            return None
    return frozenset(graph.hidden)


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
