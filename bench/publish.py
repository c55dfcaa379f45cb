"""Measure how fast the whole data set with all wijken goes to a store that is empty: `python -m bench.publish BESTAND …`.

BESTAND is what `wijkaanpak land exporteer` wrote; the addresses are those of `wijkaanpak publiceer`, the password too.
"""

import argparse
import os
import time
from pathlib import Path

from kb.country.graphs import load_areas
from kb.dataset.graphs import build_dataset, data_version
from kb.engine import Engine
from kb.store.address import Address
from kb.store.client import StoreClient
from kb.store.publication import Release
from kb.store.publish import publish


def main() -> None:
    """Print how many triples went in how many seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bestand", type=Path)
    parser.add_argument("--naar", required=True)
    for name in ("--graph-store", "--update", "--gebruiker"):
        parser.add_argument(name, default="")
    given = parser.parse_args()
    dataset, version = build_dataset(Engine.load()), data_version()
    release = Release(dataset, f"{version}-{load_areas(given.bestand, dataset)}")
    triples = sum(map(len, release.graphs.values()))
    password = os.environ.get("WIJKAANPAK_STORE_PASSWORD", "")
    begin = time.perf_counter()
    with StoreClient(Address(given.naar, given.graph_store, given.update, given.gebruiker, password)) as client:
        publish(client, release, lambda _graph, _arrived: None)
    seconds = time.perf_counter() - begin
    print(f"{triples:,} triples in {seconds:.0f} s, {triples / seconds:,.0f} a second")


if __name__ == "__main__":
    main()
