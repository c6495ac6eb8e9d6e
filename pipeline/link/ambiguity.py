"""Authors whose name cannot tell who they are. Not here: names that may be one person's (``candidates``)."""

from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.link.components import Mask
from pipeline.link.names import cannot_tell_apart

# Names of at most so many letters are borne by many: of 6,076 names with identifiers 73 had several bearers, and most
# of those names were short Chinese ones.
SHORT_NAME: Final = 9
DAMAGED, BRIEF, PARTED = (
    "damage that was left",
    "single name or initials",
    "short name, works without a common co-author",
)


LETTERED: Final = ["folded_family", "folded_given", "kind"]
"""What ``short_names`` asks of names."""


def short_names(shown: pd.DataFrame) -> Mask:
    """Which names are so short that many people bear them."""
    letters = (shown["folded_family"].str.len() + shown["folded_given"].str.len()).to_numpy()
    short: Mask = (letters <= SHORT_NAME) & (shown["kind"] == "person").to_numpy(dtype=bool)
    return short


def ambiguity(shown: pd.DataFrame, is_parted: Mask) -> pd.Series:
    """Why each author's name may be several people's; null where nothing says so.

    ``shown`` has ``kind``, ``given``, ``folded_family``, ``folded_given`` and ``damaged``; ``is_parted`` says of which
    of the ``short_names`` the works have no co-author in common.
    """
    reason = pd.Series(None, index=shown.index, dtype=pd.ArrowDtype(pa.string()))
    reason[is_parted] = PARTED
    reason[cannot_tell_apart(shown)] = BRIEF
    reason[shown["damaged"].astype(bool)] = DAMAGED
    return reason
