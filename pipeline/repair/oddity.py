"""Words that look like none: signs or capitals inside, or letters that no language sets so.

What files are asked of which nobody knows whether they are text (``legacy``): one odd word proves nothing.
"""

import re
from collections import Counter
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from pipeline.repair.bulk import learn
from pipeline.repair.languages import modelled
from pipeline.repair.letters import lowered
from pipeline.repair.plausible import price, shape

_EAST_ASIAN: Final = re.compile("[\u3000-\u303f\uff00-\uffef]")  # points that stand in words without a space
_ODD: Final = 4.0  # nats a letter from which on a word looks like none
_ODD_IN: Final = {"GREEK": 5.0, "CJK": 11.0, "HANGUL": 11.0, "THAI": 6.0}  # the same of scripts with more letters
_LATIN: Final = frozenset({"LATIN", ""})
_MOST_KNOWN: Final = 1 << 16
_RUN: Final = re.compile("[^\x00-\x7f]{3,}")
_TWO_LETTERS: Final = 0.4  # no two letters of a language make up so much of it


def monotonous(words: Collection[str]) -> bool:
    """Whether two characters make up more of longer runs outside ASCII than any letters do: leads of bytes read twice.

    So of single letters; of East Asian text in bytes of its own the leads are as monotonous.
    """
    text = "".join(words)
    seen = Counter("".join([run for word in words for run in _RUN.findall(word)]))
    most = sum([many for _, many in seen.most_common(2)]) > _TWO_LETTERS * seen.total()
    return most and 2 * seen.total() > len(text) - len(text.encode("ascii", "ignore"))


def odd_ones(words: Collection[str]) -> int:
    """How many of some words look like none."""
    known = _known()
    _judge([word for word in dict.fromkeys(words) if word not in known])
    return sum([known[word] for word in words])


@lru_cache(maxsize=1)
def _known() -> dict[str, bool]:
    """Words that were judged, and whether they look like none."""
    return {}


def _judge(words: Collection[str]) -> None:
    known = _known()
    if len(known) + len(words) > _MOST_KNOWN:
        known.clear()
    scripts = {char: shape(char).script for char in set("".join(words))}
    signs = {char for char, script in scripts.items() if char > "\x7f" and not script and not _EAST_ASIAN.match(char)}
    foreign = {char for char, script in scripts.items() if script not in _LATIN}
    unwritten = dict.fromkeys([ord(char) for char, script in scripts.items() if not script])
    known.update({word: True for word in words if not signs.isdisjoint(word)})
    latin = [word for word in words if word not in known and foreign.isdisjoint(word)]
    small = [lowered(word if word.isalpha() else word.translate(unwritten)) for word in latin]
    tabled = modelled([(letters, False, True, True) for letters in small]).tolist()
    for word, letters, cost in zip(latin, small, tabled, strict=True):
        known[word] = cost > _ODD * (1 + len(letters)) or _capitals(word)
    others = [word for word in words if word not in known]
    learn([(word, False) for word in others])
    bounds = {char: _ODD_IN.get(script, _ODD) for char, script in scripts.items()}
    for word in others:
        known[word] = price(word) > max([bounds[char] for char in word]) * (1 + len(word)) or _capitals(word)


def _capitals(word: str) -> bool:
    return word[1:] != word[1:].lower() and not word.isupper()
