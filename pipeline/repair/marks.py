"""U+FFFD for letters that lost bytes and that nobody can read, for who asks for it.

Repair leaves such a place as it stands and records it, so that nothing is lost; ftfy, from which many come, writes the
sign for an unknown character there. Not here: which letters are left (``guess``).
"""

from typing import Final

from pipeline.repair.channels import BY_NAME, decode_utf8
from pipeline.repair.model import Mended, Repair, apply_repairs, undo

MARK: Final = "\ufffd"
_ASKED: Final = "U+FFFD stands for it, as was asked"


def mark_lost(mended: Mended) -> Mended:
    """A mended text with U+FFFD for each place that was left unresolved since bytes of it are gone.

    Such a repair is ``inferred`` then, keeps its alternatives and says in its evidence that the sign was asked for; it
    can be undone like any other. What is left for another reason, like two channels that fit, stays as it is.
    """
    if not any(map(_lost, mended.repairs)):
        return mended
    return apply_repairs(undo(mended), [_marked(one) if _lost(one) else one for one in mended.repairs])


def _marked(repair: Repair) -> Repair:
    # A space that may have been one of the bytes stays: it may as well be the end of a word.
    after = MARK + " " * repair.before.endswith(" ")
    return repair._replace(after=after, certainty="inferred", evidence=f"{repair.evidence}; {_ASKED}")


def _lost(repair: Repair) -> bool:
    """Whether a repair was left, and what stands there is no whole UTF-8 when it is read back."""
    true, *read_as = (repair.codec or "").split(">")
    if repair.certainty != "unresolved" or repair.kind != "mojibake" or true != "utf-8" or repair.before == MARK:
        return False
    text: str | None = repair.before
    for name in reversed(read_as):
        data = BY_NAME[name].encode(text) if text is not None and name in BY_NAME else None
        text = decode_utf8(data) if data is not None else None
    return text is None
