"""Write the golden advices anew: `python -m tests.renew_goldens`, then read what git says has changed."""

from pathlib import Path

from kb.engine import Engine
from kb.report.markdown import markdown
from kb.report.report import report
from kb.situation.model import Situatie, read_situation

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
GOLDEN = Path(__file__).parent / "golden"
QUESTIONS = 5


def golden_text(engine: Engine, situation: Situatie) -> str:
    """What `wijkaanpak advies --markdown` prints for a situation."""
    return markdown(report(engine, engine.advise(situation, questions=QUESTIONS), "nl"))


def main() -> None:
    """Renew every golden advice and drop those without an example."""
    engine = Engine.load()
    GOLDEN.mkdir(exist_ok=True)
    for path in GOLDEN.glob("*.md"):
        path.unlink()
    for path in EXAMPLES:
        situation = read_situation(path.read_bytes())
        (GOLDEN / f"{path.stem}.md").write_text(golden_text(engine, situation), encoding="utf-8")


if __name__ == "__main__":
    main()
