"""Ground the situation rules against the knowledge: every rule becomes propositional rules about one situation.

Oxigraph answers the rules' knowledge patterns. What a situation could state or the rules could derive is added to a copy
of the knowledge as triples about one imaginary situation for which everything is possible; a rule's solutions over that
copy, its negations and conditions left out, are exactly the ways in which it can ever fire.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Store, Variable

from kb.errors import RuleError
from kb.knowledge.knowledge import Knowledge, bindings
from kb.knowledge.vocabulary import Vocabulary
from kb.names import RDFS, SITUATIE, TYPE, show
from kb.program.condition import make_conditions
from kb.program.program import Atom, Auxiliary, Program
from kb.rule.expression import Expression, Term, substitute, to_sparql, value_of, variables
from kb.rule.rule import SITUATION, Binding, Body, Pattern, Rule
from kb.rule.strata import heads, is_recursive, line_of, stratify
from kb.situation.facts import Link

POSSIBLE = NamedNode("urn:wijkaanpak:mogelijk")
RECENT = NamedNode("urn:wijkaanpak:pas-mogelijk")


@dataclass(frozen=True)
class Parts:
    """A body sorted by what answers it: the knowledge, the possible links, or the situation's own nodes and values."""

    static: tuple[Pattern, ...]
    links: tuple[Pattern, ...]
    own: tuple[Pattern, ...]
    filters: tuple[Expression, ...]
    own_filters: tuple[Expression, ...]


def ground(knowledge: Knowledge, vocabulary: Vocabulary, rules: list[Rule]) -> Program:
    """The program that derives about any situation what the rules derive.

    Errors: RuleError for a cycle through negation, or for patterns that mix a situation's own values wrongly.
    """
    return _Grounder(knowledge, vocabulary, rules).run()


