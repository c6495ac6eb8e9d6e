"""Which tokens are family names and which are given names, as the whole lists of pairs of a file show it.

Profiles print the same people again and again, so a name of a list that lost a token is often seen whole in another.
"""

from collections import Counter
from collections.abc import Iterable

from pipeline.split.lone import Odds
from pipeline.split.passages import Passage
from pipeline.split.plain import plain_pairs
from pipeline.split.styles import PAIRS, read_list


def odds_of(passages: Iterable[Passage], usual: str) -> Odds:
    """The odds of the tokens of a file's lists; lists with an odd number of tokens say nothing."""
    odds: Counter[str] = Counter()
    families: list[str] = []
    for passage in passages:
        pairs = plain_pairs(passage.text) if passage.is_sound else None
        if pairs is not None:
            odds.update(pairs.given)
            families += pairs.families
            continue
        style, tokens_of_list = read_list(passage, usual)
        if style.name != PAIRS:
            continue
        tokens = [token for token in tokens_of_list if token.kind not in {"suffix", "et al."}]
        if len(tokens) % 2 or any(token.kind == "punctuation" for token in tokens):
            continue
        for number, token in enumerate(tokens):
            if token.kind == "name" and tokens[number ^ 1].kind == "name":
                odds[token.text] += 1 if number % 2 else -1
    odds.subtract(Counter(families))
    return odds
