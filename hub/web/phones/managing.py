"""Who may look after whose phones: everybody their own, leads and IT everybody's."""

from hub.web.access import FITTERS
from hub.web.refusal import not_found, role_may_not
from hub.web.session import Reader
from hub.web.sign_in.strong import want_strong
from hub.web.site import Site


def manages(reader: Reader) -> bool:
    """Whether the reader looks after other people's phones."""
    return bool(reader.roles & FITTERS)


def want_person(site: Site, reader: Reader, person: str) -> None:
    """Refuse who may not look after the person; not found when there is no such person."""
    if person != reader.person and not manages(reader):
        raise role_may_not()
    if person not in site.live.state.registry.people:
        raise not_found()


def want_manager(reader: Reader) -> None:
    """Refuse who does not look after others, or signed in with a PIN."""
    if not manages(reader):
        raise role_may_not()
    want_strong(reader)
