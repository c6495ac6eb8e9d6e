"""File types that are no text, by the bytes that they start with. Only the table and its look-up belong here."""

from typing import Final

# (offset, bytes, name). Signatures as their formats' specifications print them; all are too odd to start a text.
SIGNATURES: Final = (
    (0, b"%PDF-", "PDF document"),
    (0, b"PK\x03\x04", "zip archive (also Word, Excel, OpenDocument, EPUB)"),
    (0, b"PK\x05\x06", "empty zip archive"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG image"),
    (0, b"\xff\xd8\xff", "JPEG image"),
    (0, b"GIF87a", "GIF image"),
    (0, b"GIF89a", "GIF image"),
    (0, b"II*\x00", "TIFF image"),
    (0, b"MM\x00*", "TIFF image"),
    (8, b"WEBP", "WebP image"),
    (0, b"\x00\x00\x01\x00", "icon"),
    (0, b"AT&TFORM", "DjVu document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office document of the old kind"),
    (0, b"{\\rtf", "RTF document"),
    (0, b"%!PS", "PostScript document"),
    (0, b"\x1f\x8b", "gzip archive"),
    (0, b"BZh", "bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "xz archive"),
    (0, b"\x28\xb5\x2f\xfd", "Zstandard archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (0, b"Rar!\x1a\x07", "RAR archive"),
    (257, b"ustar", "tar archive"),
    (0, b"PAR1", "Parquet file"),
    (0, b"SQLite format 3\x00", "SQLite database"),
    (0, b"\x7fELF", "Linux program"),
    (0, b"MZ\x90\x00", "Windows program"),
    (0, b"\xca\xfe\xba\xbe", "Java class or macOS program"),
    (0, b"OggS", "Ogg sound or film"),
    (0, b"ID3", "MP3 sound"),
    (0, b"fLaC", "FLAC sound"),
    (8, b"WAVE", "WAVE sound"),
    (4, b"ftyp", "MPEG-4 film"),
    (0, b"\x1aE\xdf\xa3", "Matroska or WebM film"),
    (0, b"wOFF", "font"),
    (0, b"wOF2", "font"),
)
# Signatures of letters only could also start a text; such a file is binary only when a byte that text never has comes
# soon.
LETTERS_ONLY: Final = (
    b"BZh",
    b"WEBP",
    b"WAVE",
    b"ftyp",
    b"PAR1",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"wOFF",
    b"wOF2",
    b"AT&TFORM",
    b"ustar",
)


def file_type(data: bytes) -> str | None:
    """The name of the type that ``data`` starts like, or None when it starts like no type of the table."""
    for offset, signature, name in SIGNATURES:
        if data.startswith(signature, offset) and (signature not in LETTERS_ONLY or _has_binary(data[:512])):
            return name
    return None


def _has_binary(head: bytes) -> bool:
    return any(byte < 9 or 13 < byte < 27 for byte in head)
