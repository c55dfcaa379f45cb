"""Where the ontology, the rules and what they are tested with are: inside an installed package, or beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "gegevens"
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent

ONTOLOGY = ROOT / "ontology"
RULES = ROOT / "rules"
EXAMPLES = ROOT / "examples"
EXPECTATIONS = ROOT / "tests" / "verwachtingen"
COUNTRY = _PACKAGE / "country" / "data" / "gebieden.parquet"
OTHER_NAMES = _PACKAGE / "country" / "data" / "andere-namen.csv"
