"""The command ``palimpsest``: words for people, exit codes for machines.

0: done (for run: published). 2: wrong usage. What else they mean is with ``Exit`` in ``runner`` and in the help of run.
Everything heavy is imported by the command that needs it, so that help is quick.
"""

import json
import sys
from pathlib import Path

import click


class _Folder(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A folder, also one on an object store: click's own paths would read s3://b as s3:/b."""

    name = "folder"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        from pipeline.objectstore import place

        try:
            folder = place(str(value))
            file = isinstance(folder, Path) and folder.is_file()
        except OSError as error:
            self.fail(f"{error}; name another folder", param, ctx)
        if file:
            self.fail(f"{value} is a file; name the folder", param, ctx)
        return folder


_FOLDER = _Folder()
_raw = click.option(
    "--raw", type=_FOLDER, default=Path("data/raw"), show_default=True, help="Folder with the raw files."
)
_clean = click.option(
    "--clean", type=_FOLDER, default=Path("data/clean"), show_default=True, help="Folder that the tables go to."
)


_HELP = """Scraped, broken and repeated publication listings in; Parquet tables that can be trusted out.

\b
palimpsest run                  clean data/raw into data/clean
palimpsest trace w0123456789ab  walk from a work back to the bytes of its files
palimpsest layout FILE          how a file is read, line by line
palimpsest mend FILE            repair a text, without the pipeline
palimpsest ui                   open the same pipeline in Dagster
"""


@click.group(help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="palimpsest")
def main() -> None:
    """The command; what it does is said in its help."""


@main.command()
@_raw
@_clean
@click.option("--full", is_flag=True, help="Redo every file, also those that have not changed.")
@click.option("--workers", type=click.IntRange(0), default=0, help="Processes to work on; without it one a core.")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Add a line of JSON to this file for every event; - prints them, and nothing else, to standard output.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask"]),
    default="local",
    show_default=True,
    help="Work on this machine, or on the workers of a Dask cluster.",
)
@click.option("--scheduler", default="", metavar="ADDRESS", help="Scheduler of the cluster, as tcp://host:8786.")
def run(raw: Path, clean: Path, *, full: bool, workers: int, engine: str, scheduler: str, log: str | None) -> None:
    r"""Run all stages on all raw files and publish the tables.

    Rows of files that have not changed since the last run are taken over.

    Nothing is published when the audit finds something: the tables of the run before stand, and the candidate is kept
    to look at.

    \b
    Exit codes:
      0  published
      1  a stage failed, or the audit found something; look at what it says
      2  wrong usage: a folder that is not there or cannot be, a file of yours that cannot be read
      3  another run writes to this folder; try again later
      4  the disk refuses: full, read-only, or a table on it is broken; mend it, then run again
    With all but 0 the tables that were published before stand.
    """
    from pipeline.objectstore import on_store
    from pipeline.processes import prepare_workers, worth_a_process

    large = (clean / ".published",) if workers == 1 else (clean / ".published", raw)
    if any(not on_store(folder) and worth_a_process(folder) for folder in large):
        prepare_workers()  # they import what they need while this process does

    from pipeline.logs import LogError, logged_to
    from pipeline.runner import RunError, run_main_job
    from pipeline.storage import CleanFolder, RawFolder
    from pipeline.summary import complaints, summary
    from pipeline.tables import StorageError
    from pipeline.terminal import progress, say, wrong_usage

    if (engine == "dask") != bool(scheduler):
        raise click.UsageError("--engine dask and --scheduler ADDRESS go together; name both, or neither")
    try:
        files = RawFolder(raw).scan()
        RawFolder(raw).corrections()
        RawFolder(raw).layouts()
        RawFolder(raw).decisions()
    except StorageError as error:
        raise wrong_usage(error) from error
    if not files:
        raise wrong_usage(f"{raw}: no file in it; put raw files there, or name another folder with --raw")
    try:
        with logged_to(log), progress() as bars:
            run_main_job(raw, clean, bars, workers=workers, full=full, scheduler=scheduler)
    except RunError as error:
        say(str(error), err=True)
        sys.exit(error.exit)
    except LogError as error:
        raise wrong_usage(error) from error
    if log != "-":
        say("\n".join(summary(CleanFolder(clean))))
    for complaint in complaints(CleanFolder(clean)):
        say(complaint, err=True)


