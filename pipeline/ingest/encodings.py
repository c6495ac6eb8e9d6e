"""Which codec turns the bytes of a file into text, and how that is known.

Evidence in this order: byte order mark, valid UTF-8, the shape of UTF-16 and UTF-32, a declaration inside the text
that the bytes bear out, statistics of legacy codecs (in ``legacy``), line by line where a file mixes several (in
``mixed``). Text that is mojibake but valid UTF-8 is UTF-8: mending it is the next stage's work.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from pipeline.ingest.declared import Declaration, declaration
from pipeline.ingest.legacy import Price, cost, decodes, handicap, ranked, words_of
from pipeline.ingest.mixed import ranges, shared_out
from pipeline.ingest.reading import BOMS, NEWLINE
from pipeline.ingest.wide import CONTROLS, control_share, wide_without_mark

# Beyond this share of control characters a file is no text: random bytes have 28 of 256, 11 %.
MAX_CONTROLS: Final = 0.02
# Where no model of text weighs lines: UTF-8 with some broken characters is still UTF-8.
VALID_FOR_EACH_BROKEN: Final = 10
_FEW: Final = 50  # lines of UTF-8 among legacy lines, which may be so by accident
_TRUSTED: Final = 12.0  # nats that a codec must be better by than the one that the text declares
# The well-formed byte sequences of the Unicode Standard, table 3-7, or one byte that is part of none.
_UTF8_PIECES: Final = re.compile(
    rb"(?P<good>[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})|[\x80-\xff]"
)


class NoTextError(Exception):
    """Bytes that no codec makes a text of; the message says what they look like and what to do."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec by Python's name, or several joined by ``+``, and how it is known: bom, valid, declared or detected.

    ``lines`` says which lines are in another codec than the first (see ``mixed.ranges``). ``text`` is what flawless
    UTF-8 says, which need not be decoded again.
    """

    name: str
    known: str
    lines: str | None = None
    note: str | None = None
    text: str | None = field(default=None, compare=False, repr=False)


@dataclass
class _Lines:
    """The lines of a file that have bytes beyond ASCII, by their numbers."""

    valid: dict[int, bytes] = field(default_factory=dict)  # UTF-8
    broken: dict[int, bytes] = field(default_factory=dict)  # UTF-8 in which some bytes are wrong
    foreign: dict[int, bytes] = field(default_factory=dict)
    good: int = 0  # sequences of UTF-8
    bad: int = 0  # bytes that are part of none


def encoding_of(data: bytes, price: Price | None = None) -> Encoding:
    """The encoding of unpacked bytes. ``price`` is the model that judges legacy text (see ``legacy``).

    Raises NoTextError when the bytes are binary.
    """
    marked = next((name for name, mark in BOMS.items() if data.startswith(mark)), None)
    if marked not in {None, "utf-8"} and _is_text(data.decode(str(marked), "replace")):
        return Encoding(str(marked), "bom")
    if control_share(data) > MAX_CONTROLS and _controls(data) > 1:
        wide = wide_without_mark(data)
        if wide is None:
            raise NoTextError(_binary(data))
        return Encoding(wide, "detected")
    found = _one_byte_unit(data, "bom" if marked else "valid", price)
    text = found.text if found.text is not None or "+" in found.name else data.decode(found.name, "replace")
    if text is not None and not _is_text(text):
        raise NoTextError(_binary(data))
    return found


def _one_byte_unit(data: bytes, valid: str, price: Price | None) -> Encoding:
    """The encoding of bytes in which ASCII is ASCII."""
    told = declaration(data)
    text = _utf8(data)
    if text is not None:
        return Encoding("utf-8", valid, None, None if text.isascii() else _false(told, "utf-8"), text)
    lines = _sorted_out(data)
    cut = _is_cut(data)
    if cut and (lines.good or valid == "bom"):
        return Encoding("utf-8", valid, None, _false(told, "utf-8"))
    if told and told.codec and _holds(told.codec, data, lines, price):
        return Encoding(told.codec, "declared")
    if cut and price is None:
        return Encoding("utf-8", valid, None, _false(told, "utf-8"))
    codecs = _judged(lines, price) if price else _counted(lines)
    names = Counter(codecs.values())
    if not names:
        raise NoTextError("is binary, or in an encoding that nobody here knows; save it as UTF-8")
    first = "utf-8" if "utf-8" in names else names.most_common(1)[0][0]
    name = "+".join([first, *(other for other in dict.fromkeys(codecs.values()) if other != first)])
    known = valid if name == "utf-8" and cut else "detected"
    if len(names) == 1:
        return Encoding(name, known, None, _false(told, name))
    others = "; ".join(part for part in ranges(sorted(codecs.items())).split("; ") if not part.startswith(f"{first}:"))
    return Encoding(name, known, others, _false(told, name))


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _sorted_out(data: bytes) -> _Lines:
    lines = _Lines()
    for number, line in enumerate(NEWLINE.split(data), 1):
        if line.isascii():
            continue
        found = Counter(match.lastgroup or "bad" for match in _UTF8_PIECES.finditer(line))
        lines.good, lines.bad = lines.good + found["good"], lines.bad + found["bad"]
        kind = lines.valid if not found["bad"] else lines.broken if found["good"] >= found["bad"] else lines.foreign
        kind[number] = line
    return lines


def _judged(lines: _Lines, price: Price) -> dict[int, str]:
    """The codec of each line beyond ASCII, by what its words cost; no line when no codec decodes them."""
    utf8 = {**lines.valid, **lines.broken}
    foreign = shared_out(list(lines.foreign.values()), price) if lines.foreign else []
    if foreign is None:
        return dict.fromkeys(utf8 | lines.foreign, "utf-8") if lines.good > lines.bad else {}
    rival = next(iter(foreign or ranked(words_of(lines.broken.values()), price)), None)
    if utf8 and rival and not _is_utf8(list(utf8.values()), rival, price):
        every = dict(sorted((utf8 | lines.foreign).items()))
        whole = shared_out(list(every.values()), price)
        if whole is not None:
            return dict(zip(every, whole, strict=True))
    codecs = dict.fromkeys(utf8, "utf-8") | dict(zip(lines.foreign, foreign, strict=True))
    if utf8 or len(lines.foreign) == 1:
        codecs |= {n: _nearer(line, {codecs[n]}, price) for n, line in lines.foreign.items()}
    few = lines.valid if len(lines.valid) <= _FEW else {}
    return codecs | {n: _nearer(line, set(foreign), price) for n, line in (few | lines.broken).items()}


def _nearer(line: bytes, legacy: set[str], price: Price) -> str:
    """UTF-8, with broken bytes shown as U+FFFD, or one of the legacy codecs: under which a line costs least."""
    words = words_of([line])
    costs = {"utf-8": _replaced(words, price)}
    for codec in sorted(legacy):
        found = cost(words, codec, price) if decodes(line, codec) else None
        if found is not None:
            costs[codec] = found + handicap(codec)
    return min(costs, key=costs.__getitem__)


def _counted(lines: _Lines) -> dict[int, str]:
    """The same without a model: by how much of the file is UTF-8."""
    every = lines.valid | lines.broken | lines.foreign
    if lines.good >= VALID_FOR_EACH_BROKEN * lines.bad:
        return dict.fromkeys(every, "utf-8")
    others = dict(sorted((lines.broken | lines.foreign).items()))
    foreign = shared_out(list(others.values()), None)
    if foreign is None:
        return {}
    return dict.fromkeys(lines.valid, "utf-8") | dict(zip(others, foreign, strict=True))


def _is_utf8(lines: list[bytes], legacy: str, price: Price) -> bool:
    """Whether lines that may be UTF-8 are: pairs of letters of a legacy codec can look like it."""
    words = words_of(lines)[:100]
    other = cost(words, legacy, price)
    return other is None or _replaced(words, price) < other


def _replaced(words: list[bytes], price: Price) -> float:
    """What words cost as UTF-8 in which broken bytes are shown as U+FFFD."""
    shown = [word.decode("utf-8", "replace").encode() for word in words]
    return cost(shown, "utf-8", price) or 0.0


def _holds(codec: str, data: bytes, lines: _Lines, price: Price | None) -> bool:
    """Whether the bytes bear a declaration out: all decode, they are not UTF-8, and no codec is clearly better."""
    if codec in {"utf-8", "utf-8-sig"} or lines.good >= VALID_FOR_EACH_BROKEN * lines.bad or not decodes(data, codec):
        return False
    if price is None:
        return True
    words = words_of((lines.valid | lines.broken | lines.foreign).values())[:400]
    best = next(iter(ranked(words, price)), codec)
    own, other = cost(words, codec, price), cost(words, best, price)
    return own is not None and (other is None or own < other + handicap(best) + _TRUSTED)


def _false(told: Declaration | None, truth: str) -> str | None:
    """The note on a declaration that does not hold."""
    if told is None or truth in {told.codec, str(told.codec).removesuffix("-sig")}:
        return None
    return told.broken(truth)


def _is_cut(data: bytes) -> bool:
    """Whether nothing is wrong with bytes as UTF-8 but that the last character is not whole."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.end == len(data) and error.reason == "unexpected end of data"
    return False


def _is_text(text: str) -> bool:
    encoded = text.encode("utf-8", "surrogatepass")
    odd = len(encoded) - len(encoded.translate(None, CONTROLS)) + text.count("\ufffd")
    return odd <= max(1, MAX_CONTROLS * len(text))


def _controls(data: bytes) -> int:
    return round(control_share(data) * len(data))


def _binary(data: bytes) -> str:
    zeros = data.count(0)
    what = (
        f"it has {zeros} zero bytes, the first at byte {data.index(0)}" if zeros else "it has bytes that are no letters"
    )
    return (
        f"is binary: {what}, and more than two of a hundred characters are control characters; if it is a text all the "
        "same, remove them (tr -d '\\000') or save it as UTF-8"
    )
