"""The difference between what the journal says and what a file says, as facts, documents and words.

Removals come first and in reverse order of reference, so that a subject or an id that moves is free
when it arrives at its new place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from hub.configuration.compile import Compiled, section_of
from hub.configuration.documents import ADAPTERS, Key
from hub.journal.port import Document
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.municipality import SECTIONS, AnyItem
from routing.state import Registry

Change = ConfigurationSet | ConfigurationRemoved


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to happen so that the journal says what the file says."""

    changes: Sequence[Change]
    documents: Sequence[Document]
    before: Mapping[Key, AnyItem]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def lines(self) -> Iterator[tuple[str, str, str, str]]:
        """Yield (added, changed or removed; section; id; what changed) for each change."""
        for change in self.changes:
            if isinstance(change, ConfigurationRemoved):
                yield "removed", change.section, change.id, ""
                continue
            section, id = section_of(change.item), change.item.id
            old = self.before.get((section, id))
            if old is None:
                yield "added", section, id, ""
            else:
                yield "changed", section, id, ", ".join(_fields(old, change.item))


def _fields(old: AnyItem, new: AnyItem) -> list[str]:
    names = new.__struct_fields__
    return [n for n in names if getattr(old, n) != getattr(new, n)]


def difference(now: Registry, wanted: Compiled, key: bytes, author: str) -> Difference:
    """Return what makes `now` into `wanted`; `key` is the secret of the documents' digests."""
    before = {(s, id): item for s in SECTIONS for id, item in now.items(s).items()}
    digests = wanted.digests(key)
    removed = [
        ConfigurationRemoved(section=section, id=id, author=author)
        for section, id in reversed(before)
        if (section, id) not in wanted.items
    ]
    new = [
        ConfigurationSet(item=item, private=digests.get(where), author=author)
        for where, item in wanted.items.items()
        if before.get(where) != item or now.private.get(where) != digests.get(where)
    ]
    erased = [Document(gone.section, gone.id, None) for gone in removed]
    return Difference([*removed, *new], [*erased, *_documents(new, wanted)], before)


def _documents(new: Sequence[ConfigurationSet], wanted: Compiled) -> Iterator[Document]:
    for change in new:
        where = (section_of(change.item), change.item.id)
        if where in wanted.documents:
            yield Document(*where, wanted.documents[where])
        if where[0] == "municipality":
            yield Document(*ADAPTERS, wanted.documents[ADAPTERS])


def request(id: str, found: Difference, author: str) -> bytes:
    """Return the JSON that asks a running router to record the difference."""
    documents = [
        {"kind": d.kind, "id": d.id, "body": None if d.body is None else d.body.decode()}
        for d in found.documents
    ]
    content = {"id": id, "author": author, "changes": found.changes, "documents": documents}
    return msgspec.json.encode(content)
