"""The command line `wijkaanpak` without its service (`api.cli` adds that): one file a group of commands."""

from kb.cli.advice import advise, ask
from kb.cli.base import app, main
from kb.cli.cases import measure_cases
from kb.cli.check import check
from kb.cli.compare import compare_advices
from kb.cli.country import land
from kb.cli.data import export, publish
from kb.cli.explain import what_if, why, why_before, why_not
from kb.cli.programme import programme
from kb.cli.words import list_words

__all__ = ["app", "main"]

# In the order in which `--help` shows them.
app.command("advies")(advise)
app.command("waarom")(why)
app.command("waarom-niet")(why_not)
app.command("waarom-eerder")(why_before)
app.command("wat-als")(what_if)
app.command("vragen")(ask)
app.command("vergelijk")(compare_advices)
app.command("controleer")(check)
app.command("toets-gevallen")(measure_cases)
app.command("lijst")(list_words)
land.command("programma")(programme)
app.add_typer(land, name="land")
app.command("exporteer")(export)
app.command("publiceer")(publish)
