"""From bytes to tables, whatever the bytes are: no exception but ours, every line and name accounted for.

The stages run as in a run, on one to three small files, with tables in memory. ``tests/fuzz/fuzz_tables.py`` feeds the
same checks for hours; what it finds is a file in ``tests/cases/hostile``.
"""

import gzip
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.engine import BatchRun, Written
from pipeline.exports import read_rows
from pipeline.ingest import Source
from pipeline.quality import balance, refused_files
from pipeline.quality.ledger import INPUTS
from pipeline.quality.rejects import reject_table
from pipeline.rawfiles import Fresh
from pipeline.repair import undo
from pipeline.repair.tables import mended_files
from pipeline.repair.twins import twins_of
from pipeline.steps import STEPS
from pipeline.storage import CleanFolder, Found, RawFolder
from schemas import TABLES
from schemas.arrow import to_arrow, to_rows
from schemas.registry import KEPT

CASES = Path(__file__).parents[1] / "cases"
SAMPLES = sorted(
    file
    for folder in (CASES / "exports", CASES / "layouts" / "described", CASES / "hostile")
    for file in folder.rglob("*")
    if file.is_file() and file.name not in {"expected.json", "truth.json", "not_exports.json", "no_records.json"}
)


class Bytes(RawFolder):
    """Raw files that are nowhere but here, and nothing that people wrote beside them."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(Path("/nowhere/raw"))
        object.__setattr__(self, "files", files)

    def scan(self) -> list[Found]:
        return [Found(path) for path in sorted(self.files)]  # type: ignore[attr-defined]

    def settled(self, found: list[Found], fresh: Fresh | None = None) -> list[Found]:
        return found

    def read(self, path: str) -> bytes:
        return self.files[path]  # type: ignore[attr-defined, no-any-return]


class InMemory(BatchRun):
    """All stages of a run, one after the other, on tables that stay in memory."""

    def read(self, name: str) -> pd.DataFrame:
        return self.kept[name]

    def parent(self, name: str) -> pd.DataFrame:
        return self.kept[name] if name in self.kept else self.tables.read(name)  # of works, which linking writes itself

    def read_columns(self, name: str, columns: Sequence[str]) -> pd.DataFrame:
        return self.kept[name][list(columns)]

    def keep(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        self.kept[name] = KEPT[name].typed(frame) if name in KEPT else self.held(TABLES[name], frame)
        self.written[name] = Written()
        if name in ("records", "author_mentions"):  # which linking reads itself
            rows = to_arrow(self.kept[name], TABLES[name].arrow_schema)
            with self.tables.writer(TABLES[name], made_by="") as writer:
                writer.append_arrow(rows, ("", "\U0010ffff"), "all")
        return self.kept[name]


def whole_way(files: dict[str, bytes]) -> InMemory:
    """Ingest, repair, split and link."""
    with tempfile.TemporaryDirectory() as folder:  # for what ingest saw and linking reads; other tables stay in memory
        run = InMemory("", Bytes(files), CleanFolder(Path(folder)), "run")
        run.tables.folder.mkdir(parents=True)
        for stage in ("ingest", "repair", "split", "link"):
            run.stage = stage
            for body in (STEPS[stage].by_files, STEPS[stage].whole):
                if body is not None:
                    body(run)
            if stage == "repair":
                mend_again(run)
        run.kept |= {name: run.tables.read(name) for name in run.written if name not in run.kept}
    return run


def mend_again(run: InMemory) -> None:
    """Mend with the words that files have for one another, in place of what each said alone."""
    twins = twins_of(lambda _: [run.kept["file_words"]])
    if twins.empty:
        return
    run.results = [result for result in run.results if TABLES[result.table].stage != "repair"]
    run.rejects = [reject for reject in run.rejects if reject.stage != "repair"]
    run.batch = replace(run.batch, twins=twins)
    for body in (STEPS["repair"].by_files, STEPS["repair"].whole):
        assert body is not None
        body(run)


def check(files: dict[str, bytes]) -> InMemory:
    """Run the whole way and hold what must always hold; raises AssertionError with what does not."""
    run = whole_way(files)
    rejects = reject_table([*run.rejects, *refused_files(TABLES["raw_files"], run.kept["raw_files"])])
    ledger = balance({name: run.kept[name] for name in INPUTS}, rejects)
    assert (ledger["difference"] == 0).all(), to_rows(ledger[ledger["difference"] != 0])
    fatal = [(r.table, r.rule) for r in run.results if r.failures and r.severity == "fatal"]
    assert not fatal, fatal
    undone(run)
    lines, roles = (run.kept[name][["path", "line_no"]] for name in ("text_lines", "line_roles"))
    assert not roles.duplicated().any()
    refused = sum(r.table == "line_roles" for r in run.rejects)
    assert len(lines) == len(roles) + refused
    again = whole_way(files)
    assert all(frame.equals(again.kept[name]) for name, frame in run.kept.items())
    return run


def undone(run: InMemory) -> None:
    """Undoing the recorded repairs gives every line as it was decoded."""
    mended = mended_files(run.kept["text_lines"], run.kept["text_repairs"])
    sources = {row["path"]: Source(**row) for row in to_rows(run.kept["sources"])}
    for path, lines in mended.items():
        if "!/" not in path:
            decoded = [row.text for row in read_rows(run.raw.read(path), sources[path])]
            assert [undo(line) for line in lines] == decoded, path


WORDS = [
    "Title:",
    "Authors:",
    "Abstract:The",
    "1.",
    "[2]",
    "@article{",
    "TY",
    "",
    "-",
    "PMID-",
    "null,",
    "Øst,",
    "A.",
    "Ö.",
    "&",
    "and",
    "",
    "<p>",
    "</p>",
    "<b",
    "&lt;",
    '{"',
    '":',
    "[",
    "]",
    "}",
    ",",
    ";",
    "|",
    "\t",
    "\\'{e}",
    "$x$",
    "Ã¶",
    "â€™",
    "\ufeff",
    "\u202e",
    "\x1b[31m",
    "\x85",
    "�",
    "1999",
    "doi:10.1/x",
    "ภาษา",
    "漢字",
    "------",
    "ER",
    "",
    "-",
    "</record>",
]
TEXTS = st.lists(
    st.one_of(st.sampled_from([*WORDS, "\n", "\n", "\r\n", "\n\n"]), st.text(max_size=9)), max_size=60
).map(" ".join)
CODECS = st.sampled_from(["utf-8", "utf-16", "cp1252", "gbk", "shift-jis", "koi8-r"])
ENCODED = st.builds(lambda text, codec: text.encode(codec, "replace"), TEXTS, CODECS)


def mangled(sample: bytes, seed: int) -> bytes:
    """A real listing or export after an accident: cut, repeated, shuffled, bytes flipped or dropped, packed."""
    dice = random.Random(seed)
    data = bytearray(sample[:6000])
    for _ in range(dice.randint(0, 6)):
        if not data:
            break
        low = dice.randrange(len(data))
        high = min(len(data), low + dice.choice([1, 3, 40, 400]))
        piece = data[low:high]
        place = dice.randrange(len(data))
        what = dice.randrange(5)
        if what == 0:
            del data[low:high]
        elif what == 1:
            data[place:place] = piece * dice.choice([1, 2, 30])
        elif what == 2:
            data[low:high] = dice.randbytes(len(piece))
        elif what == 3:
            data[low:high] = bytes(dice.choice(b"\n{}[]<>\"',;&\\|=:-\x00\x1b\x80\xc3\xe2 ") for _ in piece)
        else:
            data[low:high] = piece.decode("cp1252", "replace").encode()
    return gzip.compress(bytes(data), mtime=0) if dice.random() < 0.1 else bytes(data)


MANGLED = st.builds(
    lambda file, seed: mangled(file.read_bytes(), seed), st.sampled_from(SAMPLES), st.integers(0, 2**32)
)
FILES = st.lists(st.one_of(MANGLED, MANGLED, ENCODED, st.binary(max_size=400)), min_size=1, max_size=3)


@given(FILES)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_files_become_tables_that_balance(contents: list[bytes]) -> None:
    check({f"{number}.txt": data for number, data in enumerate(contents)})


@pytest.mark.parametrize("case", sorted((CASES / "hostile").glob("*")), ids=lambda file: file.name)
def test_what_was_found_once_stays_found(case: Path) -> None:
    check({case.name: case.read_bytes()})
