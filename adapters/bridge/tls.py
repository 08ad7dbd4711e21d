"""TLS for a listener's streams: the certificate files, and one connection's end of the protocol.

TLS 1.2 and later (RFC 8996 retired what was before), no renegotiation. The octets go through memory
here and not through asyncio's own TLS, so that a connection has its place, its deadline and its
bounds from its first octet: asyncio tells nobody of a connection before its handshake is done.
"""

import logging
import ssl
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

_RECORD_OCTETS = 16_384
"""The longest plain text of one record (RFC 8446, 5.1)."""

_Stamp = tuple[tuple[int, int, int], ...]


class BadCertificate(Exception):
    """The files of a listener's certificate cannot be used."""

    def __init__(self, files: "CertificateFiles", error: OSError) -> None:
        super().__init__(
            f"certificate {files.certificate} with key {files.key}: {error}. The settings must "
            "name a certificate chain and its unencrypted key, both in PEM"
        )


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """PEM files: the chain (own certificate first) and its key without a passphrase."""

    certificate: Path
    key: Path
    client_ca: Path | None = None
    """Who signs the clients' certificates; without it no client is asked for one."""


class Certificates:
    """The certificate in use. Files that have changed are read anew for the next connection, so a
    renewal needs no restart; those that cannot be used leave the former certificate in use."""

    def __init__(self, files: CertificateFiles) -> None:
        """BadCertificate when the files cannot be used."""
        self._files = files
        self._seen = self._stamp()
        try:
            self._context = _context(files)
        except OSError as error:
            raise BadCertificate(files, error) from error

    def context(self) -> ssl.SSLContext:
        """Return what a new connection is served with."""
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            self._read_anew()
        return self._context

    def _read_anew(self) -> None:
        try:
            self._context = _context(self._files)
        except OSError as error:
            log.error("%s; the former one stays in use", BadCertificate(self._files, error))
        else:
            log.info("certificate %s was read anew", self._files.certificate)

    def _stamp(self) -> _Stamp:
        """Return what changes with the files; nothing while one of them is away."""
        files = (self._files.certificate, self._files.key, self._files.client_ca)
        try:
            stats = [path.stat() for path in files if path is not None]
        except OSError:
            return ()
        return tuple((stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats)


def _context(files: CertificateFiles) -> ssl.SSLContext:
    """Read the files; OSError (ssl.SSLError is one) says what is wrong with them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    # Without a word for it, OpenSSL would ask for the passphrase on the terminal and wait.
    context.load_cert_chain(files.certificate, files.key, password="")
    if files.client_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(files.client_ca)
    return context


class TlsEnd:
    """The server's end of one connection, without I/O."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._end = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.is_ready = False
        """The handshake is done."""
        self.is_ended = False
        """The peer has said that it sends no more."""

    def feed(self, data: bytes) -> bytes:
        """Take octets of the network; return the plain ones. ssl.SSLError ends the connection."""
        self._incoming.write(data)
        plain = bytearray()
        try:
            if not self.is_ready:
                self._end.do_handshake()
                self.is_ready = True
            while chunk := self._end.read(_RECORD_OCTETS):
                plain += chunk
            self.is_ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.is_ended = True
        except ssl.SSLError:
            # What came before the octets that are wrong may be a press.
            if not plain:
                raise
            self.is_ended = True
        return bytes(plain)

    def write(self, data: bytes) -> None:
        """Encrypt; only after the handshake."""
        self._end.write(data)

    def finish(self) -> None:
        """Say that no more is sent."""
        try:
            self._end.unwrap()
        except ssl.SSLError:
            return  # the peer's own goodbye has not come, and is not waited for

    def outgoing(self) -> bytes:
        """Return the octets that are now to be sent."""
        return self._outgoing.read()
