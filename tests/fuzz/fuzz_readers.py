"""Coverage-guided fuzzing of the export readers and the layouts: nothing is raised, and nothing is lost.

Run by hand, with the extra ``fuzz``: ``python tests/fuzz/fuzz_readers.py -max_total_time=600 -timeout=60``. It starts
from the cases of the tests, and from the words in ``formats.dict``; folders named on the command line are corpora of
one's own, of which the first is added to. A finding is written to ``crash-*``; cut it down, and put it into
tests/cases/hostile.
"""

import json
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline.exports", "pipeline.layouts", "pipeline.split"]):
    from pipeline.exports import Export, format_of, read_format, read_rows, recognised
    from pipeline.exports.formats import READERS, TEXT
    from pipeline.ingest import identify
    from pipeline.layouts import layouts
    from pipeline.repair import mend_file
    from pipeline.split import FileSplit, split_export, split_file
    from schemas.rules import ROLES

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
MOST = 4000  # bytes of a seed: the first entries of a file have all of its format
WHOLE = {"ris", "nbib", "enw", "wos", "refworks"}  # formats whose tags no word looks like
UTF8 = {"ascii", "utf-8", "utf-8-sig"}
WORD = re.compile(r"(?<![^\s])[A-Z][a-z]{5,}(?![^\s])")


def one_input(data: bytes) -> None:
    """Every reader and every layout on the text, whatever it is; then the file as a run reads it."""
    text = data.decode("utf-8", "replace").replace("\x00", "")
    for name in dict.fromkeys(READERS.values()):
        spans(name(text), text)
    kind = format_of(text)
    if kind in WHOLE:
        export = read_format(text, kind)
        held = " ".join(text[value.start : value.end] for value in export.values)
        demand(all(word in held for word in WORD.findall(text)), kind, "a word is in no value")
    lines = text.split("\n")
    for layout in layouts():
        demand(0 <= layout.score(lines) <= 1, layout.name, "score")
        roles = layout.roles(lines)
        demand(len(roles) == len(lines), layout.name, "lines and roles")
        for line, role in zip(lines, roles, strict=True):
            demand(role.role in ROLES, role)
            demand(all(0 <= low <= high <= len(line) for _, low, high in role.parts or ()), line, role)
    balanced(split_file("x", mend_file(lines)), range(1, len(lines) + 1))
    as_in_a_run(text)


def spans(export: Export, text: str) -> None:
    """Each value stands in the text, and inside of its entry."""
    for value in export.values:
        low, high = (0, len(text)) if value.entry is None else export.entries[value.entry]
        demand(0 <= low <= value.start <= value.end <= high <= len(text), value)
        demand("\n" not in value.text, value)


def as_in_a_run(text: str) -> None:
    """The bytes of every row lead back into the text, and every row has one role."""
    data = text.encode()
    source = identify("x", data)
    if source.status != "read":
        return
    source = recognised(source, data)
    if source.format == TEXT:
        return
    rows = read_rows(data, source)
    for row in rows:
        demand(0 <= row.byte_start <= row.byte_end <= len(data), row)
        demand(row.entry_start <= row.file_line <= row.entry_end, row)
        if source.encoding in UTF8:
            demand(data[row.byte_start : row.byte_end].decode("utf-8") in text, row)
    found = split_export("x", source.format, rows, mend_file([row.text for row in rows]))
    balanced(found, [row.line_no for row in rows])


def balanced(found: FileSplit, numbers: range | list[int]) -> None:
    """Every line has one role, and every token of an author list is in a mention or left over."""
    demand([role.line_no for role in found.roles] == list(numbers), "lines and roles", len(found.roles))
    demand(all(role.role in ROLES for role in found.roles), "roles")
    ids = {record.record_id for record in found.records}
    demand(len(ids) == len(found.records), "two records with one id")
    demand({role.record_id for role in found.roles} <= {*ids, None}, "a line of no record")
    tokens = Counter({record.record_id: record.author_tokens for record in found.records})
    for mention in found.mentions:
        tokens[mention.record_id] -= mention.tokens
    for token in found.unused:
        tokens[token.record_id] -= 1
    demand(not any(tokens.values()), "tokens", tokens)


def demand(holds: bool, *what: object) -> None:
    """Raise AssertionError with what does not hold."""
    if not holds:
        raise AssertionError(*what)


def write_seeds(folder: Path) -> None:
    """The exports and listings of the tests as files of a corpus."""
    files = [*(CASES / "exports").rglob("*"), *(CASES / "layouts" / "described").glob("*.txt")]
    texts = [file.read_bytes() for file in files if file.is_file()]
    listings = json.loads((CASES / "layouts" / "listings.json").read_text(encoding="utf-8"))
    texts += ["\n".join(case["lines"]).encode() for case in listings]
    for number, data in enumerate(texts):
        (folder / f"seed-{number}").write_bytes(data[:MOST])


def main() -> None:
    """Fuzz until a finding, a bound or Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder:
        own = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
        if not all(Path(file).is_file() for file in own) or not own:  # files are findings to be run again
            write_seeds(Path(folder))
            sys.argv += [f"-dict={HERE / 'formats.dict'}", f"-max_len={MOST}", folder]
        atheris.Setup(sys.argv, one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
