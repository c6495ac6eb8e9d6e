"""What a stage's rows depend on beside the files: code, contracts, libraries, and what people have written down.

Rows are taken over from an earlier run only where all of it is the same.
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pipeline
import schemas
from pipeline.storage import RawFolder

_PACKAGES = {
    "ingest": ("ingest", "exports", "repair", "layouts"),
    "repair": ("ingest", "exports", "repair"),
    "split": ("ingest", "exports", "repair", "layouts", "split"),
    "link": ("link",),
    "quality": ("quality",),
}
_LIBRARIES = ("ftfy", "charset-normalizer", "pandas", "pyarrow", "rapidfuzz")


def code_version(stage: str, raw: RawFolder) -> str:
    """A hash over everything beside the files that the rows of a stage are made of."""
    digest = hashlib.sha256(_code(stage).encode())
    for page in raw.pages(linking=stage == "link"):
        digest.update(page)
    return digest.hexdigest()[:16]


@cache
def _code(stage: str) -> str:
    home = Path(pipeline.__file__).parent
    folders = [Path(schemas.__file__).parent, home / "steps", *(home / name for name in _PACKAGES[stage])]
    modules = [home / "rawfiles.py"]
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for module in modules:
        digest.update(module.read_bytes())
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(file.relative_to(folder).as_posix().encode() + b"\x00" + file.read_bytes())
    return digest.hexdigest()
