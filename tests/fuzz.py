"""Random requests over all routes: no 5xx that the service does not mean, no traceback, no growth.

`python -m tests.fuzz --aantal 10000 --zaad 7` runs against a service of its own, and ends with 1 when something is wrong.
The suite runs a few hundred. One seed gives the same requests each time.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.http.settings import Settings
from kb.situation.model import Situatie
from tests.attacks.serving import Service, running

COUNT, SEED = 10_000, 7
# What pages and answers made on first use may take, and a cache that fills.
GROWTH = 256 * 2**20
WARMING = 0.3
# What the service means by its own statuses: a query refused at a limit, and no room.
MEANT = {500: "about:blank", 503: "/v1/problemen/nu-niet-beschikbaar"}

PATHS = (
    "/", "/v1", "/v1/", "/v1/openapi.json", "/v1/opgaven", "/v1/opgaven/{}", "/v1/instrumenten", "/v1/regels/{}",
    "/v1/problemen/{}", "/v1/vragen", "/v1/vragen/{}", "/vragen/ruimteclaims", "/v1/vragen/ruimteclaims", "/def", "/def.{}",
    "/id/opgave/{}", "/doc/opgave/{}", "/doc/{}", "/id/{}", "/downloads", "/downloads/{}", "/sparql", "/gezondheid",
    "/static/{}", "/static/wijkaanpak.css", "/{}", "/v1/adviezen", "/v1/adviezen/uitleg", "/v1/adviezen/waarom-niet",
    "/v1/adviezen/wat-als", "/v1/adviezen/vragen", "/v1/adviezen/rangorde", "/v1/programmas", "/v1/gebieden",
    "/v1/gebieden/{}", "/id/gebied/{}", "/doc/gebied/{}", "/doc/gebied/{}.ttl", "/id/screening/{}", "/graaf/{}", "/land",
    "/advies", "/advies/waarom", "/advies.ttl", "/advies.json", "/advies.md", "/advies/situatie.json",
    "/.well-known/genid/{}",
)  # fmt: skip
WORDS = (
    "kennen", "selwerd", "riool", "klimaatadaptatie", "woningen-van-het-gas-af", "Selwerd", "WK001410", "GM0014",
    "BU00141000", "2027", "4.7,52.0,5.1,52.4", "2024-02-30", "ttl", "..", "%00", "%2e%2e", "//", "<b>", "\u0000", "é", "😀",
    "'\"", "1e999", "-1", "null", "heeftBehoefte/behoefte/vertrouwen", "x" * 3_000,
)  # fmt: skip
KEYS = (
    "taal", "zoek", "pagina", "perPagina", "aantal", "alle", "query", "format", "opgave", "update", "?", "wijk", "gemeente",
    "kenmerken", "werken.0.cyclus", "metingen.aardgasaandeel", "peildatum", "gegevens", "conclusie", "bbox", "limit",
    "soort", "binnen", "leidend", "zoals", "cyclus", "aannemen", "sorteer", "f",
)  # fmt: skip
TYPES = (
    "application/json", "application/ld+json", "text/turtle", "text/csv", "application/sparql-query", "text/html", "*/*",
    "application/x-www-form-urlencoded", "application/rdf+xml", "image/png", "text/html;q=0.1, */*;q=x", ";;;", "",
)  # fmt: skip
QUERIES = (
    "ASK {}", "SELECT * { ?s ?p ?o } LIMIT 5", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3", "SELECT", "CLEAR ALL",
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "DESCRIBE <urn:x>", "SELECT (1/0 AS ?x) {}",
    "SELECT (<<( <urn:a> <urn:b> 1 )>> AS ?x) {}", "CONSTRUCT { <urn:a> <urn:b> <<( <urn:a> <urn:b> 1 )>> } WHERE {}",
)  # fmt: skip


@dataclass
class Outcome:
    """What a run found."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    grown: int = 0
    slowest: tuple[float, str] = (0.0, "")


