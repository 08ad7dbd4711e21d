"""The difference between what the journal says and what a file says, as facts, documents and words.

Removals come first and in reverse order of reference, so that a subject or an id that moves is free
when it arrives at its new place.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from hub.configuration.compile import Compiled, section_of
from hub.configuration.documents import ADAPTERS, Key
from hub.journal.port import Document
from routing.duty import Absence, Override
from routing.facts import ConfigurationRemoved, ConfigurationSet
from routing.municipality import SECTIONS, AnyItem
from routing.state import Registry

Line = tuple[str, str, str, str]
Change = ConfigurationSet | ConfigurationRemoved


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to happen so that the journal says what the file says."""

    changes: Sequence[Change]
    documents: Sequence[Document]
    before: Mapping[Key, AnyItem]
    listeners: Sequence[Line] = ()
    """What changes among listeners. No facts of their own: they are a document that the
    municipality's fact covers."""
    only_listeners: bool = False
    """Whether nothing else about the municipality changes."""

    def __bool__(self) -> bool:
        return bool(self.changes)

    def lines(self) -> Iterator[Line]:
        """Yield (added, changed or removed; section; id; what changed) for each change."""
        yield from self._items()
        yield from self.listeners

    def _items(self) -> Iterator[Line]:
        for change in self.changes:
            if isinstance(change, ConfigurationRemoved):
                yield "removed", change.section, change.id, ""
                continue
            section, id = section_of(change.item), change.item.id
            old = self.before.get((section, id))
            if old is None:
                yield "added", section, id, ""
            elif section != "municipality" or not self.only_listeners:
                yield "changed", section, id, ", ".join(_fields(old, change.item))


def _fields(old: AnyItem, new: AnyItem) -> list[str]:
    names = new.__struct_fields__
    return [n for n in names if getattr(old, n) != getattr(new, n)]


Body = Callable[[str, str], bytes | None]
"""The journal's document of a kind and id."""


def difference(now: Registry, body: Body, wanted: Compiled, key: bytes, author: str) -> Difference:
    """Return what makes `now` into `wanted`; `key` is the secret of the documents' digests."""
    every = {(s, id): item for s in SECTIONS for id, item in now.items(s).items()}
    before = {w: item for w, item in every.items() if w in wanted.items or not _stays(item, wanted)}
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
    documents = [*erased, *_documents(new, wanted)]
    known = None if now.municipality is None else body(*ADAPTERS)
    listeners = [] if known is None else list(_listeners(known, wanted.documents[ADAPTERS]))
    own = [w for w in wanted.items if w[0] == "municipality"]
    same = all(before.get(w) == wanted.items[w] and body(*w) == wanted.documents[w] for w in own)
    return Difference([*removed, *new], documents, before, listeners, same)


def _stays(item: AnyItem, wanted: Compiled) -> bool:
    """Whether it is the journal's own: a duty that somebody has taken, and an absence that somebody
    has said, stay whatever file is applied afterwards, as long as the person and the team do."""
    if not isinstance(item, Override | Absence) or item.offer is None:
        return False
    if isinstance(item, Absence):
        return ("person", item.person) in wanted.items
    people = [("person", person) for person in item.people]
    return all(where in wanted.items for where in (("team", item.team), *people))


def _listeners(old: bytes, new: bytes) -> Iterator[Line]:
    before, after = _by_id(old), _by_id(new)
    for id in [*before, *(id for id in after if id not in before)]:
        was, will = before.get(id), after.get(id)
        if was is None or will is None:
            yield ("added" if was is None else "removed"), "adapter", id, ""
        elif was != will:
            names = sorted(n for n in was | will if was.get(n) != will.get(n))
            yield "changed", "adapter", id, ", ".join(names)


def _by_id(body: bytes) -> dict[str, dict[str, Any]]:
    return {str(listener["id"]): listener for listener in msgspec.json.decode(body)}


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
