"""Words that stand undamaged elsewhere in file or corpus: a damaged twin is read like them.

Not here: which words stand where (``page``, ``dossier``), and what a reading is worth besides (``lost``).
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from pipeline.repair.letters import lowered

TWIN: Final = 8.0  # what an undamaged twin elsewhere is worth, in nats
_PLAIN_TWIN: Final = 2.5  # and one that is printed without diacritics
_PLAIN: Final = str.maketrans("łøđßıðæœþə", "lodsidaote")


@dataclass(frozen=True)
class Known:
    """Undamaged words seen elsewhere, in small letters, and their forms without diacritics."""

    words: Collection[str] = frozenset()
    plain: Collection[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, words: Collection[str]) -> "Known":
        """Make the index from words as printed."""
        small = frozenset(lowered(word) for word in words)
        return cls(frozenset(word for word in small if not word.isascii()), frozenset(w for w in small if w.isascii()))

    def has(self, word: str) -> bool:
        """Whether the corpus has a word, given as printed."""
        return self.worth(lowered(word)) > 0

    def worth(self, word: str) -> float:
        """What it is worth, in nats, that the corpus has the word."""
        if word in self.words:
            return TWIN
        return _PLAIN_TWIN if len(word) > 3 and plain(word) in self.plain else 0.0


def plain(word: str) -> str:
    """A word without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFD", word.translate(_PLAIN)) if not unicodedata.combining(c))
