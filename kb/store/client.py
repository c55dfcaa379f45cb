"""A client for a SPARQL 1.1 store: queries, updates and the Graph Store Protocol over HTTP."""

from collections.abc import Generator, Iterable
from http import HTTPStatus
from typing import Any, Self

import httpx
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from kb.errors import StoreError, StoreTimeoutError
from kb.store.address import Address

SOLUTIONS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
_SHOWN = 300
_TIMED_OUT = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT}


class Login(httpx.Auth):
    """Name and password by whichever way the server asks for: basic or digest."""

    def __init__(self, user: str, password: str) -> None:
        self._ways: dict[str, httpx.Auth] = {
            "basic": httpx.BasicAuth(user, password),
            "digest": httpx.DigestAuth(user, password),
        }
        self._chosen: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send without logging in until the server asks for it, then log in with every request."""
        if self._chosen is None:
            response = yield request
            asked = response.headers.get("WWW-Authenticate", "").partition(" ")[0].lower()
            if response.status_code != HTTPStatus.UNAUTHORIZED or asked not in self._ways:
                return
            self._chosen = self._ways[asked]
        yield from self._chosen.auth_flow(request)


def login_for(address: Address) -> Login | None:
    """How to log in at an address, if a user is known."""
    return Login(address.user, address.password) if address.user else None


class StoreClient:
    """A store to query and to write graphs to. Every method raises StoreError when the store does not do what is asked."""

    def __init__(self, address: Address) -> None:
        self.address = address
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        self.server = ""  # the program that answered last, as it calls itself
        self._http = httpx.Client(auth=login_for(address), timeout=timeout, follow_redirects=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def construct(self, query: str) -> list[Triple]:
        """The triples that a CONSTRUCT gives."""
        content = self._query(query, TRIPLES)
        try:
            return [quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES)]
        except SyntaxError as error:
            raise StoreError(f"de opslag op {self.address.query} geeft geen geldige N-Triples: {error}") from error

    def count(self, graph: NamedNode) -> int:
        """How many triples a graph holds; none when there is no such graph."""
        return self.count_where(f"GRAPH {graph} {{ ?s ?p ?o }}")

    def count_where(self, pattern: str) -> int:
        """How many solutions a graph pattern has."""
        content = self._query(f"SELECT (COUNT(*) AS ?aantal) WHERE {{ {pattern} }}", SOLUTIONS)
        try:
            results = parse_query_results(content, format=QueryResultsFormat.JSON)
            assert isinstance(results, QuerySolutions)
            return int(next(results)["aantal"].value)
        except (SyntaxError, AssertionError, StopIteration, KeyError, ValueError) as error:
            raise StoreError(f"de opslag op {self.address.query} telt niet zoals SPARQL 1.1 zegt: {error!r}") from error

    def put(self, graph: NamedNode, triples: Iterable[str]) -> None:
        """Let a graph hold these lines of N-Triples and nothing else."""
        self._write("PUT", graph, triples)

    def post(self, graph: NamedNode, triples: Iterable[str]) -> None:
        """Add lines of N-Triples to a graph."""
        self._write("POST", graph, triples)

    def delete(self, graph: NamedNode) -> None:
        """Let there be no such graph."""
        self._send("DELETE", self.address.graphs, allowed=(HTTPStatus.NOT_FOUND,), params={"graph": graph.value})

    def update(self, text: str) -> None:
        """Run an update."""
        headers = {"Content-Type": "application/sparql-update"}
        self._send("POST", self.address.update, content=text.encode(), headers=headers)

    def _query(self, query: str, accept: str) -> bytes:
        # As a form: Virtuoso never answers a query that is posted as application/sparql-query.
        return self._send("POST", self.address.query, data={"query": query}, headers={"Accept": accept}).content

    def _write(self, method: str, graph: NamedNode, triples: Iterable[str]) -> None:
        content = "".join(f"{line}\n" for line in triples).encode()
        headers = {"Content-Type": TRIPLES}
        self._send(method, self.address.graphs, params={"graph": graph.value}, content=content, headers=headers)

    def _send(self, method: str, url: str, *, allowed: tuple[int, ...] = (), **parts: Any) -> httpx.Response:
        try:
            response = self._http.request(method, url, **parts)
        except httpx.ReadTimeout as error:
            raise StoreTimeoutError(unreachable(url, error)) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise StoreError(unreachable(url, error)) from error
        self.server = response.headers.get("Server", "")
        if not response.is_success and response.status_code not in allowed:
            kind = StoreTimeoutError if _timed_out(response) else StoreError
            raise kind(refused(url, response.status_code, response.text))
        return response


def _timed_out(response: httpx.Response) -> bool:
    # Virtuoso says it in the text only: 500, "Virtuoso S1T00 Error SR171: Transaction timed out".
    return response.status_code in _TIMED_OUT or "timed out" in response.text[:_SHOWN].lower()


def unreachable(url: str, error: Exception) -> str:
    """What to say of a store that gave no answer."""
    if isinstance(error, httpx.TimeoutException):
        return f"de opslag op {url} antwoordt niet op tijd."
    return f"de opslag op {url} is niet te bereiken: {error}"


def refused(url: str, status: int, text: str) -> str:
    """What to say of a store that answers with an error."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"de opslag op {url} laat dit niet toe ({status}); kloppen gebruiker en wachtwoord?"
    said = " ".join(text.split())[:_SHOWN]
    return f"de opslag op {url} antwoordt met {status}: {said}".rstrip(": ")
