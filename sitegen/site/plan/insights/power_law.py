"""Fit a power law to whole numbers, by maximum likelihood.

The method is that of Clauset, Shalizi and Newman, "Power-law distributions in empirical data"
(SIAM Review 51, 2009), for discrete values: p(x) = x^-alpha / zeta(alpha, least) for x >= least.
For each candidate `least`, alpha maximises the likelihood; the `least` is chosen whose law is
nearest to the values by the distance of Kolmogorov and Smirnov.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

MIN_VALUES = 50  # of the tail, below which an estimate says little
MIN_DISTINCT = 8
MAX_CANDIDATES = 25
ALPHAS = (1.05, 6.0)
PRECISION = 1e-3  # of alpha
EXACT_FROM = 10  # from where the Euler-Maclaurin series needs no terms of the sum
GOLDEN = (math.sqrt(5) - 1) / 2


class PowerLaw(NamedTuple):
    """A power law: its exponent `alpha`, the `least` value from which it holds, and the fit.

    `size` is the number of values from there on, `distance` that of Kolmogorov and Smirnov.
    """

    alpha: float
    least: int
    size: int
    distance: float

    def rank(self, value: int) -> float:
        """Return how many values are expected to be at least as great as this one."""
        return self.size * zeta(self.alpha, value) / zeta(self.alpha, self.least)

    def curve(self, greatest: int) -> list[tuple[float, float]]:
        """Return points of the law, each a rank and a value, to join by lines on logarithmic axes.

        The first has the least value; the last has the greatest, or the rank 1 if that comes first.
        """
        points = [(float(self.size), float(self.least))]
        value = self.least
        while value < greatest and points[-1][0] > 1:
            value = min(2 * value, greatest)
            points.append((self.rank(value), float(value)))
        if points[-1][0] < 1:
            points[-1] = _at_rank_one(points[-2], points[-1])
        return points


class _Tail(NamedTuple):
    """The distinct values from `least` on, in order, and how many are at least as great as each."""

    values: Sequence[int]
    at_least: Sequence[int]
    log_sum: float

    @property
    def least(self) -> int:
        return self.values[0]

    @property
    def size(self) -> int:
        return self.at_least[0]


def fit(frequencies: Mapping[int, int]) -> PowerLaw | None:
    """Return the power law of values from 1, given how often each occurs; None for too few."""
    values = sorted(frequencies)
    at_least = list(accumulate(frequencies[value] for value in reversed(values)))[::-1]
    logs = [frequencies[value] * math.log(value) for value in values]
    log_sums = list(accumulate(reversed(logs)))[::-1]
    starts = [
        at
        for at in range(len(values) - MIN_DISTINCT + 1)
        if at_least[at] >= MIN_VALUES and values[at] > 0
    ]
    laws = [
        _fit_tail(_Tail(values[at:], at_least[at:], log_sums[at])) for at in _spread_out(starts)
    ]
    inner = [law for law in laws if ALPHAS[0] + 0.05 < law.alpha < ALPHAS[1] - 0.05]
    return min(inner, key=lambda law: (law.distance, law.least), default=None)


def zeta(exponent: float, start: int) -> float:
    """Return the zeta function of Hurwitz: the sum of k^-exponent for k from `start`.

    The end of the sum is that of the formula of Euler and Maclaurin.
    """
    near = math.fsum([math.pow(k, -exponent) for k in range(start, EXACT_FROM)])
    q = max(start, EXACT_FROM)
    power = math.pow(q, -exponent)
    series = q / (exponent - 1) + 0.5 + exponent / (12 * q)
    series -= exponent * (exponent + 1) * (exponent + 2) / (720 * q**3)
    return near + power * series


def _at_rank_one(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float]:
    """Return the point with the rank 1 on the line between two points on logarithmic axes."""
    part = math.log(before[0]) / math.log(before[0] / after[0])
    return 1.0, before[1] * (after[1] / before[1]) ** part


def _spread_out(starts: list[int]) -> list[int]:
    """Return at most so many of the starts, evenly over all of them."""
    if len(starts) <= MAX_CANDIDATES:
        return starts
    last = len(starts) - 1
    return [starts[at * last // (MAX_CANDIDATES - 1)] for at in range(MAX_CANDIDATES)]


def _fit_tail(tail: _Tail) -> PowerLaw:
    alpha = _likeliest(tail)
    return PowerLaw(alpha, tail.least, tail.size, _distance(tail, alpha))


def _likeliest(tail: _Tail) -> float:
    """Return the exponent of the greatest likelihood, which has one maximum: golden sections."""

    def loss(alpha: float) -> float:
        return tail.size * math.log(zeta(alpha, tail.least)) + alpha * tail.log_sum

    low, high = ALPHAS
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    loss_left, loss_right = loss(left), loss(right)
    while high - low > PRECISION:
        if loss_left < loss_right:
            high, right, loss_right = right, left, loss_left
            left = high - GOLDEN * (high - low)
            loss_left = loss(left)
        else:
            low, left, loss_left = left, right, loss_right
            right = low + GOLDEN * (high - low)
            loss_right = loss(right)
    return (low + high) / 2


def _distance(tail: _Tail, alpha: float) -> float:
    """Return the greatest difference between the shares of values that are at least as great.

    Between two values that occur, the law's share falls while the other stays: so it is greatest at
    one of them, or right after.
    """
    whole = zeta(alpha, tail.least)
    greatest = 0.0
    shares = [count / tail.size for count in (*tail.at_least, 0)]
    for value, (share, share_after) in zip(tail.values, pairwise(shares), strict=True):
        expected = zeta(alpha, value) / whole
        after = expected - math.pow(value, -alpha) / whole
        greatest = max(greatest, abs(share - expected), abs(share_after - after))
    return greatest