class _Grounder:
    def __init__(self, knowledge: Knowledge, vocabulary: Vocabulary, rules: list[Rule]) -> None:
        self.vocabulary = vocabulary
        self.groups = stratify(rules)
        self.program = Program(own_nodes=vocabulary.own_nodes)
        self.personal = _personal(knowledge, vocabulary)
        self.individual_ranges: dict[Term, NamedNode] = {
            prop: cls for prop, cls in vocabulary.ranges.items() if prop not in vocabulary.own_nodes
        }
        self.same: dict[Any, Any] = {}
        self.possible = Store()
        self.possible.bulk_extend(knowledge.store.quads_for_pattern(None, None, None, None))
        for prop, individuals in vocabulary.inputs.items():
            for individual in individuals:
                self.program.inputs.add(self.program.number(Link(prop, individual)))
                self.possible.add(Quad(POSSIBLE, prop, individual))

    def run(self) -> Program:
        for index, group in enumerate(self.groups):
            # A group runs in an odd stratum. The even one before it is for the auxiliaries of its negations: these rest
            # on earlier groups only (stratification), and are settled before any rule of the group asks for them.
            stratum = 2 * index + 1
            if is_recursive(group):
                self.program.recursive.add(stratum)
            self._ground_group(group, stratum)
        return self.program

    def _ground_group(self, group: list[Rule], stratum: int) -> None:
        """Ground a group to fixpoint: its rules may make possible what they themselves ask for.

        After the first round only what became possible in the round before can make a rule fire in a new way.
        """
        seen: dict[Rule, set[tuple[object, ...]]] = {rule: set() for rule in group}
        derived = {prop for rule in group for prop in heads(rule)}
        recent: list[Quad] | None = None
        while recent is None or recent:
            new: dict[Link, None] = {}
            for rule in group:
                for head in self._ground_rule(rule, stratum, seen[rule], None if recent is None else derived):
                    if Quad(POSSIBLE, *head) not in self.possible:
                        new[head] = None
            for quad in recent or []:
                self.possible.remove(quad)
            self.possible.extend(Quad(POSSIBLE, *head) for head in new)
            recent = [Quad(RECENT, *head) for head in new] if stratum in self.program.recursive else []
            self.possible.extend(recent)

    def _ground_rule(
        self, rule: Rule, stratum: int, seen: set[tuple[object, ...]], derived: set[NamedNode] | None
    ) -> Iterable[Link]:
        """Ground one rule; with `derived`, only where some link by one of these properties has just become possible."""
        parts = self._sort(rule, rule.body)
        absent = [self._sort(rule, body) for body in rule.body.absent]
        self._check_apart(rule, parts, absent)
        static_absent = [part for part in absent if not part.links and not part.own]
        mixed_absent = [part for part in absent if part.links or part.own]
        queries = self._queries(parts, static_absent, derived)
        if not queries:
            return []
        inner = [self._matches(parts, part) for part in mixed_absent]
        made = []
        # In order, so that an advice does not depend on the order in which a store gives its triples.
        found = [self._shared(binding) for query in queries for binding in bindings(self.possible, query)]
        for key, binding in sorted(((_key(binding), binding) for binding in found), key=_order):
            if key in seen:
                continue
            seen.add(key)
            positive = self._atoms(rule, parts, binding)
            negative = [
                atom
                for number, (part, matches) in enumerate(zip(mixed_absent, inner, strict=True))
                for atom in self._absent_atoms(rule, number, part, matches.get(_key(binding), []), stratum - 1)
            ]
            for pattern in rule.head:
                head = _link(pattern, binding)
                if not isinstance(head.object, NamedNode):
                    reason = f"{pattern.object} is een waarde of hoort bij de situatie; leid een individu af."
                    raise RuleError(rule.path, line_of(rule, "CONSTRUCT"), reason)
                made.append(head)
                number = self.program.number(head)
                self.program.add(number, positive, negative, stratum, rule, binding)
        return made

    def _shared(self, binding: Binding) -> Binding:
        """The binding with each term kept once for the whole program, as a store makes every answer of new ones."""
        same = self.same.setdefault
        return {same(name, name): same(value, value) for name, value in binding.items()}

    def _sort(self, rule: Rule, body: Body) -> Parts:
        nodes = {p.object for p in body.patterns if p.subject == SITUATION and p.predicate in self.vocabulary.own_nodes}
        links, own, static = [], [], []
        for pattern in body.patterns:
            if pattern.subject == SITUATION and pattern.predicate == TYPE:
                continue  # true of every situation
            if pattern.subject in nodes or (pattern.subject == SITUATION and self._is_own(pattern.predicate)):
                self._check_own(rule, pattern)
                own.append(pattern)
            elif pattern.subject == SITUATION:
                links.append(pattern)
            else:
                self._check_static(rule, pattern)
                static.append(pattern)
        for variable in sorted({v for f in body.filters for v in variables(f)} & {*nodes, SITUATION}, key=str):
            reason = f"{variable} in een FILTER; vergelijk de waarden ervan, niet de situatie of haar deel zelf."
            raise RuleError(rule.path, line_of(rule, "FILTER"), reason)
        known = {v for p in [*static, *links] for v in p.variables()} | set(self._ranged(own, nodes))
        loose = {v for p in own for v in p.variables()} - known
        own_filters = [f for f in body.filters if set(variables(f)) & loose]
        filters = [f for f in body.filters if not set(variables(f)) & loose]
        return Parts(tuple(static), tuple(links), tuple(own), tuple(filters), tuple(own_filters))

    def _is_own(self, prop: object) -> bool:
        """Whether a property of the situation leads to an own node or a value, and not to a known individual."""
        return prop in self.vocabulary.own_nodes or prop in self.vocabulary.values

    def _check_apart(self, rule: Rule, outer: Parts, absent: list[Parts]) -> None:
        """A NOT EXISTS may not speak of the situation's own nodes and values that the rule itself binds."""
        own = {variable for pattern in outer.own for variable in pattern.variables()} - {SITUATION}
        own -= {variable for pattern in [*outer.static, *outer.links] for variable in pattern.variables()}
        own -= set(self._ranged(list(outer.own), {pattern.subject for pattern in outer.own}))
        for part in absent:
            patterns = [*part.static, *part.links, *part.own]
            shared = own & {variable for pattern in patterns for variable in pattern.variables()}
            shared |= own & {variable for f in [*part.filters, *part.own_filters] for variable in variables(f)}
            for variable in sorted(shared, key=str):
                reason = f"{variable} is van de situatie zelf en kan niet binnen én buiten NOT EXISTS staan."
                raise RuleError(rule.path, line_of(rule, "NOT EXISTS"), reason)

    def _check_own(self, rule: Rule, pattern: Pattern) -> None:
        if not isinstance(pattern.predicate, NamedNode):
            name = str(pattern.predicate)
            reason = f"de eigenschap {name} van {pattern.subject} moet vast staan, geen variabele."
            raise RuleError(rule.path, line_of(rule, name), reason)
        if pattern.predicate == TYPE:
            reason = f"de klasse van {pattern.subject} ligt vast door de eigenschap die ernaar leidt; laat haar weg."
            raise RuleError(rule.path, line_of(rule, f"{pattern.subject} a "), reason)

    def _check_static(self, rule: Rule, pattern: Pattern) -> None:
        """A pattern about the knowledge may not match what is stated or derived about the situation."""
        if not isinstance(pattern.predicate, NamedNode) or pattern.predicate in self.personal:
            name = show(pattern.predicate, ":")
            reason = f"{pattern.subject} {name} kan ook op de situatie slaan; begin met ?situatie of haar deel."
            raise RuleError(rule.path, line_of(rule, f"{pattern.subject} {name}"), reason)

    def _check_value(self, rule: Rule, pattern: Pattern) -> None:
        """A number, date or node of the situation is matched by a FILTER: as a term, 1 and 1.0 are not the same."""
        value = pattern.object
        plain = pattern.subject == SITUATION and not isinstance(value, Variable)
        if plain or (isinstance(value, Literal) and not isinstance(value_of(value), bool)):
            name = show(pattern.predicate, ":")
            reason = f"{name} met de vaste waarde {show(value, ':')}; zet er een variabele en vergelijk met FILTER."
            raise RuleError(rule.path, line_of(rule, name), reason)

    def _ranged(self, own: list[Pattern], nodes: AbstractSet[Term]) -> list[Variable]:
        """The variables at the end of an object property of the situation's own nodes: they stand for individuals."""
        return [
            pattern.object
            for pattern in own
            if pattern.subject in nodes
            and isinstance(pattern.object, Variable)
            and pattern.predicate in self.vocabulary.ranges
        ]

    def _queries(self, parts: Parts, static_absent: list[Parts], derived: set[NamedNode] | None) -> list[str]:
        """The queries for a rule's bindings: one, or one for each link that may just have become possible."""
        if derived is None:
            return [self._query(parts, static_absent)]
        changed = [pattern for pattern in parts.links if pattern.predicate in derived]
        return [self._query(parts, static_absent, recent=pattern) for pattern in changed]

    def _query(
        self, parts: Parts, static_absent: list[Parts], more: Parts | None = None, recent: Pattern | None = None
    ) -> str:
        lines = self._lines(parts, recent) + (self._lines(more) if more else [])
        lines += [f"FILTER NOT EXISTS {{ {' '.join(self._lines(part))} }}" for part in static_absent]
        return "SELECT DISTINCT * WHERE { " + " ".join(lines) + " }"

    def _lines(self, parts: Parts, recent: Pattern | None = None) -> list[str]:
        lines = [str(pattern) for pattern in parts.static]
        for pattern in parts.links:
            subject = RECENT if pattern is recent else POSSIBLE
            lines.append(str(Pattern(subject, pattern.predicate, pattern.object)))
        for pattern in parts.own:
            cls = self.individual_ranges.get(pattern.predicate)
            if cls is not None and isinstance(pattern.object, Variable):
                lines.append(f"{pattern.object} {TYPE} {cls} .")
        return lines + [f"FILTER {to_sparql(expression)}" for expression in parts.filters]

    def _atoms(self, rule: Rule, parts: Parts, binding: Binding) -> list[int]:
        links = [_link(pattern, binding) for pattern in parts.links]
        own = [Pattern(p.subject, p.predicate, _filled(p.object, binding)) for p in parts.own]
        for pattern in own:
            self._check_value(rule, pattern)
        filters = [substitute(expression, binding) for expression in parts.own_filters]
        conditions = make_conditions(own, filters, self.vocabulary.own_nodes) if own else []
        atoms: list[Atom] = [*links, *conditions]
        return list(dict.fromkeys(map(self.program.number, atoms)))

    def _matches(self, outer: Parts, inner: Parts) -> dict[tuple[object, ...], list[Binding]]:
        """The matches of a NOT EXISTS in order, by the binding of the rule around it."""
        names = {variable for pattern in [*outer.static, *outer.links] for variable in pattern.variables()}
        names |= set(self._ranged(list(outer.own), {pattern.subject for pattern in outer.own}))
        names.discard(SITUATION)
        found: dict[tuple[object, ...], list[Binding]] = {}
        for match in sorted(bindings(self.possible, self._query(outer, [], inner)), key=_in_order):
            found.setdefault(_key({name: match[name] for name in names if name in match}), []).append(match)
        return found

    def _absent_atoms(self, rule: Rule, number: int, part: Parts, matches: list[Binding], stratum: int) -> list[int]:
        """The atoms that must all be false for the n-th NOT EXISTS of a rule to hold, given the rule's binding."""
        negative = []
        for match in matches:
            atoms = self._atoms(rule, part, match)
            if len(atoms) == 1:
                negative.append(atoms[0])
            else:
                auxiliary = Auxiliary(rule.slug, number, tuple(str(value) for value in match.values()))
                head = self.program.number(auxiliary)
                self.program.add(head, atoms, (), stratum, rule, match)
                negative.append(head)
        return list(dict.fromkeys(negative))


def _personal(knowledge: Knowledge, vocabulary: Vocabulary) -> set[NamedNode]:
    """The properties of situations and of their own nodes."""
    classes = {SITUATIE, *(vocabulary.ranges[prop] for prop in vocabulary.own_nodes)}
    domain = NamedNode(RDFS + "domain")
    return {
        triple.subject
        for cls in classes
        for triple in knowledge.triples(predicate=domain, object=cls)
        if isinstance(triple.subject, NamedNode)
    }


def _link(pattern: Pattern, binding: Binding) -> Link:
    """What a pattern with a fixed property says of the situation under a binding."""
    assert isinstance(pattern.predicate, NamedNode)
    return Link(pattern.predicate, _filled(pattern.object, binding))


def _filled(part: Term, binding: Binding) -> Any:
    return binding.get(part, part) if isinstance(part, Variable) else part


def _key(binding: Binding) -> tuple[object, ...]:
    return tuple(binding[variable] for variable in sorted(binding, key=str))


def _in_order(binding: Binding) -> tuple[str, ...]:
    return tuple(map(str, _key(binding)))


def _order(keyed: tuple[tuple[object, ...], Binding]) -> tuple[str, ...]:
    return tuple(map(str, keyed[0]))
