"""Words that stand undamaged elsewhere in file or corpus: a damaged twin is read like them.

Not here: which words stand where (``page``, ``dossier``), and what a reading is worth besides (``lost``).
"""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from pipeline.repair.letters import lowered

TWIN: Final = 8.0  # what an undamaged twin in the same file is worth, in nats
_TWIN_ELSEWHERE: Final = 6.0  # and one in another file, which may be about other people
_PLAIN_TWIN: Final = 2.5  # and one that is printed without diacritics
_PLAIN: Final = str.maketrans("łøđßıðæœþə", "lodsidaote")


@dataclass(frozen=True)
class Known:
    """Undamaged words in small letters: of the file, those in ASCII apart, and ``elsewhere``, with the files."""

    words: Collection[str] = frozenset()
    plain: Collection[str] = field(default_factory=frozenset)
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Collection[str]) -> "Known":
        """Make the index from words as printed."""
        small = frozenset(lowered(word) for word in words)
        return cls(frozenset(word for word in small if not word.isascii()), frozenset(w for w in small if w.isascii()))

    def has(self, word: str) -> bool:
        """Whether a word, given as printed, is worth something."""
        return self.worth(lowered(word)) > 0

    def worth(self, word: str) -> float:
        """What it is worth, in nats, that the corpus has the word."""
        if len(word) == 1:  # which says nothing of another one, least of all where it is a capital
            return 0.0
        if word in self.words:
            return TWIN
        if word in self.elsewhere:
            return _TWIN_ELSEWHERE
        return _PLAIN_TWIN if len(word) > 3 and plain(word) in self.plain else 0.0

    def where(self, word: str) -> str:
        """Where the word stands, in words; empty where it does not."""
        if word in self.words:
            return "stands undamaged elsewhere in this file"
        if word in self.elsewhere:
            return f"stands undamaged in {self.elsewhere[word] or 'another file'}"
        return "is printed elsewhere in this file without diacritics" if self.worth(word) > 0 else ""


def plain(word: str) -> str:
    """A word without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFD", word.translate(_PLAIN)) if not unicodedata.combining(c))
