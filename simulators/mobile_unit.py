"""A mobile SCAIP unit: a pendant that says where it is while its alarm is open, and resets it."""

from simulators.devicelog import Answer
from simulators.pendant import Pendant


class MobileUnit(Pendant):
    """A pendant with a position. What follows an alarm carries the alarm's `ref` (SS 91100)."""

    _ref = ""

    async def press(self) -> Answer:
        """Someone presses; what follows belongs to this alarm."""
        answer = await super().press()
        self._ref = answer.reference
        return answer

    async def moved(self, lat: float, lon: float, where: str = "") -> Answer:
        """Tell where the wearer is now (mty IN), in degrees; the alarm is pressed already."""
        place = (("geo", f"{lat:.5f},{lon:.5f}"),)
        told = (("mty", "IN"), ("dty", "0003"), ("stc", "0010"), ("lte", where), ("lge", place))
        return await self._deliver("moved", told, self._ref)

    async def reset(self) -> Answer:
        """The alarm is reset at the unit (mty RE)."""
        told = (("mty", "RE"), ("dty", "0003"), ("stc", "0010"))
        return await self._deliver("reset", told, self._ref)

    async def heartbeat_settable(self) -> Answer:
        """A sign of life that lets the receiver set the interval (hbo 001)."""
        told = (("mty", "PI"), ("hbo", "001"), ("dty", "0002"))
        return await self._deliver("heartbeat", told)
