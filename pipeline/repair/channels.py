"""The channels as data: which codecs text was wrongly read with, and what each makes of a byte.

A channel takes bytes of UTF-8 and reads them with another codec. Readers in the wild are lenient: a byte that the
codec does not define comes out as the control character of its own number (so browsers read windows-1252), as
U+FFFD, or as a question mark. Not here: what is plausible (``plausible``) and what is decided (``decide``).
"""

from codecs import charmap_build, charmap_encode, getencoder
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from ftfy.bad_codecs.utf8_variants import IncrementalDecoder

CONTINUATIONS: Final = range(0x80, 0xC0)
# What a byte is to UTF-8, one bit each: a continuation, the lead C2, other leads of two, of three and of four bytes.
ROLES: Final = ((0x80, 0xC0, 1), (0xC2, 0xC3, 2), (0xC3, 0xE0, 4), (0xE0, 0xF0, 8), (0xF0, 0xF5, 16))


@dataclass(frozen=True)
class Codec:
    """One codec that bytes of UTF-8 were read with.

    ``penalty`` is what the channel costs beforehand, in nats: how rarely it is met in the wild.
    """

    name: str
    penalty: float
    multibyte: bool = False

    @cached_property
    def glued(self) -> bool:
        """Whether the codec's script is often set right beside Latin letters: Thai, Chinese, Japanese, Korean."""
        return self.multibyte or self.name in {"iso8859-11", "cp874"}

    @cached_property
    def table(self) -> tuple[str, ...]:
        """What each of the 256 bytes is read as; an undefined byte as the code point of its own number."""
        return tuple([chr(byte) if char is None else char for byte, char in enumerate(self._defined)])

    @cached_property
    def undefined(self) -> frozenset[int]:
        """Bytes that the codec does not define."""
        return frozenset([byte for byte, char in enumerate(self._defined) if char is None])

    @cached_property
    def _defined(self) -> list[str | None]:
        """What each byte is read as; None for an undefined one."""
        text = bytes(range(256)).decode(self.name, "replace")
        if len(text) == 256:
            return [None if char == "\ufffd" else char for char in text]
        return [_read(byte, self.name) for byte in range(256)]

    @cached_property
    def bytes_of(self) -> dict[int, int]:
        """Code point -> byte; defined readings win over undefined bytes."""
        table, undefined = self.table, self.undefined
        back = {ord(table[byte]): byte for byte in sorted(undefined)}
        back |= {ord(table[byte]): byte for byte in range(255, -1, -1) if byte not in undefined}
        return back

    @cached_property
    def roles(self) -> dict[int, int]:
        """For each character the control character whose number says what its bytes are to UTF-8 (``ROLES``).

        In texts that are translated so, one pattern does for all codecs; controls of their own mean nothing there.
        """
        table = dict.fromkeys(range(0x20), 0)
        for low, high, role in ROLES:
            for char in self.table[low:high]:
                table[ord(char)] = table.get(ord(char), 0) | role  # an undefined byte may look like another
        return table

    def encode(self, text: str) -> bytes | None:
        """The bytes that were read as this text; None where the codec cannot have yielded it."""
        try:
            return self._encode(text)[0]
        except UnicodeEncodeError:
            return None

    @cached_property
    def _encode(self) -> Callable[[str], tuple[bytes, int]]:
        if self.multibyte:
            return getencoder(self.name)
        bytes_of = self.bytes_of
        once = [char if bytes_of[ord(char)] == byte else "\ufffe" for byte, char in enumerate(self.table)]
        back = charmap_build("".join(once))  # what the interpreter looks up fastest
        return lambda text: charmap_encode(text, "strict", back)

    @cached_property
    def covers(self) -> frozenset[str]:
        """All characters that the codec reads some byte as."""
        return frozenset(map(chr, self.bytes_of))


def _read(byte: int, name: str) -> str | None:
    try:
        return bytes([byte]).decode(name)
    except UnicodeDecodeError:
        return None


