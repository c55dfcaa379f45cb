"""Write anew what is shown of an advice, the approved layout and the output in the README: `python -m tests.renew_goldens`.

Then read what git says has changed.
"""

import re
import shlex
from contextlib import chdir
from pathlib import Path

from typer.testing import CliRunner

from kb.cli import app
from kb.engine import Engine
from kb.report.markdown import markdown
from kb.report.report import report
from kb.situation.model import read_situation

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden"
LAYOUT = GOLDEN / "opmaak.md"
EXAMPLE = ROOT / "examples" / "reyeroord.json"
QUESTIONS = 5
README = ROOT / "README.md"
# A command and what is shown of its output; "…" is what an output goes on with that is not shown whole.
SHOWN = re.compile(r"(?<=```console\n\$ wijkaanpak )(.*?)\n(.*?)(?=```)", re.S)
GOES_ON = "…"


def layout(engine: Engine) -> str:
    """What `wijkaanpak advies --markdown` prints for the example that the layout is shown with."""
    situation = read_situation(EXAMPLE.read_bytes())
    return markdown(report(engine.advise(situation, questions=QUESTIONS), "nl"))


def printed(command: str) -> str:
    """What `wijkaanpak` prints with these arguments, 100 columns wide, as it may stand in the README."""
    with chdir(ROOT):
        run = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, shlex.split(command))
    assert run.exit_code == 0, run.stderr
    return "".join(f"{line.rstrip()}\n" for line in run.stdout.strip("\n").splitlines())


def part(output: str, shown: str) -> str:
    """As much of an output as is shown of it: whole, or as many lines when what is shown goes on."""
    *lines, last = shown.strip("\n").splitlines()
    return "".join(output.splitlines(keepends=True)[: len(lines)]) + f"{GOES_ON}\n" if last == GOES_ON else output


def renewed(text: str) -> str:
    """The README with the output of now."""
    return SHOWN.sub(lambda block: f"{block[1]}\n{part(printed(block[1]), block[2])}", text)


if __name__ == "__main__":
    LAYOUT.write_text(layout(Engine.load()), encoding="utf-8")
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
