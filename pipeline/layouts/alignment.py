"""The cheapest series of roles for a series of lines (Viterbi's algorithm). What a role costs is each layout's to
say.
"""

from collections.abc import Mapping, Sequence
from itertools import islice

IMPOSSIBLE = float("inf")


def cheapest_roles(
    costs: Sequence[Sequence[float]],
    states: Sequence[str],
    moves: Mapping[tuple[str, str], float],
    start: Mapping[str, float],
) -> list[str]:
    """One state a line such that the sum of the costs of lines and of moves between neighbours is least.

    Of equal sums the earlier of the ``states`` wins. ``costs`` says of each line what it costs that it is in each of
    the states (below infinity for at least one), ``moves`` what it costs that one state follows another, ``start`` that
    a state comes first; what is missing in them is impossible.
    """
    if not costs:
        return []
    sums = [start.get(state, IMPOSSIBLE) + cost for state, cost in zip(states, costs[0], strict=True)]
    steps: list[list[int]] = []  # states by their places here and below
    possible = [
        [(place, moves[other, state]) for place, other in enumerate(states) if (other, state) in moves]
        for state in states
    ]
    for row in islice(costs, 1, None):
        before, after = [], []
        for cost, others in zip(row, possible, strict=True):
            came, least = 0, IMPOSSIBLE
            for other, move in others:
                total = sums[other] + move
                if total < least:
                    came, least = other, total
            before.append(came)
            after.append(least + cost)
        sums = after
        steps.append(before)
    path = [sums.index(min(sums))]
    for before in reversed(steps):
        path.append(before[path[-1]])
    return [states[place] for place in reversed(path)]