# In the order of preference where two explain the same text equally. Penalties follow how often each is reported:
# Windows and ISO Latin by the thousand, DOS and Macintosh pages, Cyrillic and East Asian ones by the hundred.
CODECS: Final = tuple(
    Codec(name, penalty, multibyte)
    for name, penalty, multibyte in [
        ("cp1252", 0.0, False),
        ("latin-1", 0.0, False),
        ("cp1250", 0.5, False),
        ("cp1254", 0.5, False),
        ("iso8859-15", 0.6, False),
        ("iso8859-9", 0.7, False),
        ("cp1251", 0.5, False),
        ("iso8859-11", 0.8, False),
        ("cp874", 0.8, False),
        ("iso8859-2", 0.6, False),
        ("mac-roman", 0.8, False),
        ("cp437", 0.8, False),
        ("cp850", 0.8, False),
        ("cp1253", 0.9, False),
        ("iso8859-7", 0.9, False),
        ("cp1255", 0.9, False),
        ("cp1256", 0.9, False),
        ("cp1257", 0.9, False),
        ("cp1258", 0.9, False),
        ("iso8859-5", 0.9, False),
        ("koi8-r", 0.9, False),
        ("iso8859-8", 1.2, False),
        ("cp852", 1.4, False),
        ("cp866", 1.4, False),
        ("koi8-u", 1.4, False),
        ("cp855", 1.6, False),
        ("iso8859-3", 1.6, False),
        ("iso8859-4", 1.6, False),
        ("iso8859-10", 1.6, False),
        ("iso8859-13", 1.6, False),
        ("iso8859-14", 1.6, False),
        ("iso8859-16", 1.6, False),
        ("iso8859-6", 1.6, False),
        ("mac-latin2", 3.0, False),
        ("mac-cyrillic", 3.0, False),
        ("mac-greek", 3.0, False),
        ("mac-turkish", 3.0, False),
        ("mac-iceland", 3.0, False),
        ("cp720", 3.0, False),
        ("cp737", 3.0, False),
        ("cp775", 3.0, False),
        ("cp857", 3.0, False),
        ("cp858", 3.0, False),
        ("cp862", 3.0, False),
        ("mac-romanian", 3.0, False),
        ("cp860", 3.0, False),
        ("cp861", 3.0, False),
        ("cp863", 3.0, False),
        ("cp865", 3.0, False),
        ("cp869", 3.5, False),
        ("cp1125", 3.0, False),
        ("kz1048", 3.5, False),
        ("gbk", 1.2, True),
        ("big5", 1.2, True),
        ("cp932", 1.2, True),
        ("cp949", 1.2, True),
        ("euc-jp", 3.0, True),
        ("gb18030", 3.0, True),
        ("big5hkscs", 3.0, True),
    ]
)
BY_NAME: Final = {codec.name: codec for codec in CODECS}


@dataclass(frozen=True)
class Masks:
    """Code point -> one bit a single-byte codec that reads so a byte above 0x7F, a lead byte."""

    bytes: dict[int, int]
    leads: dict[int, int]


@lru_cache(maxsize=1)
def masks() -> Masks:
    """The masks of all codecs, in their order."""
    tables: tuple[dict[int, int], dict[int, int]] = ({}, {})
    spans = (range(0x80, 0x100), range(0xC0, 0xF5))
    for place, codec in enumerate(CODECS):
        for table, span in zip(tables, spans, strict=True):
            for point in () if codec.multibyte else {ord(codec.table[byte]) for byte in span}:
                table[point] = table.get(point, 0) | (1 << place)
    return Masks(*tables)


def read_alike(text: str) -> bool:
    """Whether one single-byte codec reads bytes above 0x7F as all characters but spaces and marks for lost bytes."""
    return _readers(text) != 0


def begins_alike(letter: str, text: str) -> bool:
    """Whether one single-byte codec that can read a text, as above, reads a lead byte as this letter."""
    return masks().leads.get(ord(letter), 0) & _readers(text) != 0


def _readers(text: str) -> int:
    """The codecs that read bytes above 0x7F as all characters but spaces and marks, one bit a codec."""
    table, able = masks().bytes, -1
    for char in text:
        able &= -1 if char in " ?\ufffd" else table.get(ord(char), 0)
    return able


def decode_utf8(data: bytes) -> str | None:
    """UTF-8 decoded strictly, or as the CESU-8 and Java variants that ftfy knows; None where it is neither."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        if b"\xed" not in data and b"\xc0" not in data:
            return None
    try:
        return str(IncrementalDecoder("strict").decode(data, final=True))
    except UnicodeDecodeError:
        return None
