"""The errors of HTTP itself. What they become is said by the table in `api.http.problems`.

* RequestError
  + MalformedError      the request cannot be read
  + ReadOnlyError       something is to be changed: this service only answers
  + NotFoundError       no such resource; carries Problems with nearest
  + MethodError         a method that the resource does not have; carries those it has
  + NotAcceptableError  none of the forms the asker accepts is offered
  + SlowError           the request takes too long to come in
  + TooLargeError       the request body is too large
  + MediaTypeError      the request body is in a form we do not read
  + RefusedError        a query that is not run, or not to its end: a limit, or an address that is not on the allow-list
  + BusyError           too many are waiting already, or it is not one's turn in time
  + AwayError           what should answer is away, or fails
"""

from collections.abc import Sequence

from kb.errors import Problem
from kb.language import Words


class RequestError(Exception):
    """A request that cannot be answered, with what is wrong in `problems`."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        super().__init__(message)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says in its headers."""
        return {}


class MalformedError(RequestError):
    """The request or its query cannot be read."""


class ReadOnlyError(RequestError):
    """An update, which a read-only service refuses."""


class NotFoundError(RequestError):
    """There is no resource at this address."""


class MethodError(RequestError):
    """Another method than those that the resource has."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        self.allowed = ", ".join(allowed)
        super().__init__(f"{method} kan hier niet; wel {self.allowed}.")

    @property
    def headers(self) -> dict[str, str]:
        """The methods that there are."""
        return {"Allow": self.allowed}


class NotAcceptableError(RequestError):
    """No offered form is accepted."""


class SlowError(RequestError):
    """The request body does not come in within its time."""

    @property
    def headers(self) -> dict[str, str]:
        """The connection ends, as the rest of the body may still come."""
        return {"Connection": "close"}


class TooLargeError(RequestError):
    """The request body is larger than allowed."""


class MediaTypeError(RequestError):
    """The request body has a media type or encoding that is not read."""


class RefusedError(RequestError):
    """A query that the service refuses to run, or to run any further."""


class BusyError(RequestError):
    """The queue is full, or moves too slowly; `seconds` says when to come back."""

    seconds = 5

    @property
    def headers(self) -> dict[str, str]:
        """When to come back."""
        return {"Retry-After": str(self.seconds)}


class AwayError(BusyError):
    """What should answer is away, or fails."""

    seconds = 10


def not_read(media_type: str, readable: Sequence[str]) -> MediaTypeError:
    """For a body in another form than those that are read."""
    shown = ", ".join(readable)
    return MediaTypeError(
        Words(
            f"{f'Gegeven is {media_type}' if media_type else 'Content-Type ontbreekt'}; gelezen wordt {shown}.",
            f"{f'Given is {media_type}' if media_type else 'Content-Type is missing'}; what is read is {shown}.",
        )
    )


def packed(encoding: str) -> MediaTypeError:
    """For a body in an encoding."""
    return MediaTypeError(
        Words(
            f"Een inhoud die met {encoding} is ingepakt, wordt niet gelezen.",
            f"A body that is packed with {encoding} is not read.",
        )
    )


def not_acceptable(accept: str, offered: Sequence[str]) -> NotAcceptableError:
    """For an asker who accepts none of the forms that are offered."""
    shown = ", ".join(offered)
    return NotAcceptableError(
        Words(
            f"Gevraagd is {accept}; dit antwoord is er als {shown}.",
            f"Asked is {accept}; the answer is there as {shown}.",
        )
    )
