"""The `adapters` section: one listener an entry, its shape chosen by `protocol`.

The shapes belong to the protocols; every registered one may be configured.
"""

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from adapters.listener import Listener
from adapters.protocols import PROTOCOLS

# A type checker cannot read a union that is made of the registry; what it may know is the base.
if TYPE_CHECKING:
    ListenerEntry = Listener
else:
    _ANY = Union[tuple(protocol.config for protocol in PROTOCOLS.values())]  # noqa: UP007
    ListenerEntry = Annotated[_ANY, Field(discriminator="protocol")]