@main.command()
@click.argument("wanted", metavar="ID")
@_raw
@_clean
@click.option("--most", default=5, show_default=True, help="How many mentions of an author to follow.")
def trace(wanted: str, raw: Path, clean: Path, most: int) -> None:
    """Walk from an id back to the raw bytes.

    ID is the id of a work, author, record or reject; every repair on the way is shown.
    """
    from pipeline.storage import CleanFolder, RawFolder
    from pipeline.terminal import say, wrong_usage
    from pipeline.trace import Trace, UnknownIdError

    tables = CleanFolder(clean).published()
    if tables is None:
        raise wrong_usage(f"{clean}: nothing is published there; run palimpsest run first")
    try:
        for line in Trace(tables, RawFolder(raw), most).lines(wanted):
            say(line)
    except UnknownIdError as error:
        raise wrong_usage(error) from error


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--explain", "shows", flag_value="explain", help="Print what was changed and why, not the text.")
@click.option("--diff", "shows", flag_value="diff", help="Print a unified diff, not the text.")
@click.option("--encoding", help="Codec of the input by Python's name; found out from the bytes when not named.")
@click.option("--encoding-only", is_flag=True, help="Leave entities, ligatures, odd spaces and normal form alone.")
@click.option("--mark-lost", is_flag=True, help="Write U+FFFD for lost letters, as ftfy does; else damage is left.")
def mend(
    files: tuple[Path, ...], shows: str | None, encoding: str | None, *, encoding_only: bool, mark_lost: bool
) -> None:
    """Repair text: from FILES or standard input to standard output, in UTF-8.

    All lines of a file vote together on how it was damaged, and a word that lost letters in one of several files is
    read like an undamaged twin in another. Files are never written.
    """
    from pipeline.ingest.names import printable
    from pipeline.textfilter import mend_documents

    texts = {str(file): _decoded(file.read_bytes(), encoding, str(file)) for file in files}
    texts = texts or {"stdin": _decoded(sys.stdin.buffer.read(), encoding, "stdin")}
    done = mend_documents(texts, encoding_only=encoding_only)
    for name in map(str, files) if files else done:
        mended = done[name].marked() if mark_lost else done[name]
        if shows:
            lines = mended.explanation(name) if shows == "explain" else mended.diff(name)
            text = "".join(f"{line}\n" for line in lines)
        else:
            text = mended.text
        # a file or a program gets the text as it is
        shown = printable(text) if sys.stdout.isatty() else text
        click.echo(shown.encode("utf-8", "replace"), nl=False)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--propose", "proposes", is_flag=True, help="Print the shape of the file's records as YAML.")
@_raw
def layout(file: Path, raw: Path, *, proposes: bool) -> None:
    """Say how a file is read: how sure each layout is, and the role of every line;
    of an export that of every value.

    With --propose: the shape that repeats in a listing which no layout knows, as YAML. If it is right, or when you have
    put it right, add it to layouts.yaml beside the raw folder: then the file is read so.
    """
    from pipeline.layouts import explain, proposal
    from pipeline.split.export_explanation import explain_export
    from pipeline.storage import RawFolder
    from pipeline.tables import StorageError
    from pipeline.terminal import say, wrong_usage
    from pipeline.textfilter import mend_document

    text = _decoded(file.read_bytes(), None, str(file))
    told = explain_export(text)
    if told is not None:
        for line in told:
            say(line)
        return
    mended = mend_document(text)
    texts = [line.text for line in mended.lines]
    texts = texts if texts[-1] else texts[:-1]
    if proposes:
        shape = proposal(texts, file.name)
        if shape is None:
            click.echo(f"{file}: nothing in it repeats in a regular shape that has titles and authors", err=True)
            sys.exit(1)
        for line in shape.splitlines():
            say(line)
        return
    inside = file.absolute().is_relative_to(raw.absolute())
    path = file.absolute().relative_to(raw.absolute()).as_posix() if inside else file.name
    try:
        described = RawFolder(raw).layouts()
    except StorageError as error:
        raise wrong_usage(error) from error
    for line in explain(texts, path, described):
        say(line)


def _decoded(data: bytes, encoding: str | None, name: str) -> str:
    """The text of bytes; what is no text is wrong usage, and the message says why."""
    from pipeline.terminal import wrong_usage
    from pipeline.textfilter import UndecodableError, decoded

    try:
        return decoded(data, encoding, name)
    except UndecodableError as error:
        raise wrong_usage(error) from error


@main.command()
def dictionary() -> None:
    """Print the data dictionary that the contracts make."""
    from schemas.dictionary import dictionary as page

    click.echo(page(), nl=False)


@main.command()
@click.option("--published", is_flag=True, help="Print the contracts as they were published last.")
def contracts(*, published: bool) -> None:
    """Print the contracts as JSON, for schemas/published.json.

    Exit code 1 when they differ from those published last in what their versions do not own up to.
    """
    from schemas.registry import PUBLISHED
    from schemas.snapshot import last_published, objections, snapshots

    if published:
        click.echo(last_published(), nl=False)
        return
    click.echo(snapshots(PUBLISHED.values()), nl=False)
    found = objections(PUBLISHED.values(), json.loads(last_published()))
    if found:
        click.echo("\n".join(found), err=True)
        sys.exit(1)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def ui(arguments: tuple[str, ...]) -> None:
    """Open the pipeline in Dagster.

    ARGUMENTS go to "dagster dev", for example --port 3001.
    """
    from pipeline.runner import UiMissingError, open_ui
    from pipeline.terminal import wrong_usage

    try:
        sys.exit(open_ui(list(arguments)))
    except UiMissingError as error:
        raise wrong_usage(error) from error


if __name__ == "__main__":
    main()
