"""The errors of HTTP itself. What they become is said by the table in `api.http.problems`.

* RequestError
  + NotFoundError       no such resource; carries Problems with nearest
  + NotAcceptableError  none of the forms the asker accepts is offered
  + TooLargeError       the request body is too large
  + MediaTypeError      the request body is in a form we do not read
"""

from kb.errors import Problem


class RequestError(Exception):
    """A request that cannot be answered, with what is wrong in `problems`."""

    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        self.problems = problems
        super().__init__(message)


class NotFoundError(RequestError):
    """There is no resource at this address."""


class NotAcceptableError(RequestError):
    """No offered form is accepted."""


class TooLargeError(RequestError):
    """The request body is larger than allowed."""


class MediaTypeError(RequestError):
    """The request body has a media type or encoding that is not read."""
