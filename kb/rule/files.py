"""The rule files of a folder. What was read from a file is kept on disk: taking a rule apart takes long.

A rule is kept by its text and the kind of folder it lies in, so a copy of a project finds the rules of the project.
"""

import pickle
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import kb
from kb.errors import RuleError
from kb.kept import cache_folder, hash_of, put, unpickled
from kb.rule.rule import Rule, folder_of

# Rules from folders of one name are one kept file, with at most so many rules.
MOST_KEPT = 8
MOST_RULES = 2_000
READERS = ("pyoxigraph", "rdflib", "pyparsing")


def read_rules(folder: Path) -> list[Rule]:
    """The rules in a folder and the folders in it, by name. A folder called `kennis` holds rules over the knowledge alone.

    Errors: RuleError for the first rule that is not allowed, or that has the name of another.
    """
    rules, refused = read_each(folder)
    for error in (*refused, *same_names(rules)):
        raise error
    return rules


def read_each(folder: Path) -> tuple[list[Rule], list[RuleError]]:
    """The rules in a folder that are allowed, by name, and why the others are not."""
    place = _kept_file(folder)
    found = unpickled(place) if place else None
    kept: dict[str, Rule] = found if isinstance(found, dict) else {}
    used: dict[str, Rule] = {}
    read = []
    refused = []
    for path in rule_files(folder):
        text = path.read_text(encoding="utf-8")
        key = sha256(f"{folder_of(path)}\0{text}".encode()).hexdigest()
        try:
            rule = used[key] = kept.get(key) or _parsed(text, path)
        except RuleError as error:
            refused.append(error)
        else:
            read.append(rule if rule.path == path else replace(rule, path=path))
    if place and used.keys() - kept.keys():
        unused = {key: rule for key, rule in kept.items() if key not in used}
        newest = list((unused | used).items())[-MOST_RULES:]
        put(place, pickle.dumps(dict(newest), pickle.HIGHEST_PROTOCOL), MOST_KEPT)
    return read, refused


def rule_files(folder: Path) -> list[Path]:
    """The rule files in a folder and the folders in it, by name: an advice does not depend on how they are sorted away."""
    return sorted(folder.rglob("*.rq"), key=lambda path: (path.name, path))


def same_names(rules: Iterable[Rule]) -> Iterator[RuleError]:
    """An error for each rule with the name of an earlier one: a rule's name is its IRI, whatever folder it lies in."""
    first: dict[str, Rule] = {}
    for rule in rules:
        if (other := first.setdefault(rule.slug, rule)) is not rule:
            yield RuleError(
                rule.path, 1, f"de naam {rule.slug} heeft ook {other.path}; geef een van de twee een andere naam."
            )


def _parsed(text: str, path: Path) -> Rule:
    from kb.rule.parse import parse_rule  # what is kept needs no parser, and that takes long to import

    return parse_rule(text, path)


def _kept_file(folder: Path) -> Path | None:
    """Where the rules of such a folder are kept, under the hash of the code that reads them."""
    kept = cache_folder()
    return kept / f"{sha256(f'{_code()} {folder.name}'.encode()).hexdigest()}.rules" if kept else None


@cache
def _code() -> str:
    package = Path(kb.__file__).parent
    files = [*sorted((package / "rule").glob("*.py")), package / "names.py", package / "errors.py"]
    return hash_of(files, sys.version, *map(version, READERS), below=package)
