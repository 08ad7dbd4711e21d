"""Who sent a request, and whether that was proven: the listener's policy over the digest guard."""

from dataclasses import dataclass

from adapters.scaip.config import RequireAuth, ScaipConfig
from adapters.scaip.digest import Guard, Proof
from adapters.scaip.peers import address_of
from adapters.scaip.responses import respond
from adapters.scaip.sip_headers import user_of
from adapters.scaip.sip_message import SipRequest
from adapters.session import Peer, Send
from routing.instant import Instant


@dataclass(frozen=True, slots=True)
class Verdict:
    """`refusal` is the response when the request may not be served."""

    proven: bool
    refusal: Send | None
    is_wrong: bool = False
    """The proof that came is false; without one it may still follow."""


class Doorkeeper:
    """Checks one request after the other."""

    def __init__(self, config: ScaipConfig) -> None:
        self._config = config
        self._guard = Guard(config.realm, config.secret, config.digest_algorithms)

    def judge(self, request: SipRequest, peer: Peer, cid: str, at: Instant) -> Verdict:
        """Decide over a request of the device `cid` (empty for a REGISTER).

        The credential is looked up by controller id first, so that nobody speaks for a device with
        a password by calling himself otherwise in From.
        """
        policy = self._config.require_auth
        found = (self._config.credentials(name) for name in _names(request, cid) if name)
        credential = next((each for each in found if each is not None), None)
        if policy is RequireAuth.NEVER or (policy is RequireAuth.KNOWN and credential is None):
            return Verdict(False, None)
        host = address_of(peer).host
        proof = self._guard.check(request, credential, host, at)
        if proof is Proof.VALID:
            return Verdict(True, None)
        if proof is Proof.WRONG:
            return Verdict(False, respond(request, peer, 403, "Forbidden"), True)
        challenges = self._guard.challenges(host, at, proof is Proof.STALE)
        refusal = respond(request, peer, 401, "Unauthorized", headers=challenges)
        return Verdict(False, refusal)


def _names(request: SipRequest, cid: str) -> tuple[str, ...]:
    """A REGISTER acts on its To; a MESSAGE on its cid, else its From (its To is ours)."""
    if request.method == "REGISTER":
        return (user_of(request.first("to")),)
    return cid, user_of(request.first("from"))


def from_user(request: SipRequest) -> str:
    """Return the From user, which names the device where nothing else does."""
    return "".join(char for char in user_of(request.first("from")) if char.isprintable())
