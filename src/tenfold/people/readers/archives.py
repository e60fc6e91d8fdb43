"""Archives of exports: members are read in memory, within limits; nothing is unpacked to the disk."""

from __future__ import annotations

import io
import json
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from tenfold.errors import DataError
from tenfold.people.printable import printable
from tenfold.people.readers.raw_file import RawFile

__all__ = ["ZipArchive", "archive_names", "is_zip", "read_archive_member", "zip_names"]

MAX_MEMBERS, MAX_MEMBER, MAX_RATIO, ALWAYS_ALLOWED = 500_000, 512 << 20, 200, 64 << 20


def is_zip(raw: RawFile) -> bool:
    """Whether a file is a whole ZIP archive."""
    return raw.data[:4] == b"PK\x03\x04" and zipfile.is_zipfile(io.BytesIO(raw.data))


def zip_names(raw: RawFile) -> list[str]:
    """The names of the members of a ZIP archive; an archive with a name that leads out of it is refused."""
    name = printable(raw.path.name)
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):  # the last: of a version that does not exist
        raise DataError(f"{name}: the archive is cut off or damaged; expected a whole one. Fetch or copy it again.") from None
    _check_paths([(member.filename, stat.S_ISLNK(member.external_attr >> 16)) for member in members], name)
    return [member.filename for member in members]


def _check_paths(members: Sequence[tuple[str, bool]], name: str) -> None:
    """Refuse an archive with too many files, a path that leads out of it, or a link."""
    if len(members) > MAX_MEMBERS:
        raise DataError(f"{name}: holds {len(members):,} files; at most {MAX_MEMBERS:,} are read. Split it.")
    for member, is_link in members:
        path = PurePosixPath(member.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or not path.parts or ":" in path.parts[0]:
            raise DataError(
                f"{name}: its file '{printable(member)}' has a path that leads out of the archive; no export has one. Do not trust it."
            )
        if is_link:
            raise DataError(f"{name}: its file '{printable(member)}' is a link; no export has one. Do not trust it.")


def archive_names(raw: RawFile) -> list[str] | None:
    """The names of the members of a ZIP or tar archive; None where a file is neither."""
    if is_zip(raw):
        return zip_names(raw)
    if raw.data[257:262] != b"ustar":
        return None
    try:
        with tarfile.open(fileobj=io.BytesIO(raw.data)) as packed:
            members = packed.getmembers()
    except (tarfile.TarError, OSError, EOFError, ValueError):
        raise DataError(
            f"{printable(raw.path.name)}: the archive is cut off or damaged; expected a whole one. Copy it again."
        ) from None
    found = [(member.name, member.issym() or member.islnk() or member.isdev()) for member in members if member.name != "."]
    _check_paths(found, printable(raw.path.name))
    return [name for name, _ in found]


def read_archive_member(raw: RawFile, member: str) -> bytes:
    """The bytes of one member of a ZIP or tar archive, within limits."""
    if is_zip(raw):
        return ZipArchive(raw).read(member)
    name = printable(raw.path.name)
    try:
        with tarfile.open(fileobj=io.BytesIO(raw.data)) as packed:
            info = packed.getmember(member)
            file = packed.extractfile(info) if info.isfile() and info.size <= MAX_MEMBER else None
            if file is None:
                raise DataError(f"{name}: its file '{printable(member)}' is too large, or no file. Export it again.")
            return file.read()
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError):
        raise DataError(f"{name}: its file '{printable(member)}' is damaged; expected a whole archive. Copy it again.") from None


class ZipArchive:
    """A ZIP archive that is read member by member; its directory is read once."""

    def __init__(self, raw: RawFile) -> None:
        self.names = zip_names(raw)
        self._where = printable(raw.path.name)
        self._packed = zipfile.ZipFile(io.BytesIO(raw.data))

    def read(self, member: str) -> bytes:
        """The bytes of one member, within limits."""
        try:
            return _bounded(self._packed, self._packed.getinfo(member), self._where)
        except RuntimeError:  # with a password, or of a compression that Python lacks
            raise DataError(
                f"{self._where}: its file '{printable(member)}' is packed with a password or in an unusual way; expected a plain archive. "
                "Unpack it, and pack it anew."
            ) from None
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError):
            raise DataError(
                f"{self._where}: its file '{printable(member)}' is damaged; expected a whole archive. Fetch or copy it again."
            ) from None

    def read_json(self, member: str) -> Any:
        """The JSON document of one member."""
        try:
            return json.loads(self.read(member))
        except (ValueError, RecursionError):
            raise DataError(
                f"{self._where}: its file '{printable(member)}' is no JSON; expected a whole export. Export it again."
            ) from None


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    limit = min(MAX_MEMBER, max(info.compress_size * MAX_RATIO, ALWAYS_ALLOWED))
    if info.file_size > limit:
        raise DataError(
            f"{name}: its file '{printable(info.filename)}' unpacks to {info.file_size >> 20:,} MiB; at most {limit >> 20:,} are read."
        )
    with archive.open(info) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise DataError(f"{name}: its file '{printable(info.filename)}' unpacks to more than it says. Do not trust it.")
    return data
