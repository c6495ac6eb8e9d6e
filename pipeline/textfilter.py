"""Repair for people who have text and no pipeline: bytes in, repaired text out, with a diff or the reasons.

The work is that of the stage ``repair``; here a text is taken apart into lines and put together again.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.ingest import identify
from pipeline.ingest.reading import text_of
from pipeline.ingest.unpacking import UnpackError, unpacked
from pipeline.repair import Mended, mark_lost, mend_file, mend_lines, undo
from pipeline.repair.plausible import price
from pipeline.repair.tables import word_rows
from pipeline.repair.twins import file_words, twins_of
from schemas.registry import KEPT

_LINE_END = re.compile("(\r\n|\r|\n)")


class UndecodableError(ValueError):
    """Bytes that are no text in the encoding that was named, or in any; the message names byte and remedy."""


@dataclass(frozen=True)
class MendedText:
    """A text of several lines after repair; ``ends`` has what ends each line, for the last one perhaps nothing."""

    lines: tuple[Mended, ...]
    ends: tuple[str, ...]

    @property
    def text(self) -> str:
        """The repaired text."""
        return "".join(line.text + end for line, end in zip(self.lines, self.ends, strict=True))

    def marked(self) -> "MendedText":
        """The same with U+FFFD for letters that are lost, which otherwise are left as they stand."""
        return MendedText(tuple(map(mark_lost, self.lines)), self.ends)

    def explanation(self, name: str) -> Iterator[str]:
        """One line a repair: where, what was there, what stands there now, how that is known."""
        for number, line in enumerate(self.lines, 1):
            for repair in line.repairs:
                how = ", ".join(filter(None, (repair.kind, repair.codec, repair.certainty, f"{repair.confidence:.2f}")))
                change = (
                    f"{repair.before!r} left"
                    if repair.before == repair.after
                    else f"{repair.before!r} -> {repair.after!r}"
                )
                others = f" (or {', '.join(map(repr, repair.alternatives))})" if repair.alternatives else ""
                yield f"{name}:{number}:{repair.start + 1}: {change}{others} [{how}] {repair.evidence}"

    def diff(self, name: str) -> Iterator[str]:
        """A unified diff from the decoded lines to the repaired ones."""
        before, after = [undo(line) for line in self.lines], [line.text for line in self.lines]
        return difflib.unified_diff(before, after, name, f"{name} (mended)", lineterm="", n=1)


def mend_document(text: str, *, encoding_only: bool = False) -> MendedText:
    """Repair a text of many lines, which vote together; with ``encoding_only`` nothing but encoding damage."""
    return mend_documents({"": text}, encoding_only=encoding_only)[""]


def mend_documents(texts: Mapping[str, str], *, encoding_only: bool = False) -> dict[str, MendedText]:
    """Repair several texts by their names: each as ``mend_document``, and damaged words with the help of the others.

    A word that lost letters is read like an undamaged twin in another text, as in a run of the pipeline.
    """
    mend = mend_lines if encoding_only else mend_file
    parts = {name: _LINE_END.split(text) for name, text in texts.items()}
    done = {name: mend(split[::2]) for name, split in parts.items()}
    if len(texts) > 1:
        words = KEPT["file_words"].joined([word_rows(name, file_words(lines)) for name, lines in done.items()])
        for name, rows in twins_of(lambda _: [words]).groupby("path"):
            done[str(name)] = mend(parts[str(name)][::2], known=dict(zip(rows["word"], rows["seen_in"], strict=True)))
    return {name: MendedText(tuple(lines), (*parts[name][1::2], "")) for name, lines in done.items()}


def decoded(data: bytes, encoding: str | None, name: str) -> str:
    """The text of bytes: in the encoding that is named, or else in the one that they are found to be in.

    Packed bytes are unpacked. Raises UndecodableError.
    """
    source = identify(name, data, price)
    if encoding is None and source.encoding is None and source.status == "rejected":
        raise UndecodableError(source.reason)
    try:
        whole = unpacked(data, source.compression)
        if whole.cut:  # a text has no place for a note
            raise UndecodableError(f"{name}: {whole.cut}, or mend what its own program still unpacks")
        if encoding is None and source.encoding:
            return text_of(whole.data, source).removeprefix("\ufeff")
        return whole.data.decode(encoding or "utf-8").removeprefix("\ufeff")
    except UnpackError as error:
        raise UndecodableError(f"{name}: {error}") from error
    except UnicodeDecodeError as error:
        remedy = (
            "name another encoding, or none to have it found out"
            if encoding
            else f"other bytes say that the text is {error.encoding}, so mend that byte, or read every byte with "
            "--encoding latin-1, which mends what is UTF-8"
        )
        raise UndecodableError(
            f"{name}: byte {error.start} is not {error.encoding} ({error.reason}); {remedy}"
        ) from error
    except LookupError as error:
        raise UndecodableError(f"{name}: {error}; use a name that Python knows, for example cp1252") from error
