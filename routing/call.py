"""A call: one person in one place of a chain, rung by one channel after another.

Its channels have send ids that differ in their last part only. What has been tried in a call must
be known for as long as any send of it is under way, or a channel would be tried twice.
"""

from collections.abc import Iterable

from routing.fact_base import Page


def call_of(send: str) -> str:
    """Return what the sends of one call have in common."""
    return send.rpartition(":")[0]


def kept(
    pages: tuple[Page, ...], tried: tuple[str, ...], left: tuple[Page, ...]
) -> tuple[str, ...]:
    """Return the sends that are no longer among the pages and whose call goes on with what is
    left."""
    if not left:
        return ()
    calls = {call_of(page.send) for page in left}
    staying = {page.send for page in left}
    gone = (page.send for page in pages if page.send not in staying)
    return tuple(send for send in (*tried, *gone) if call_of(send) in calls)


def tried_in(call: str, sends: Iterable[str]) -> set[str]:
    """Return the channels by which a call has been tried."""
    mine = f"{call}:"
    return {send[len(mine) :] for send in sends if send.startswith(mine)}
