"""Measure how fast the whole data set with all wijken goes to a store: `python -m bench.publish BESTAND`.

BESTAND is what `wijkaanpak land exporteer` wrote. Each store that is installed is started empty on this machine.
"""

import argparse
import tempfile
import time
from pathlib import Path

from kb.country.graphs import load_areas
from kb.dataset.graphs import build_dataset, data_version
from kb.engine import Engine
from kb.store.client import StoreClient
from kb.store.publication import Release
from kb.store.publish import publish
from tests.store.servers import SERVERS, Server, running


def main() -> None:
    """Print a line for each store: triples, seconds, triples a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bestand", type=Path)
    dataset, version = build_dataset(Engine.load()), data_version()
    version = f"{version}-{load_areas(parser.parse_args().bestand, dataset)}"
    release = Release(dataset, version)
    triples = sum(map(len, release.graphs.values()))
    for kind in SERVERS:
        if kind.binary() is None:
            print(f"{kind.name}: not installed")
            continue
        with tempfile.TemporaryDirectory() as folder, running(kind, Path(folder)) as server:
            seconds = _publish(release, server)
        print(f"{kind.name}: {triples:,} triples in {seconds:.0f} s, {triples / seconds:,.0f} a second", flush=True)


def _publish(release: Release, server: Server) -> float:
    begin = time.perf_counter()
    with StoreClient(server.address) as client:
        publish(client, release, lambda _graph, _arrived: None)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
