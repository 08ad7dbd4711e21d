"""Refusals of a request: a code for programs, and text for the reader."""

from http import HTTPStatus


class Refusal(Exception):
    """The request is refused; `code` has an entry `error.<code>` in the catalogue."""

    def __init__(self, status: HTTPStatus, code: str, **params: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.params = params


def not_signed_in() -> Refusal:
    """No session, or one that has ended."""
    return Refusal(HTTPStatus.UNAUTHORIZED, "not_signed_in")


def role_may_not() -> Refusal:
    """Signed in, but not for this."""
    return Refusal(HTTPStatus.FORBIDDEN, "role_may_not")


def not_found() -> Refusal:
    """It does not exist, or this reader may not know that it does."""
    return Refusal(HTTPStatus.NOT_FOUND, "not_found")
