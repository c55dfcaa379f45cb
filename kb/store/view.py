"""How far publishing is, on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import NamedNode
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from kb.dataset.graphs import GRAAF
from kb.store.publication import Release
from kb.store.publish import Progress

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


@contextmanager
def progress_view(release: Release) -> Iterator[Progress]:
    """Shows a bar for each graph; gives what is to be called with a graph and how many of its triples arrived."""
    with Bars(*COLUMNS, console=Console(stderr=True)) as bars:
        tasks = {
            graph: bars.add_task(graph.value.removeprefix(GRAAF), total=len(lines))
            for graph, lines in release.graphs.items()
        }

        def show(graph: NamedNode, arrived: int) -> None:
            bars.update(tasks[graph], completed=arrived)

        yield show
