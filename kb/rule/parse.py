"""Reads and checks a rule file against the allowed subset of SPARQL.

What is allowed is said by `ALLOWED`; anything else is a `RuleError` with file and line. Oxigraph says whether the text is
SPARQL at all, since its messages have a place; rdflib gives the syntax tree, and this module judges that tree. The text
itself is only searched for the line to point at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import rdflib
from pyoxigraph import Literal, NamedNode, Variable
from pyparsing import ParseException, ParseResults
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from kb.errors import RuleError
from kb.names import SITUATIE, TYPE
from kb.rule.expression import Comparison, Every, Expression, Not, Some, Term, variables
from kb.rule.rule import CERTAINTIES, COUNT_FOLDER, SITUATION, Body, Citation, Pattern, Rule, about_situation, counts
from kb.rule.sparql import UnwritableError, write_group
from kb.rule.syntax import blanked, syntax_error

ALLOWED = (
    "Toegestaan zijn triple-patronen zonder pad, FILTER met vergelijkingen (=, !=, <, <=, >, >=, IN, &&, ||, !) "
    "en FILTER NOT EXISTS met daarin alleen triple-patronen en vergelijkingen"
)
ALLOWED_STATIC = "Toegestaan in een kennisregel zijn triple-patronen zonder pad, FILTER en BIND, zonder EXISTS"
ALLOWED_COUNT = (
    "Toegestaan in een telregel zijn triple-patronen zonder pad, FILTER (ook met NOT EXISTS), BIND en één deelvraag "
    "{ SELECT … (COUNT(?x) AS ?aantal) WHERE { … } GROUP BY … HAVING (…) }"
)
_KEYS = ("label", "label-en", "uitleg", "uitleg-en", "bron", "zekerheid")
# What a reader is told when the rule fires for more things at once; both or neither.
_TOGETHER = ("uitleg-meer", "uitleg-meer-en")
_KNOWN = (*_KEYS, *_TOGETHER)
_ONCE = tuple(key for key in _KNOWN if key != "bron")
_REFUSED = {
    "OptionalGraphPattern": ("OPTIONAL", r"\bOPTIONAL\b"),
    "MinusGraphPattern": ("MINUS", r"\bMINUS\b"),
    "GroupOrUnionGraphPattern": ("UNION of een groep tussen accolades", r"\bUNION\b|\{\s*\{|\.\s*\{|^\s+\{"),
    "GraphGraphPattern": ("GRAPH", r"\bGRAPH\b"),
    "ServiceGraphPattern": ("SERVICE", r"\bSERVICE\b"),
    "InlineData": ("VALUES", r"\bVALUES\b"),
    "SubSelect": (f"een deelvraag (SELECT; alleen in kennis/{COUNT_FOLDER}/)", r"\bSELECT\b"),
    "Bind": ("BIND", r"\bBIND\b"),
}
_CLAUSES = {
    "datasetClause": "FROM",
    "orderby": "ORDER",
    "groupby": "GROUP",
    "having": "HAVING",
    "limitoffset": "LIMIT",
    "valuesClause": "VALUES",
}


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
        self.counts = counts(path)

    def rule(self) -> Rule:
        header = self._header()
        query = self._parse()
        if query.where.name == "FakeGroupGraphPatten":  # rdflib's name, and spelling, for what CONSTRUCT WHERE has
            reason = "CONSTRUCT WHERE zegt niet wat de regel afleidt; schrijf CONSTRUCT { … } WHERE { … }."
            raise self._refusal(r"CONSTRUCT", reason)
        body = self._body(query.where) if self.about_situation else self._static(query.where)
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
            if not colon or key.strip() not in _KNOWN:
                raise RuleError(self.path, number, f"onbekende kop '{key.strip()}'; bekend zijn {', '.join(_KNOWN)}.")
            if key.strip() in _ONCE and key.strip() in values:
                raise RuleError(self.path, number, f"#@ {key.strip()}: staat er al; houd een van de twee.")
            values.setdefault(key.strip(), []).append(value.strip())
        wanted = _KNOWN if any(key in values for key in _TOGETHER) else _KEYS
        missing = [key for key in wanted if key not in values]
        if missing:
            raise RuleError(self.path, 1, f"de kop mist {', '.join(f'#@ {key}:' for key in missing)}.")
        if values["zekerheid"][0] not in CERTAINTIES:
            raise self._header_refusal("#@ zekerheid", f"zekerheid is een van {', '.join(CERTAINTIES)}.")
        return {
            "label": {"nl": values["label"][0], "en": values["label-en"][0]},
            "explanation": {"nl": values["uitleg"][0], "en": values["uitleg-en"][0]},
            "together": dict(zip(("nl", "en"), (values[key][0] for key in _TOGETHER if key in values), strict=False)),
            "citations": tuple(self._citation(value) for value in values["bron"]),
            "certainty": values["zekerheid"][0],
        }

    def _citation(self, value: str) -> Citation:
        source, bar, place = value.partition("|")
        if not bar or not source.strip() or not place.strip():
            raise self._header_refusal(value, "schrijf een bron als '#@ bron: slug | plaats in de bron'.")
        return Citation(f"bron/{source.strip()}", place.strip())

    def _parse(self) -> CompValue:
        # Without its header, which the parser would try to skip again at every word; line numbers stay.
        code = re.sub(r"(?m)^#@.*$", "", self.text)
        try:
            prologue, query = parseQuery(code)
        except ParseException as error:
            self._check_syntax()
            raise RuleError(self.path, error.lineno, f"geen geldige SPARQL bij ‘{error.line.strip()}’.") from error
        if query.name != "ConstructQuery":
            raise self._refusal(r"\b(SELECT|ASK|DESCRIBE)\b", "een regel is een CONSTRUCT.")
        self._check_clauses(query)
        self._check_syntax()
        query = traverse(query, visitPost=partial(translatePName, prologue=translatePrologue(prologue, None)))
        return traverse(query, visitPost=translatePath)

    def _check_clauses(self, query: CompValue, allowed: tuple[str, ...] = ()) -> None:
        for clause, keyword in _CLAUSES.items():
            if clause not in allowed and dict.get(query, clause):
                raise self._refusal(rf"\b{keyword}\b", f"{keyword} kan niet. {self._allowed()}.")

    def _check_syntax(self) -> None:
        if (error := syntax_error(self.text, self.path)) is not None:
            raise error

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
                filters.append(self._expression(part.expr))
            else:
                raise self._refusal_of_part(part)
        return Body(tuple(patterns), tuple(filters), tuple(absent))

    def _static(self, group: CompValue) -> Body:
        """The body of a rule over the knowledge: its expressions are Oxigraph's to evaluate, so they stay text."""
        if self.counts:
            if len(_named(group, "SubSelect")) != 1:
                raise self._refusal(r"\bWHERE\b|\{", f"een telregel heeft precies één deelvraag. {ALLOWED_COUNT}.")
        elif _named(group, "Builtin_EXISTS", "Builtin_NOTEXISTS"):
            # What a rule adds could undo the reason for which it was added.
            raise self._refusal(r"\bEXISTS\b", f"EXISTS kan niet in een kennisregel. {ALLOWED_STATIC}.")
        body = self._static_body(group)
        try:
            return replace(body, sparql=write_group(group))
        except UnwritableError as error:
            raise self._refusal_of(error.word) from error

    def _static_body(self, group: CompValue) -> Body:
        if group.name == "SubSelect":
            return self._counted(group)
        patterns: list[Pattern] = []
        absent: list[Body] = []
        bound: set[Variable] = set()
        for part in group.part or []:
            if part.name == "TriplesBlock":
                patterns += self._patterns(part.triples)
            elif part.name == "Filter":
                graphs = [exists.graph for exists in _named(part.expr, "Builtin_EXISTS", "Builtin_NOTEXISTS")]
                absent += map(self._static_body, graphs)
            elif part.name == "Bind":
                bound.add(Variable(str(part.var)))
            elif self.counts and part.name == "GroupOrUnionGraphPattern" and _is_select(part):
                counted = self._counted(part.graph[0])
                absent += counted.absent
                bound |= counted.bound
            else:
                raise self._refusal_of_part(part)
        return Body(tuple(patterns), (), tuple(absent), frozenset(bound))

    def _counted(self, query: CompValue) -> Body:
        """A sub-SELECT: what it counts is no premise of its own, so it stands among what is only asked for."""
        if not self.counts:
            raise self._refusal_of("SubSelect")
        self._check_clauses(query, ("groupby", "having"))
        names = {item.var or item.evar for item in query.projection or []}
        if not names:
            raise self._refusal(r"SELECT\s+\*", f"SELECT * in een deelvraag; noem de variabelen. {ALLOWED_COUNT}.")
        inner = self._static_body(query.where)
        return Body((), (), (inner, *inner.absent), frozenset(Variable(str(name)) for name in names))

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
        used = {variable for pattern in rule.head for variable in pattern.variables()}
        used |= {variable for expression in rule.body.filters for variable in variables(expression)}
        for variable in sorted(used - bound, key=str):
            raise self._refusal(
                re.escape(str(variable)), f"{variable} is nergens gebonden door een triple-patroon in WHERE."
            )
        known = {variable.value for variable in bound} | {"situatie"}
        for text in (*rule.explanation.values(), *rule.together.values()):
            for name in re.findall(r"\{(\w+)\}", text):
                if name not in known:
                    reason = f"de uitleg noemt {{{name}}}, maar WHERE bindt ?{name} niet."
                    raise self._header_refusal("{" + name + "}", reason)

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

    def _refusal_of_part(self, part: CompValue) -> RuleError:
        grouped = part.name == "GroupOrUnionGraphPattern" and _is_select(part)
        return self._refusal_of("SubSelect" if grouped else part.name)

    def _refusal_of(self, kind: str) -> RuleError:
        name, where = _REFUSED.get(kind, (kind, re.escape(kind)))
        return self._refusal(where, f"{name} kan niet. {self._allowed()}.")

    def _allowed(self) -> str:
        return ALLOWED if self.about_situation else ALLOWED_COUNT if self.counts else ALLOWED_STATIC

    def _refusal(self, where: str, reason: str) -> RuleError:
        """A RuleError at the first line of code that matches `where`; prefixes, IRIs, strings and comments are none."""
        code = blanked(self.text).splitlines()
        hit = next((n for n, line in enumerate(code, 1) if re.search(where, line, re.IGNORECASE)), 1)
        return RuleError(self.path, hit, reason)

    def _header_refusal(self, text: str, reason: str) -> RuleError:
        lines = enumerate(self.text.splitlines(), 1)
        return RuleError(self.path, next((n for n, line in lines if line.startswith("#@") and text in line), 1), reason)


def _named(node: Any, *names: str) -> list[CompValue]:
    """Every node of a syntax tree with one of these names, outermost first."""
    found = [node] if isinstance(node, CompValue) and node.name in names else []
    inner: Iterable[Any] = ()
    if isinstance(node, CompValue):
        inner = dict.values(node)
    elif isinstance(node, list | ParseResults):
        inner = node
    return found + [deeper for part in inner for deeper in _named(part, *names)]


def _is_select(part: CompValue) -> bool:
    return len(part.graph) == 1 and part.graph[0].name == "SubSelect"


def _unwrap(node: Any) -> Any:
    """The node inside the layers that rdflib's grammar puts around an expression without an operator."""
    while isinstance(node, CompValue) and node.name.endswith("Expression") and not node.other:
        node = node.expr
    return node
