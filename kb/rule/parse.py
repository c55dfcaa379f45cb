"""Reads and checks a rule file against the allowed subset of SPARQL.

What is allowed is said by `ALLOWED`; anything else is a `RuleError` with file and line. Parsing is rdflib's; this module only
reads its syntax tree.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode, Store, Variable
from pyparsing import ParseException
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kb.errors import RuleError
from kb.names import SITUATIE, TYPE
from kb.rule.expression import Comparison, Every, Expression, Not, Some, Term, variables
from kb.rule.rule import CERTAINTIES, SITUATION, Body, Citation, Pattern, Rule, about_situation

ALLOWED = (
    "Toegestaan zijn triple-patronen zonder pad, FILTER met vergelijkingen (=, !=, <, <=, >, >=, IN, &&, ||, !) "
    "en FILTER NOT EXISTS met daarin alleen triple-patronen en vergelijkingen"
)
ALLOWED_STATIC = "Toegestaan in een kennisregel zijn triple-patronen zonder pad, FILTER en BIND, zonder EXISTS"
_KEYS = ("label", "label-en", "uitleg", "uitleg-en", "bron", "zekerheid")
_REFUSED = {
    "OptionalGraphPattern": ("OPTIONAL", r"\bOPTIONAL\b"),
    "MinusGraphPattern": ("MINUS", r"\bMINUS\b"),
    "GroupOrUnionGraphPattern": ("UNION of een groep tussen accolades", r"\bUNION\b|\{\s*\{|\.\s*\{|^\s+\{"),
    "GraphGraphPattern": ("GRAPH", r"\bGRAPH\b"),
    "ServiceGraphPattern": ("SERVICE", r"\bSERVICE\b"),
    "InlineData": ("VALUES", r"\bVALUES\b"),
    "SubSelect": ("een deelvraag (SELECT)", r"\bSELECT\b"),
    "Bind": ("BIND", r"\bBIND\b"),
}
_CODELESS = re.compile(r"^\s*PREFIX\s.*|(?<!\S)#.*|<[^<>\s]*>", re.IGNORECASE)
_CLAUSES = {
    "datasetClause": "FROM",
    "orderby": "ORDER",
    "groupby": "GROUP",
    "having": "HAVING",
    "limitoffset": "LIMIT",
    "valuesClause": "VALUES",
}


def read_rules(folder: Path) -> list[Rule]:
    """The rules in a folder and the folders in it, by name. A folder called `kennis` holds rules over the knowledge alone.

    Errors: RuleError for the first rule that is not allowed, or that has the name of another.
    """
    rules = [parse_rule(path.read_text(encoding="utf-8"), path) for path in rule_files(folder)]
    for error in same_names(rules):
        raise error
    return rules


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


def parse_rule(text: str, path: Path) -> Rule:
    """Read and check one rule; `path` names it and, by its folder, says whether it is about a situation.

    Errors: RuleError with the line and what is allowed.
    """
    return _RuleReader(text, path).rule()


class _RuleReader:
    """Turns the text of one rule into a Rule, keeping what is needed to point at a line."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path
        self.about_situation = about_situation(path)

    def rule(self) -> Rule:
        header = self._header()
        query = self._parse()
        body = self._body(query.where)
        head = tuple(self._patterns(query.template or []))
        if not head:
            raise self._refusal(
                r"CONSTRUCT", "de regel leidt niets af; zet ten minste één triple tussen CONSTRUCT { }."
            )
        rule = Rule(self.path, self.text, head=head, body=body, **header)
        self._check_bound(rule)
        if self.about_situation:
            self._check_situation(rule)
        return rule

    def _header(self) -> dict[str, Any]:
        values: dict[str, list[str]] = {}
        for number, line in enumerate(self.text.splitlines(), start=1):
            if not line.startswith("#@"):
                continue
            key, colon, value = line[2:].partition(":")
            if not colon or key.strip() not in _KEYS:
                raise RuleError(self.path, number, f"onbekende kop '{key.strip()}'; bekend zijn {', '.join(_KEYS)}.")
            values.setdefault(key.strip(), []).append(value.strip())
        missing = [key for key in _KEYS if key not in values]
        if missing:
            raise RuleError(self.path, 1, f"de kop mist {', '.join(f'#@ {key}:' for key in missing)}.")
        if values["zekerheid"][0] not in CERTAINTIES:
            raise self._refusal(r"#@ zekerheid", f"zekerheid is een van {', '.join(CERTAINTIES)}.")
        return {
            "label": {"nl": values["label"][0], "en": values["label-en"][0]},
            "explanation": {"nl": values["uitleg"][0], "en": values["uitleg-en"][0]},
            "citations": tuple(self._citation(value) for value in values["bron"]),
            "certainty": values["zekerheid"][0],
        }

    def _citation(self, value: str) -> Citation:
        source, bar, place = value.partition("|")
        if not bar or not source.strip() or not place.strip():
            raise self._refusal(re.escape(value), "schrijf een bron als '#@ bron: slug | plaats in de bron'.")
        return Citation(f"bron/{source.strip()}", place.strip())

    def _parse(self) -> CompValue:
        # Without its header, which the parser would try to skip again at every word; line numbers stay.
        code = re.sub(r"(?m)^#@.*$", "", self.text)
        if not self.about_situation:
            self._check_syntax()
            code = _without_expressions(code)
        try:
            prologue, query = parseQuery(code)
        except ParseException as error:
            raise RuleError(self.path, error.lineno, f"geen geldige SPARQL: {error.msg}.") from error
        if query.name != "ConstructQuery":
            raise self._refusal(r"\b(SELECT|ASK|DESCRIBE)\b", "een regel is een CONSTRUCT.")
        for clause, keyword in _CLAUSES.items():
            if dict.get(query, clause):
                raise self._refusal(rf"\b{keyword}\b", f"{keyword} kan niet. {self._allowed()}.")
        resolved = translatePrologue(prologue, None)
        try:
            query = traverse(query, visitPost=partial(translatePName, prologue=resolved))
        except Exception as error:
            raise self._refusal(
                re.escape(f"{str(error).rpartition(':')[2].strip()}:"),
                f"onbekend voorvoegsel; zet een PREFIX-regel bovenaan ({error}).",
            ) from error
        return traverse(query, visitPost=translatePath)

    def _check_syntax(self) -> None:
        """A knowledge rule runs in Oxigraph as it stands, so Oxigraph judges its expressions; here only structure counts."""
        try:
            Store().query(self.text)
        except SyntaxError as error:
            place = re.search(r"\b(\d+):\d+", str(error))
            raise RuleError(self.path, int(place[1]) if place else 1, f"geen geldige SPARQL: {error.msg}.") from error
        if re.search(r"\bEXISTS\b", self.text):
            raise self._refusal(r"\bEXISTS\b", f"EXISTS kan niet in een kennisregel. {ALLOWED_STATIC}.")

    def _body(self, group: CompValue, *, nested: bool = False) -> Body:
        patterns: list[Pattern] = []
        filters: list[Expression] = []
        absent: list[Body] = []
        if group.name != "GroupGraphPatternSub":
            raise self._refusal_of(group.name)
        for part in group.part or []:
            if part.name == "TriplesBlock":
                patterns += self._patterns(part.triples)
            elif part.name == "Filter" and getattr(part.expr, "name", "") == "Builtin_NOTEXISTS":
                if nested:
                    raise self._refusal(r"NOT\s+EXISTS", f"NOT EXISTS binnen NOT EXISTS. {ALLOWED}.")
                absent.append(self._body(part.expr.graph, nested=True))
            elif part.name == "Filter":
                if self.about_situation:
                    filters.append(self._expression(part.expr))
            elif part.name != "Bind" or self.about_situation:
                raise self._refusal_of(part.name)
        return Body(tuple(patterns), tuple(filters), tuple(absent))

    def _patterns(self, blocks: list[Any]) -> Iterator[Pattern]:
        for block in blocks:
            for index in range(0, len(block), 3):
                yield Pattern(*(self._term(part) for part in block[index : index + 3]))

    def _term(self, node: Any) -> Term:
        if isinstance(node, rdflib.Variable):
            return Variable(str(node))
        if isinstance(node, rdflib.URIRef):
            return NamedNode(str(node))
        if isinstance(node, rdflib.Literal):
            datatype = NamedNode(str(node.datatype)) if node.datatype else None
            return (
                Literal(str(node), language=node.language) if node.language else Literal(str(node), datatype=datatype)
            )
        if isinstance(node, rdflib.BNode):
            raise self._refusal(r"\[|_:", f"een lege knoop; gebruik een variabele. {ALLOWED}.")
        raise self._refusal(r"[/|*+^](?=[:<\w])|[*+](?=\s)", f"een pad. {ALLOWED}.")

    def _expression(self, node: Any) -> Expression:
        node = _unwrap(node)
        match getattr(node, "name", None):
            case "ConditionalAndExpression":
                return Every(tuple(map(self._expression, [node.expr, *node.other])))
            case "ConditionalOrExpression":
                return Some(tuple(map(self._expression, [node.expr, *node.other])))
            case "UnaryNot":
                return Not(self._expression(node.expr))
            case "RelationalExpression":
                return self._comparison(node)
            case name:
                kind = name.removeprefix("Builtin_") if name else "een losse waarde"
                raise self._refusal(re.escape(kind) if name else r"\bFILTER\b", f"{kind} in een FILTER. {ALLOWED}.")

    def _comparison(self, node: CompValue) -> Expression:
        left = self._operand(node.expr)
        if node.op in ("IN", "NOT IN"):
            options = Some(tuple(Comparison("=", left, self._operand(option)) for option in node.other))
            return options if node.op == "IN" else Not(options)
        return Comparison(node.op, left, self._operand(node.other))

    def _operand(self, node: Any) -> Term:
        node = _unwrap(node)
        if isinstance(node, CompValue):
            raise self._refusal(r"\bFILTER\b", f"een berekening in een FILTER. {ALLOWED}.")
        return self._term(node)

    def _check_bound(self, rule: Rule) -> None:
        bound = rule.body.variables()
        if not self.about_situation:
            bound |= {Variable(name) for name in re.findall(r"\bAS\s+\?(\w+)", self.text, re.IGNORECASE)}
        used = {variable for pattern in rule.head for variable in pattern.variables()}
        used |= {variable for expression in rule.body.filters for variable in variables(expression)}
        for variable in sorted(used - bound, key=str):
            raise self._refusal(
                re.escape(str(variable)), f"{variable} is nergens gebonden door een triple-patroon in WHERE."
            )
        known = {variable.value for variable in bound} | {"situatie"}
        for text in rule.explanation.values():
            for name in re.findall(r"\{(\w+)\}", text):
                if name not in known:
                    raise self._refusal(
                        re.escape("{" + name + "}"), f"de uitleg noemt {{{name}}}, maar WHERE bindt ?{name} niet."
                    )

    def _check_situation(self, rule: Rule) -> None:
        for pattern in rule.head:
            if (
                pattern.subject != SITUATION
                or not isinstance(pattern.predicate, NamedNode)
                or isinstance(pattern.object, Literal)
            ):
                raise self._refusal(r"CONSTRUCT", "een situatieregel leidt alleen '?situatie eigenschap individu' af.")
        for body in (rule.body, *rule.body.absent):
            for pattern in body.patterns:
                if pattern.subject == SITUATION and not isinstance(pattern.predicate, NamedNode):
                    raise self._refusal(
                        re.escape(str(pattern.predicate)),
                        "de eigenschap van ?situatie moet vast staan, geen variabele.",
                    )
                if pattern.object == SITUATION:
                    raise self._refusal(r"\?situatie\s*([.;,}]|$)", "?situatie staat altijd vooraan in een patroon.")
                if (pattern.subject == SITUATION) != (pattern.object == SITUATIE) and pattern.predicate == TYPE:
                    where = r"situatie\s+a\s+(?!:Situatie)|(?<!situatie)\s+a\s+:Situatie"
                    raise self._refusal(where, "alleen ?situatie is een :Situatie, en zij is niets anders.")

    def _refusal_of(self, kind: str) -> RuleError:
        name, where = _REFUSED.get(kind, (kind, r"WHERE"))
        return self._refusal(where, f"{name} kan niet. {self._allowed()}.")

    def _allowed(self) -> str:
        return ALLOWED if self.about_situation else ALLOWED_STATIC

    def _refusal(self, where: str, reason: str) -> RuleError:
        """A RuleError at the first line, comments aside, that matches `where`."""
        lines = self.text.splitlines()
        code = [line if line.startswith("#@") else _CODELESS.sub("", line) for line in lines]
        hit = next((n for n, line in enumerate(code, 1) if re.search(where, line, re.IGNORECASE)), 1)
        return RuleError(self.path, hit, reason)


def _without_expressions(code: str) -> str:
    """The code with every expression of a FILTER or BIND cut down to a constant; line breaks stay where they are."""
    parts, position = [], 0
    for match in re.finditer(r"\b(?:FILTER|BIND)\s*\(", code, re.IGNORECASE):
        if match.start() < position:
            continue  # within an expression that is gone already
        end = _closing(code, match.end())
        expression = code[match.end() : end - 1]
        alias = re.search(r"\bAS\s+(\?\w+)\s*$", expression, re.IGNORECASE)
        parts += [code[position : match.end()], f"1 AS {alias[1]}" if alias else "true"]
        parts += ["\n" * expression.count("\n"), ")"]
        position = end
    return "".join([*parts, code[position:]])


def _closing(code: str, position: int) -> int:
    """Where the parenthesis that was open at a position closes, strings and IRIs skipped."""
    depth = 1
    for match in re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|<[^<>\s]*>|[()]""").finditer(code, position):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not depth:
            return match.end()
    return len(code)


def _unwrap(node: Any) -> Any:
    """The node inside the layers that rdflib's grammar puts around an expression without an operator."""
    while isinstance(node, CompValue) and node.name.endswith("Expression") and not node.other:
        node = node.expr
    return node
