"""A name of an author list before it has a place: family and given names, kind, and the tokens that it was made of."""

from typing import NamedTuple

from pipeline.split.tokens import Token


class Name(NamedTuple):
    """One name; ``flags`` as in the contract ``author_mentions``."""

    tokens: tuple[Token, ...]
    family: str
    given: str | None
    suffix: str | None
    kind: str
    flags: tuple[str, ...]

    @property
    def key(self) -> tuple[str | None, ...]:
        """What makes two mentions of one list the same name."""
        return self.family, self.given, self.suffix, self.kind
