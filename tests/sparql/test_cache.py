"""Answers are remembered: by query, graphs and form, in bounded memory, and with a tag that spares sending them again."""

from dataclasses import dataclass

import httpx
import pytest

from api.sparql.cache import ByteCache
from tests.sparql.conftest import SELECT


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_answer_known_to_the_asker_is_not_sent_again(method: str, endpoint: str, http: httpx.Client) -> None:
    def ask(**headers: str) -> httpx.Response:
        if method == "GET":
            return http.get(endpoint, params={"query": SELECT}, headers=headers)
        return http.post(endpoint, data={"query": SELECT}, headers=headers)

    first = ask()
    again = ask(**{"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert ask(**{"If-None-Match": '"other"'}).content == first.content


def test_answers_in_different_forms_have_different_tags(endpoint: str, http: httpx.Client) -> None:
    forms = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"]
    answers = [http.get(endpoint, params={"query": SELECT}, headers={"Accept": form}) for form in forms]
    assert len({answer.headers["etag"] for answer in answers}) == len(forms)


def test_answers_over_different_graphs_are_kept_apart(endpoint: str, http: httpx.Client) -> None:
    everywhere = http.get(endpoint, params={"query": SELECT})
    nowhere = http.get(endpoint, params={"query": SELECT, "default-graph-uri": "urn:leeg"})
    assert everywhere.json()["results"]["bindings"]
    assert not nowhere.json()["results"]["bindings"]


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "struuid()"])
def test_answer_that_differs_every_time_is_not_kept(function: str, endpoint: str, http: httpx.Client) -> None:
    first, second = (http.get(endpoint, params={"query": f"SELECT ({function} AS ?x) {{}}"}) for _ in range(2))
    assert first.text != second.text
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers


@dataclass(frozen=True)
class Block:
    """A value of a size."""

    size: int


@dataclass(frozen=True)
class Name:
    """A key of a size."""

    number: int
    size: int = 1


def test_cache_forgets_what_was_used_longest_ago() -> None:
    cache: ByteCache[Name, Block] = ByteCache(80)
    for number in range(8):
        cache.put(Name(number), Block(9))
    cache.get(Name(0))
    cache.put(Name(8), Block(9))
    assert cache.get(Name(0))
    assert cache.get(Name(1)) is None


def test_cache_does_not_hold_what_would_fill_it() -> None:
    cache: ByteCache[Name, Block] = ByteCache(80)
    cache.put(Name(1), Block(10))
    assert cache.get(Name(1)) is None


def test_cache_counts_what_its_keys_take() -> None:
    cache: ByteCache[Name, Block] = ByteCache(8_000)
    for number in range(1_500):
        cache.put(Name(number, size=900), Block(10))
    assert cache.used <= 8_000
    assert sum(cache.get(Name(number, size=900)) is not None for number in range(1_500)) == 8
