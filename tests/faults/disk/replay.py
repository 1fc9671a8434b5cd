"""Plays a power cut at any point of a recording: what the disk would hold if nothing had reached it but what was synced.

The model is as strict as POSIX lets a disk be. Bytes of a file are there when a sync of that file began after they were
written and has ended. A name in a folder is there when a sync of that folder began after it was made and has ended; a sync
of the file promises nothing about its name, nor one of the folder about the file. In `Cut.SOME` any part of the rest has
reached the disk as well, page by page, in no order: what a drive's cache may do.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

__all__ = ["ACK", "Cut", "Disk", "Record", "Recording", "acknowledge"]

_HEAD = struct.Struct("<IHHHHIQQII")
PAGE = 4096
WRITE, TRUNCATE, SYNC_BEGIN, SYNC_END, CREATE, RENAME, LINK, UNLINK, MKDIR, RMDIR = range(1, 11)
ACK = 100
"""Not of the recorder: a client was answered."""


class Cut(Enum):
    """What of the unsynced has reached the disk."""

    NONE = "none"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Record:
    """One operation.

    Attributes:
        n: its place in the recording.
        at: where its data lies in the recording.
    """

    n: int
    op: int
    pid: int
    ino: int
    offset: int
    a: str
    b: str
    at: int
    size: int


def acknowledge(log: int, number: int) -> None:
    """Write into the recording that a client has just been answered; ``number`` says of what."""
    os.write(log, _HEAD.pack(_HEAD.size, ACK, 0, 0, 0, os.getpid(), 0, number, 0, 0))


class Recording:
    """The recorder's file, read once."""

    def __init__(self, path: Path) -> None:
        self.bytes = path.read_bytes()
        self.records = list(self._read())

    def _read(self) -> Iterator[Record]:
        at = n = 0
        while at + _HEAD.size <= len(self.bytes):
            size, op, a, b, _, pid, ino, offset, data, _ = _HEAD.unpack_from(self.bytes, at)
            here = at + _HEAD.size
            first, second = self.bytes[here : here + a].decode(), self.bytes[here + a : here + a + b].decode()
            yield Record(n, op, pid, ino, offset, first, second, here + a + b, data)
            at += size
            n += 1

    def data(self, record: Record) -> memoryview:
        """The bytes that were written."""
        return memoryview(self.bytes)[record.at : record.at + record.size]


@dataclass(slots=True)
class _File:
    """One inode: what is on disk, and what is not yet."""

    base: Path | None
    kept: bytearray | None = None
    pending: list[Record] = field(default_factory=list)
    began: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Folder:
    pending: list[Record] = field(default_factory=list)
    began: dict[int, int] = field(default_factory=dict)


