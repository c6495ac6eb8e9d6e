"""Unpacking, with a bound. Other archives than gzip are told apart in ``filetypes`` and refused in ``identify``."""

import gzip
import io
import zlib
from typing import Final

# A file of text that unpacks to more than this is no listing that anybody scraped; it may be made to fill the memory.
MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
GZIP: Final = b"\x1f\x8b\x08"


class UnpackError(Exception):
    """Packed bytes that cannot be unpacked; the message says why and what to do."""


def compression_of(data: bytes) -> str:
    """How ``data`` is packed: "gzip" or "none"."""
    return "gzip" if data.startswith(GZIP) else "none"


def unpack(data: bytes, compression: str) -> bytes:
    """The unpacked bytes.

    A gzip file that is cut or damaged is refused whole: a table has no place to say that the end of a file that
    was read is missing, and records that silently lack are worse than a file that asks to be fetched again.

    Raises UnpackError when the bytes are cut, damaged, or more than ``MAX_UNPACKED_BYTES``.
    """
    if compression == "none":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            unpacked = packed.read(MAX_UNPACKED_BYTES + 1)
    except EOFError as error:
        raise UnpackError(
            "the gzip file is cut: it ends too early; fetch it again, or save what `gzip -dc` still gives as text"
        ) from error
    except (OSError, zlib.error) as error:
        raise UnpackError(
            f"the gzip file is damaged ({error}); fetch it again, or save what `gzip -dc` still gives as text"
        ) from error
    if len(unpacked) > MAX_UNPACKED_BYTES:
        raise UnpackError(
            f"the gzip file unpacks to more than {MAX_UNPACKED_BYTES} bytes (MAX_UNPACKED_BYTES); "
            "split it into smaller files, or raise the bound if you trust it"
        )
    return unpacked
