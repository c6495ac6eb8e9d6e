"""Authors whose name cannot tell who they are. Not here: names that may be one person's (``candidates``)."""

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.link.coauthors import Appearances, parted
from pipeline.link.names import cannot_tell_apart

# Names of at most so many letters are borne by many: of 6,076 names with identifiers 73 had several bearers, and most
# of those names were short Chinese ones.
SHORT_NAME: Final = 9
DAMAGED, BRIEF, PARTED = (
    "damage that was left",
    "single name or initials",
    "short name, works without a common co-author",
)


def ambiguity(shown: pd.DataFrame, appearances: Appearances) -> pd.Series:
    """Why each author's name may be several people's; null where nothing says so.

    ``shown`` has ``kind``, ``given``, ``folded_family``, ``folded_given`` and ``damaged``; a person of
    ``appearances`` is a position in it.
    """
    letters = (shown["folded_family"].str.len() + shown["folded_given"].str.len()).to_numpy()
    short = np.flatnonzero((letters <= SHORT_NAME) & (shown["kind"] == "person").to_numpy(dtype=bool))
    reason = pd.Series(None, index=shown.index, dtype=pd.ArrowDtype(pa.string()))
    reason[parted(short, appearances)] = PARTED
    reason[cannot_tell_apart(shown)] = BRIEF
    reason[shown["damaged"].astype(bool)] = DAMAGED
    return reason