class Disk:
    """The disk as it is at one point of a recording.

    Args:
        recording: what happened.
        root: the recorded folder's path.
        base: a copy of it as it was, synced, when the recording began.
        inodes: path under the root → inode, of that moment.
        deaf: syncs of these paths are taken for nothing; how a control shows that a missing sync is found.
    """

    def __init__(
        self,
        recording: Recording,
        root: Path,
        base: Path,
        inodes: dict[str, int],
        deaf: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._recording, self._root, self._deaf = recording, str(root), deaf
        self._base = base
        self._files = {ino: _File(base / path) for path, ino in inodes.items()}
        self._names: dict[str, int] = dict(inodes)
        self._folders: dict[str, _Folder] = {}
        self._kept_folders = {str(p.relative_to(base)) for p in base.rglob("*") if p.is_dir() and not p.is_symlink()}
        self._at = 0
        self._now: dict[int, int] = {}
        self._numbers = max(inodes.values(), default=0) + (1 << 40)

    def forward(self, to: int) -> None:
        """Let everything happen up to a place in the recording."""
        while self._at < to:
            self._happen(self._recording.records[self._at])
            self._at += 1

    def _inner(self, path: str) -> str:
        return path[len(self._root) + 1 :] if path.startswith(self._root + "/") else ""

    def _happen(self, r: Record) -> None:
        if r.op == CREATE:
            # An inode's number is given anew when its file is gone: what it was before is no part of it.
            self._numbers += 1
            self._now[r.ino] = self._numbers
        r = replace(r, ino=self._now.get(r.ino, r.ino))
        if r.op in {WRITE, TRUNCATE}:
            self._files.setdefault(r.ino, _File(None)).pending.append(r)
        elif r.op in {CREATE, RENAME, LINK, UNLINK, MKDIR, RMDIR}:
            target = self._inner(r.b if r.op in {RENAME, LINK} else r.a)
            self._folders.setdefault(str(Path(target).parent), _Folder()).pending.append(r)
            if r.op == CREATE:
                self._files[r.ino] = _File(None)
        elif r.op == SYNC_BEGIN:
            self._synced(r).began[r.pid] = r.n
        elif r.op == SYNC_END and not self._deaf(self._inner(r.a)):
            self._sync(r)

    def _synced(self, r: Record) -> _File | _Folder:
        inner = self._inner(r.a) if r.a != self._root else "."
        if inner in self._folders or r.ino not in self._files:
            return self._folders.setdefault(inner, _Folder())
        return self._files[r.ino]

    def _sync(self, r: Record) -> None:
        found = self._synced(r)
        began = found.began.pop(r.pid, -1)
        done = [p for p in found.pending if p.n < began]
        found.pending = [p for p in found.pending if p.n >= began]
        if isinstance(found, _Folder):
            for p in done:
                self._name(p, self._names, self._kept_folders)
        elif done:
            found.kept = self._content(found)
            for p in done:
                self._write(found.kept, p)

    def _content(self, file: _File) -> bytearray:
        if file.kept is not None:
            return file.kept
        return bytearray(file.base.read_bytes()) if file.base is not None else bytearray()

    def _write(self, content: bytearray, r: Record, pages: Callable[[], bool] = lambda: True) -> None:
        if r.op == TRUNCATE:
            if r.offset <= len(content):
                del content[r.offset :]
            else:
                content.extend(bytes(r.offset - len(content)))
            return
        data, end = self._recording.data(r), r.offset + r.size
        if len(content) < end:
            content.extend(bytes(end - len(content)))
        at = r.offset
        while at < end:
            stop = min(end, (at // PAGE + 1) * PAGE)
            if pages():
                content[at:stop] = data[at - r.offset : stop - r.offset]
            at = stop

    def _name(self, r: Record, names: dict[str, int], folders: set[str]) -> None:
        a, b = self._inner(r.a), self._inner(r.b)
        if r.op == CREATE:
            names[a] = r.ino
        elif r.op == LINK:
            names[b] = r.ino
        elif r.op == RENAME:
            names.pop(a, None)
            if b:
                names[b] = r.ino
        elif r.op == UNLINK:
            names.pop(a, None)
        elif r.op == MKDIR:
            folders.add(a)
        elif r.op == RMDIR:
            folders.discard(a)

    def image(self, to: Path, cut: Cut, dice: random.Random, shared: tuple[str, ...] = ()) -> None:
        """Write what the disk holds into a new folder.

        Args:
            to: made here.
            cut: what of the unsynced is there too.
            dice: chooses it.
            shared: folders whose untouched files nobody will change; they are linked instead of copied.
        """
        names, folders = dict(self._names), set(self._kept_folders)
        if cut is Cut.SOME:
            for folder in self._folders.values():
                for p in folder.pending[: dice.randint(0, len(folder.pending))]:
                    self._name(p, names, folders)
        to.mkdir(mode=0o700)
        for folder_name in sorted(folders):
            parents = [str(p) for p in Path(folder_name).parents if str(p) != "."]
            if all(p in folders for p in parents):
                (to / folder_name).mkdir(mode=0o700, exist_ok=True)
        for name, ino in names.items():
            if (to / name).parent.is_dir():
                self._place(to / name, name, self._files.get(ino) or _File(None), cut, dice, shared)

    def _place(
        self, target: Path, name: str, file: _File, cut: Cut, dice: random.Random, shared: tuple[str, ...]
    ) -> None:
        more = cut is Cut.SOME and file.pending
        if file.kept is None and not more and file.base is not None:
            if name.startswith(shared) and shared:
                os.link(file.base, target)
            else:
                shutil.copyfile(file.base, target)
        else:
            content = self._content(file)
            if more:
                content = bytearray(content)
                for p in file.pending:
                    self._write(content, p, lambda: dice.random() < 0.5)
            target.write_bytes(content)
        target.chmod(0o600)
