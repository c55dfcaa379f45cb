"""The commands of knowledge editors: `lijst`, and `controleer` of one file."""

import json

from typer.testing import CliRunner, Result

from kb import paths
from kb.cli import app


def run(*arguments: str) -> Result:
    """The command with these arguments."""
    return CliRunner().invoke(app, list(arguments))


def test_lijst_shows_the_words_of_a_kind() -> None:
    rows = {row["slug"]: row for row in json.loads(run("lijst", "behoefte", "--json").stdout)}
    assert rows["kennis"]["naam"] == "Kennis"
    assert "behoefte" in {row["slug"] for row in json.loads(run("lijst", "--json").stdout)}


def test_lijst_of_an_unknown_kind_names_the_nearest() -> None:
    result = run("lijst", "behoefen")
    assert result.exit_code == 2
    assert "Bedoelt u behoefte?" in result.output


def test_controleer_of_a_file_that_is_not_there_says_so() -> None:
    result = run("controleer", "weg.ttl", "--snel")
    assert result.exit_code == 2
    assert "weg.ttl bestaat niet." in result.output


def test_controleer_of_one_file_shows_only_that_file() -> None:
    result = run("controleer", "--snel", str(paths.ONTOLOGY / "kennis" / "behoeften.ttl"))
    assert result.exit_code == 0, result.output
    assert "7 controles, 0 problemen." in result.output
