"""Repair of the values of an export: as lines, which vote together, and LaTeX where the format or the field has it.

Not here: what the fields mean (``pipeline.exports.fields``).
"""

from collections.abc import Collection, Sequence

from pipeline.exports import TEXT, Row, texts_of
from pipeline.exports.fields import role_of
from pipeline.repair.latex import latex_letters, latex_signs, latex_twice
from pipeline.repair.model import Mended, compose
from pipeline.repair.whole import mend_file

_LATEX_FORMATS = frozenset({"bibtex"})
_ACCENTS = 2  # that one letter can have
_CITED_AS_IS = frozenset({"url", "doi", "file", "eprint", "@key", "@type"})


def mend_rows(
    rows: Sequence[Row], file_format: str, known: Collection[str] = (), beside: Sequence[str] = ()
) -> list[Mended]:
    """The rows of one file, mended and tidied; ``undo`` gives each back as it was decoded.

    ``known`` are words that stand undamaged in other files, as ``mend_file`` takes them; ``beside`` are values of the
    same file that vote with these.

    In BibTeX every value is LaTeX, so that its accents and escaped signs are letters and signs; in other formats
    only names are taken for that.
    """
    done = mend_file([*beside, *texts_of(rows)], known)[len(beside) :]
    if file_format == TEXT:
        return done
    return [_with_latex(mended, row, file_format) for row, mended in zip(rows, done, strict=True)]


def _with_latex(mended: Mended, row: Row, file_format: str) -> Mended:
    if "\\" not in mended.text or row.field is None:
        return mended
    if file_format in _LATEX_FORMATS:
        if row.field.lower() in _CITED_AS_IS:
            return mended
        mended = compose(mended, latex_twice(mended.text))
        for _ in range(_ACCENTS):
            mended = compose(mended, latex_letters(mended.text))
        return compose(mended, latex_signs(mended.text))
    names = [role_of(step) for step in row.field.replace("/", ".").split(".")]
    if any(role is not None and role[0] == "authors" for role in names):
        return compose(mended, latex_letters(mended.text))
    return mended
