"""How much one file may be: bounds in bytes, members and layers, so that no input fills the memory or the night.

Every message that a bound causes names the bound. They are generous for listings (a listing of a hundred thousand
papers has about 150 MB); whoever trusts a larger file splits it or raises the bound here.
"""

from typing import Final

MAX_FILE_BYTES: Final = 1024 * 1024 * 1024
"""Of a file on disk that is read whole; larger ones are not read at all."""

STREAM_BYTES: Final = 16 * 1024 * 1024
"""Text of more bytes, packed or not, is read in pieces, and may have any size; what cannot be cut is read whole."""

MAX_UNPACKED_BYTES: Final = 256 * 1024 * 1024
"""Of one text that is read whole, or one tar archive, when it is unpacked."""

MAX_ARCHIVE_BYTES: Final = 1024 * 1024 * 1024
"""Of all members of one archive together, those of archives inside it counted too."""

MAX_RATIO: Final = 1000
"""Unpacked bytes a packed byte, beyond ``RATIO_FREE_BYTES``. Text packs 3 to 30 times; deflate cannot beat 1,032."""

MAX_TEXT_RATIO: Final = 100
"""The same beyond ``MAX_UNPACKED_BYTES``, for packed text that is read in pieces and could go on for a night."""

RATIO_FREE_BYTES: Final = 16 * 1024 * 1024
"""Less than this is unpacked whatever its ratio."""

MAX_MEMBERS: Final = 10_000
"""Of one archive."""

MAX_DIRECTORY_BYTES: Final = 16 * 1024 * 1024
"""Of the list of members at the end of a zip archive."""

MAX_DEPTH: Final = 2
"""Archives in one another: ``a.zip!/b.tar.gz!/c.txt`` is read, one more archive inside that is not."""

MAX_LINE_BYTES: Final = 1024 * 1024
"""Of one line of plain text. The longest author lists in print have 60,000 bytes."""

UNPACKER_MEMORY: Final = 256 * 1024 * 1024
"""Bytes that unpacking xz may ask for; ``xz -9`` needs 65 MiB."""
