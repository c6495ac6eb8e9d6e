"""Coverage-guided fuzzing of ingest: bytes of any kind become rows and lines, and nothing is raised but IngestError.

Run by hand, with the extra ``fuzz``: ``python tests/fuzz/fuzz_bytes.py -max_total_time=600 corpus/``. A finding is
written to ``crash-*``; cut it down, and make it a case of the unit tests.
"""

import sys

import atheris

with atheris.instrument_imports(include=["pipeline.ingest", "zipfile", "tarfile"]):
    from pipeline.ingest import IngestError, bounds, identify, read_lines, sources_of
    from pipeline.ingest.archives import open_archive
    from pipeline.ingest.mixed import codecs_of_lines
    from pipeline.ingest.names import ARCHIVE_MARK
    from pipeline.ingest.unpacking import unpack
    from pipeline.repair.plausible import price


def one_input(data: bytes) -> None:
    """Whatever was identified is read, and the offsets of each line give its bytes."""
    judge = price if data[:1] < b"\x80" else None
    for source in sources_of("x", data, lambda path, content: identify(path, content, judge)):
        source.path.encode("utf-8")
        if (source.status == "read") != (source.reason is None):
            raise AssertionError(source)
        if source.status != "read":
            continue
        archive = open_archive(data) if source.path != "x" else None
        content = archive.find(source.path.removeprefix(f"x{ARCHIVE_MARK}")) if archive else data
        try:
            lines = read_lines(content, source)
        except IngestError as error:
            raise AssertionError(f"{source} cannot be read") from error
        text = unpack(content, source.compression)
        codecs = codecs_of_lines(source.encoding, source.encoding_lines, len(lines))
        for line, codec in zip(lines, codecs, strict=True):
            if text[line.byte_start : line.byte_end].decode(codec, "replace") != line.text:
                raise AssertionError(line)


def main() -> None:
    """Fuzz until a finding, a bound or Ctrl-C."""
    bounds.MAX_UNPACKED_BYTES = bounds.MAX_ARCHIVE_BYTES = 1 << 20
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
