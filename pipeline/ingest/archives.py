"""Archives with members: zip, and tar in any packing. Members are read in memory; nothing is ever written to disk.

Folders, and names that start with a point, have no place here, as they have none in the raw folder. What cannot be
read is an entry that says why. Not here: which text a member holds (``identify``).
"""

from functools import cached_property

from pipeline.ingest.members import Entry
from pipeline.ingest.names import ARCHIVE_MARK
from pipeline.ingest.tars import TarMembers, is_tar
from pipeline.ingest.unpacking import UnpackError, compression_of, unpacked
from pipeline.ingest.zips import ZipMembers, is_zip

_TAR_HEADER = 512


class Archive:
    """An archive in memory: ``entries`` are its members in order, ``problem`` what is amiss with it as a whole."""

    def __init__(self, members: ZipMembers | TarMembers) -> None:
        self._members = members
        self.kind, self.entries, self.problem = members.kind, members.entries, members.problem
        self._inner: tuple[str, Archive] | None = None

    def read(self, entry: Entry) -> bytes:
        """The bytes of a member; raises UnpackError when they cannot be had or are more than the bounds allow."""
        if entry.problem:
            raise UnpackError(entry.problem)
        return self._members.read(entry.place)

    def find(self, name: str) -> bytes:
        """The bytes of a member by its name, also of one inside an archive inside (``b.tar!/c.txt``).

        Raises UnpackError when there is none of that name, or it cannot be read.
        """
        if name in self._by_name:
            return self.read(self._by_name[name])
        place = name.find(ARCHIVE_MARK)
        while place >= 0:
            if name[:place] in self._by_name:
                inner = self._opened(name[:place])
                if inner is not None:
                    return inner.find(name[place + len(ARCHIVE_MARK) :])
            place = name.find(ARCHIVE_MARK, place + 1)
        raise UnpackError(f"the archive has no member {name}; look at what became of it and run again")

    @cached_property
    def _by_name(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries}

    def _opened(self, name: str) -> "Archive | None":
        """The archive that a member is; the last one is kept, since members are asked for one after the other."""
        if self._inner is None or self._inner[0] != name:
            opened = open_archive(self.read(self._by_name[name]))
            if opened is None:
                return None
            self._inner = name, opened
        return self._inner[1]


def open_archive(data: bytes) -> Archive | None:
    """The archive that the bytes of a file are, or None when they are none.

    Raises UnpackError when it is one and its members cannot be told, and when it has more of them than the bounds
    allow.
    """
    if is_zip(data):
        return Archive(ZipMembers(data))
    compression = compression_of(data)
    if not is_tar(unpacked(data, compression, _TAR_HEADER).data):
        return None
    whole = unpacked(data, compression)
    return Archive(TarMembers(whole.data, whole.cut))
