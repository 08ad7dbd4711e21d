"""The base of configuration items: ids, numbers and times only."""

import msgspec


class Item(msgspec.Struct, frozen=True, kw_only=True, tag_field="item"):
    """A configuration item; `id` is unique within its section."""

    id: str
