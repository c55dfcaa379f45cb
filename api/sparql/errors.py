"""What can be wrong with a SPARQL request. What each becomes in HTTP is said by the table in `api.sparql.endpoint`.

* SparqlError (a RequestError)
  + MalformedError      the request or its query cannot be read, with the place in the query
  + ReadOnlyError       an update: this service only answers queries
  + MethodError         an HTTP method the protocol does not have
  + RefusedError        a query that is not run, or not to its end: a limit, or an address that is not on the allow-list
  + BusyError           too many queries are waiting already
  + AwayError           the store that holds the data is away
"""

from api.http.errors import RequestError


class SparqlError(RequestError):
    """A SPARQL request that cannot be answered."""


class MalformedError(SparqlError):
    """The request or its query cannot be read."""


class ReadOnlyError(SparqlError):
    """An update, which a read-only service refuses."""


class MethodError(SparqlError):
    """Another method than GET, HEAD, POST and OPTIONS."""


class RefusedError(SparqlError):
    """A query that the service refuses to run, or to run any further."""


class BusyError(SparqlError):
    """The queue is full, or moves too slowly."""


class AwayError(SparqlError):
    """The store that answers queries is away, or fails."""
