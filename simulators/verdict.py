"""What a simulated service answers instead of doing its work, when it is told to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with Retry-After, or no answer at all."""

    status: int
    retry_after_s: int | None = None
    never: bool = False
    """The sender's own time limit decides."""

    @property
    def headers(self) -> dict[str, str]:
        """Retry-After where there is one."""
        return {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}


NEVER = Verdict(0, never=True)


def verdict_of(answer: str, retry_after_s: int | None = None) -> Verdict | None:
    """Return the verdict of a status in digits, or of `never`; None for `work`; ValueError."""
    if answer == "work":
        return None
    if answer == "never":
        return NEVER
    status = int(answer)
    if not 200 <= status <= 599:
        raise ValueError(f"{answer} is no status of HTTP")
    return Verdict(status, retry_after_s)
