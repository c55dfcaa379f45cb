"""What the terminal shows of a check, laid out with rich."""

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from kb.check.run import CheckResult
from kb.report.terminal import grid


def check_view(result: CheckResult) -> RenderableType:
    """One check with what it found."""
    sign, colour = ("✗", "bold red") if result.findings else ("✓", "green")
    head = Text.assemble((sign, colour), f" {result.name}", (f"  {result.seconds:.1f} s", "dim"))
    problems = grid()
    for problem in result.findings:
        problems.add_row(Text("–", style="red"), Text(str(problem)))
    return Lines(head, Padding(problems, (0, 0, 0, 2))) if result.findings else head