def requests(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """The requests of a seed, as keywords of httpx."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _request(chance)


def _request(chance: random.Random) -> dict[str, Any]:
    path = chance.choice(PATHS).replace("{}", chance.choice(WORDS))
    method = chance.choice(("GET", "GET", "HEAD", "POST", "POST", "OPTIONS", "PUT", "DELETE"))
    if chance.random() < 0.8:
        method = "POST" if path.startswith(("/v1/adviezen", "/v1/programmas")) else "GET"
    headers = {
        "Accept": chance.choice(TYPES),
        "Accept-Language": chance.choice(("nl", "en", "fr;q=0.1", "")),
        "Content-Type": chance.choice(TYPES) if chance.random() < 0.4 else "application/json",
    }
    params = {chance.choice(KEYS): chance.choice(WORDS + QUERIES) for _ in range(chance.randrange(3))}
    if path == "/sparql" and chance.random() < 0.8:
        params["query"] = chance.choice(QUERIES)
    content = _body(chance) if method in ("POST", "PUT") else b""
    return {"method": method, "url": _encoded(path), "params": params, "headers": headers, "content": content}


def _encoded(path: str) -> str:
    return "".join(sign if sign.isascii() and sign.isprintable() and sign not in "<> \"'" else "%7E" for sign in path)


def _body(chance: random.Random) -> bytes:
    kind = chance.random()
    if kind < 0.1:
        return bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
    if kind < 0.2:
        return chance.choice(QUERIES).encode()
    if kind < 0.25:
        return b"[" * chance.randrange(50_000)
    if kind < 0.3:
        return b"a <https://w3id.org/wijkaanpak/def#Situatie> ."
    situation = {name: _value(chance, 2) for name in chance.sample([*Situatie.model_fields], chance.randrange(4))}
    if kind < 0.6:
        return json.dumps(situation).encode()
    return json.dumps({"situatie": situation, "conclusie": chance.choice(WORDS), "toevoegen": {}}).encode()


def _value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(7 if depth else 5)
    if kind == 5:
        return [_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 6:
        return {chance.choice(WORDS): _value(chance, depth - 1) for _ in range(chance.randrange(4))}
    return chance.choice((None, True, chance.randrange(-5, 3_000), chance.random(), chance.choice(WORDS)))


def fuzz(service: Service, count: int, seed: int) -> Outcome:
    """Send the requests of a seed one after another, and look at what comes back, at the log and at the memory."""
    outcome = Outcome()
    warm = 0
    with httpx.Client(base_url=service.address, timeout=120) as client:
        for number, asked in enumerate(requests(count, seed)):
            if number == int(count * WARMING):
                warm = service.memory()
            try:
                response = client.request(**asked)
            except httpx.HTTPError as error:
                outcome.faults.append(f"{number}: {asked['method']} {asked['url']:.200}: {error!r}")
                continue
            outcome.statuses[response.status_code] += 1
            took = response.elapsed.total_seconds(), f"{number}: {asked['method']} {asked['url']:.80}"
            outcome.slowest = max(outcome.slowest, took)
            if response.status_code >= 500 and not _is_meant(response):
                outcome.faults.append(f"{number}: {asked['method']} {asked['url']:.200}: {response.text:.300}")
    if "Traceback" in service.log.read_text():
        outcome.faults.append(f"traceback in {service.log}")
    outcome.grown = service.memory() - warm
    if outcome.grown > GROWTH:
        outcome.faults.append(f"memory grew by {outcome.grown} bytes")
    return outcome


def _is_meant(response: httpx.Response) -> bool:
    if response.request.method == "HEAD" or "html" in response.headers.get("content-type", ""):
        return response.status_code in MEANT
    try:
        return bool(response.json()["type"] == MEANT.get(response.status_code))
    except ValueError:  # not even a problem
        return False


def main() -> None:
    """Run against a service of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aantal", type=int, default=COUNT)
    parser.add_argument("--zaad", type=int, default=SEED)
    given = parser.parse_args()
    assert Settings().public_base == "", "the fuzzed service has no public base"
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "log") as service:
        outcome = fuzz(service, given.aantal, given.zaad)
        print(f"{given.aantal} requests, seed {given.zaad}: {dict(sorted(outcome.statuses.items()))}")
        print(f"grown by {outcome.grown / 2**20:.0f} MiB, slowest {outcome.slowest[0]:.1f} s ({outcome.slowest[1]})")
        print(*outcome.faults, sep="\n")
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
