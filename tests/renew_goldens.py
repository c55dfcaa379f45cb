"""Write the approved layout of an advice anew: `python -m tests.renew_goldens`, then read what git says has changed."""

from pathlib import Path

from kb.engine import Engine
from kb.report.markdown import markdown
from kb.report.report import report
from kb.situation.model import read_situation

GOLDEN = Path(__file__).parent / "golden"
LAYOUT = GOLDEN / "opmaak.md"
EXAMPLE = Path(__file__).parent.parent / "examples" / "reyeroord.json"
QUESTIONS = 5


def layout(engine: Engine) -> str:
    """What `wijkaanpak advies --markdown` prints for the example that the layout is shown with."""
    situation = read_situation(EXAMPLE.read_bytes())
    return markdown(report(engine.advise(situation, questions=QUESTIONS), "nl"))


if __name__ == "__main__":
    LAYOUT.write_text(layout(Engine.load()), encoding="utf-8")
