"""The cheapest series of roles for a series of lines (Viterbi's algorithm). What a role costs is each layout's to
say.
"""

from collections.abc import Callable, Mapping, Sequence

IMPOSSIBLE = float("inf")


def cheapest_roles(
    size: int,
    states: Sequence[str],
    cost: Callable[[int, str], float],
    moves: Mapping[tuple[str, str], float],
    start: Mapping[str, float],
) -> list[str]:
    """One state a line such that the sum of the costs of lines and of moves between neighbours is least.

    There are ``size`` lines. Of equal sums the earlier of the ``states`` wins. ``cost`` says what it costs that line i
    is in a state (below infinity for at least one state a line), ``moves`` that one state follows another, ``start``
    that a state comes first; what is missing in them is impossible.
    """
    if not size:
        return []
    sums = [start.get(state, IMPOSSIBLE) + cost(0, state) for state in states]
    steps: list[list[int]] = []  # states by their places here and below
    possible = [
        (state, [(place, moves[other, state]) for place, other in enumerate(states) if (other, state) in moves])
        for state in states
    ]
    for index in range(1, size):
        before, after = [], []
        for state, others in possible:
            came, least = 0, IMPOSSIBLE
            for other, move in others:
                total = sums[other] + move
                if total < least:
                    came, least = other, total
            before.append(came)
            after.append(least + cost(index, state))
        sums = after
        steps.append(before)
    path = [sums.index(min(sums))]
    for before in reversed(steps):
        path.append(before[path[-1]])
    return [states[place] for place in reversed(path)]
