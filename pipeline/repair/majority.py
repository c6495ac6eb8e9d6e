"""Where nearly all that is damaged in a file was misread by one channel: what that says of the words that say little.

Not here: the votes themselves and what they add to each word (``decide``).
"""

from collections.abc import Iterable
from typing import Final

from pipeline.repair.decide import ENOUGH, UNANIMOUS, Votes
from pipeline.repair.invert import weigh
from pipeline.repair.lost import explained

_SEVERAL: Final = 2  # words
_AGREED: Final = 4  # words that were read the same way make a rule
_TWICE: Final = 2.0


def faint_channels(votes: Votes) -> frozenset[str]:
    """The channels for which little speaks beside another."""
    if votes.channels[votes.channel] < _SEVERAL:
        return frozenset()
    return frozenset(channel for channel, worth in votes.evidence.items() if _TWICE * worth < votes.loudest)


def outvoted(word: str, channel: str, votes: Votes) -> bool:
    """Whether for the channel that reads a word, a faint one, little speaks beside one through which it lost bytes.

    Where controls were dropped, the leads of two letters may stand side by side and look like one of a rare channel.
    """
    least = _TWICE * votes.evidence.get(channel, 0.0)
    return any(votes.evidence.get(f"utf-8>{codec.name}", 0.0) > least for codec, _ in explained(word))


def swayed(word: str, votes: Votes) -> bool:
    """Whether a word that says too little of itself, like one of a letter, would be read if all others agreed."""
    return any(way.channel == votes.channel and gain + UNANIMOUS >= ENOUGH for gain, way in weigh(word).entries)


def unanimous(words: Iterable[str], votes: Votes) -> bool:
    """Whether the loudest channel, for which several words speak, also explains all of some others."""
    loudest = votes.channel
    if votes.channels[loudest] < _AGREED:
        return False
    name = loudest.rpartition(">")[2]
    return all(
        any(way.channel == loudest for _, way in weigh(word).entries)
        or any(codec.name == name for codec, _ in explained(word))
        for word in words
    )
