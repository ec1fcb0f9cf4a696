"""A disk in memory that forgets, when the power fails, what was not synced: all of it, some of it, or single sectors of it.

Everything that happens to it is written down, so that the power can be cut afterwards at every point, and in many ways. What
it promises is what a Linux file system promises SQLite: what was synced is there; a name is there once its directory was
synced, which the sync of a new journal or log does as SQLite's own unix layer does it; a sector is written whole or not at all.
Nothing else: what was not synced may have reached the disk in any order, in part, or not at all.
"""

from collections.abc import Callable, Iterator
from random import Random

import attrs

SECTOR = 512
"""Bytes that are written together or not at all."""

Keep = Callable[[], bool]


@attrs.frozen
class Wrote:
    file: int
    at: int
    data: bytes


@attrs.frozen
class Cropped:
    file: int
    size: int


@attrs.frozen
class Synced:
    file: int


@attrs.frozen
class Forgot:
    """A sync that failed: what it should have made durable is believed to be, and is not."""

    file: int


@attrs.frozen
class Named:
    """A name given to a file, or taken away."""

    name: str
    file: int | None


@attrs.frozen
class NamesSynced:
    pass


@attrs.frozen
class Said:
    """What the writer said meanwhile."""

    line: str


Happening = Wrote | Cropped | Synced | Forgot | Named | NamesSynced | Said


@attrs.define
class _Stored:
    """A file as it is on the disk for good, and what may have got there."""

    durable: bytearray = attrs.field(factory=bytearray)
    pending: list[Wrote | Cropped] = attrs.field(factory=list)


def applied(content: bytearray, change: Wrote | Cropped) -> None:
    if isinstance(change, Cropped):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    content.extend(bytes(max(0, change.at - len(content))))
    content[change.at : change.at + len(change.data)] = change.data


class Disk:
    """The disk as programs see it, and all that happened to it.

    Attributes:
        happened: all of it, in order.
        syncs: how many there were.
        fails: which sync is to fail, counted from 0; None for none.
    """

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        """A disk on which *files* are durable."""
        self.happened: list[Happening] = []
        self.syncs = 0
        self.fails: int | None = None
        self._content: dict[int, bytearray] = {}
        self._names: dict[str, int] = {}
        for name, content in (files or {}).items():
            self._content[self.made(name)] = bytearray(content)
        self._start = {name: bytes(content) for name, content in (files or {}).items()}
        self.happened.clear()

    def number(self, name: str) -> int | None:
        return self._names.get(name)

    def made(self, name: str) -> int:
        number = len(self._content)
        self._content[number], self._names[name] = bytearray(), number
        self.happened.append(Named(name, number))
        return number

    def removed(self, name: str, *, synced: bool) -> None:
        del self._names[name]
        self.happened += [Named(name, None), *([NamesSynced()] if synced else [])]

    def changed(self, change: Wrote | Cropped) -> None:
        self.happened.append(change)
        applied(self._content[change.file], change)

    def synced(self, file: int, *, names: bool) -> bool:
        """Whether it could be."""
        self.syncs += 1
        if self.syncs - 1 == self.fails:
            self.happened.append(Forgot(file))
            return False
        self.happened += [Synced(file), *([NamesSynced()] if names else [])]
        return True

    def content(self, file: int) -> bytearray:
        return self._content[file]

    def said(self, until: int) -> list[str]:
        """What was said in the first so many happenings."""
        return [happened.line for happened in self.happened[:until] if isinstance(happened, Said)]

    def cut(self, at: int, chance: Random) -> dict[str, bytes]:
        """The files that are found when the power fails after so many happenings."""
        numbers = {name: n for n, name in enumerate(self._start)}
        files = {n: _Stored(bytearray(self._start[name])) for name, n in numbers.items()}
        renamed: list[Named] = []
        for happened in self.happened[:at]:
            match happened:
                case Wrote() | Cropped():
                    files[happened.file].pending.append(happened)
                case Synced():
                    stored = files[happened.file]
                    for change in stored.pending:
                        applied(stored.durable, change)
                    stored.pending.clear()
                case Forgot():
                    files[happened.file].pending.clear()
                case Named():
                    renamed.append(happened)
                    if happened.file is not None:
                        files[happened.file] = _Stored()
                case NamesSynced():
                    _name(numbers, renamed)
                    renamed.clear()
        _name(numbers, renamed[: chance.randint(0, len(renamed))])  # a file system's own log: names in the order they were given
        kept, torn = _fate(chance)
        return {name: bytes(_left(files[n], kept, torn=torn)) for name, n in numbers.items()}


def _name(numbers: dict[str, int], renamed: list[Named]) -> None:
    for change in renamed:
        if change.file is None:
            numbers.pop(change.name, None)
        else:
            numbers[change.name] = change.file


def _fate(chance: Random) -> tuple[Keep, bool]:
    """Whether one of the writes that were not synced got to the disk, asked of each; and whether it may have got there in part."""
    share = chance.choice((0.0, 1.0, 0.5, 0.1, 0.9))
    return (lambda: chance.random() < share), chance.random() < 0.5


def _left(stored: _Stored, kept: Keep, *, torn: bool) -> bytearray:
    content = bytearray(stored.durable)
    for change in stored.pending:
        for part in _sectors(change) if torn and isinstance(change, Wrote) else (change,):
            if kept():
                applied(content, part)
    return content


def _sectors(change: Wrote) -> Iterator[Wrote]:
    start, end = change.at, change.at + len(change.data)
    while start < end:
        stop = min(end, start - start % SECTOR + SECTOR)
        yield Wrote(change.file, start, change.data[start - change.at : stop - change.at])
        start = stop
