"""Why: proof trees of what holds, shortest first."""

import heapq
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice, product

from pyoxigraph import NamedNode, Triple

from kb.explain.wording import Texts
from kb.knowledge.knowledge import PREF_LABEL, Knowledge
from kb.names import OWL, RDFS, TYPE, short
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.program.program import GroundRule
from kb.rule.expression import Term
from kb.rule.rule import SITUATION, Binding, Citation, Rule
from kb.situation.facts import Link, Node
from kb.situation.model import GEMETEN_IN, GEMETEN_OVER, ONTLEEND_AAN, TOEGEPAST_OP

# Premises that say only what something is called or what a word means: they add length to a proof, not reason.
_TRIVIAL = {TYPE, PREF_LABEL, *(NamedNode(name) for name in (RDFS + "subPropertyOf", OWL + "inverseOf"))}

# A negated conclusion that more rules than this could derive is left as a leaf.
MOST_REFUTED = 8


@dataclass(frozen=True)
class Proof:
    """A proof tree.

    `kind` is `regel` (a rule fired on the premises), `situatie` (stated), `gegevens` (filled in from a public source, which
    it cites), `kennis` (stated in the knowledge base) or
    `niets-bekend` (the closed world: nothing is known that says otherwise). `certainty` and `citations` say what this
    step rests on; a stated fact and a closed-world leaf rest on the asker.
    """

    kind: str
    text: str
    conclusion: str | None = None
    rule: str | None = None
    certainty: str | None = None
    citations: tuple[Citation, ...] = ()
    premises: tuple["Proof", ...] = ()

    @property
    def size(self) -> int:
        """The number of rules and stated facts about the situation; what is known or absent adds none."""
        about = [premise for premise in self.premises if premise.kind in ("situatie", "gegevens") or premise.conclusion]
        return 1 + sum(premise.size for premise in about)

    @property
    def assumes(self) -> bool:
        """Whether some step rests on an assumption."""
        return self.certainty == "aanname" or any(premise.assumes for premise in self.premises)

    def uses(self, conclusion: str) -> bool:
        """Whether some step concludes this."""
        return self.conclusion == conclusion or any(premise.uses(conclusion) for premise in self.premises)

    def rules(self) -> set[str]:
        """The slugs of all rules that some step goes by."""
        own = {self.rule} if self.rule is not None else set()
        return own.union(*(premise.rules() for premise in self.premises))

    def sources(self) -> set[Citation]:
        """Every source the proof comes down to."""
        return set(self.citations).union(*(premise.sources() for premise in self.premises))


class Prover:
    """Builds proofs about one outcome in one language."""

    def __init__(self, knowledge: Knowledge, texts: Texts, outcome: Outcome, language: str = "nl") -> None:
        self.knowledge = knowledge
        self.texts = texts
        self.outcome = outcome
        self.program = outcome.program
        self.language = language

    def shortest(self, link: Link) -> Proof | None:
        """The proof with the fewest steps, or None when the link does not hold."""
        number = self.program.find(link)
        if number is None or not self.outcome.true[number]:
            return None
        return self._build(number, self._best_rules(number, whole=False))

    def proofs(self, link: Link, limit: int = 25) -> list[Proof]:
        """Proofs without repetition on any branch, shortest first; at most `limit`.

        Every rule that fired for the conclusion is among them before any second way to prove a premise.
        """
        number = self.program.find(link)
        if number is None or not self.outcome.true[number]:
            return []
        best = self._best_rules(number, whole=True)
        direct = [self._stated(number)] if number in self.outcome.stated else []
        for rule in self._firings(number):
            premises = [self._build(atom, best) for atom in rule.positive]
            if not any(premise.uses(conclusion_key(link)) for premise in premises):
                direct.append(self._apply(rule, premises))
        deeper = islice(self._all(number, frozenset()), limit * 4)
        distinct = dict.fromkeys([*direct, *deeper])
        return sorted(distinct, key=lambda proof: proof.size)[:limit]

    def _firings(self, number: int) -> list[GroundRule]:
        return self.outcome.firings(number)

    def _best_rules(self, goal: int, *, whole: bool) -> dict[int, GroundRule | None]:
        """For every atom the goal can rest on, the rule of its smallest proof, or None for what is stated (Knuth 1977).

        Stops at the goal unless `whole`.
        """
        return self._smallest(self._reachable(goal), None if whole else goal)

    def best_rules(self) -> dict[int, GroundRule | None]:
        """For every atom that holds, the rule of its smallest proof, or None for what is stated; smallest first."""
        return self._smallest(sorted({*self.outcome.stated, *self.outcome.fired}))

    def _smallest(self, reachable: list[int], goal: int | None = None) -> dict[int, GroundRule | None]:
        # Knuth's generalisation of Dijkstra's algorithm to rules: atoms come off the queue in order of the size of their
        # proofs. A proof by a rule costs more than each of its premises, so when an atom comes off, nothing that is still
        # to come can prove it with less; and as a rule enters the queue only when its last premise has come off, each
        # cost is made of final ones. Premises shared by two branches count in both: it is the tree that is measured.
        waiting: dict[int, int] = {}
        watchers: dict[int, list[GroundRule]] = {}
        queue: list[tuple[int, int, int, GroundRule | None]] = []
        for atom in reachable:
            if atom in self.outcome.stated:
                heapq.heappush(queue, (1, len(queue), atom, None))
            for rule in self._firings(atom):
                waiting[rule.number] = len(set(rule.positive))
                for premise in set(rule.positive):
                    watchers.setdefault(premise, []).append(rule)
                if not rule.positive:
                    heapq.heappush(queue, (1, len(queue), atom, rule))
        size: dict[int, int] = {}
        best: dict[int, GroundRule | None] = {}
        counter = len(queue)
        while queue:
            cost, _, atom, by = heapq.heappop(queue)
            if atom in size:
                continue
            size[atom], best[atom] = cost, by
            if atom == goal:
                break
            for rule in watchers.get(atom, ()):
                waiting[rule.number] -= 1
                if not waiting[rule.number]:
                    counter += 1
                    total = 1 + sum(size[premise] for premise in rule.positive)
                    heapq.heappush(queue, (total, counter, rule.head, rule))
        return best

    def _reachable(self, goal: int) -> list[int]:
        seen = {goal: None}
        todo = [goal]
        while todo:
            for rule in self._firings(todo.pop()):
                for atom in rule.positive:
                    if atom not in seen:
                        seen[atom] = None
                        todo.append(atom)
        return list(seen)

    def _build(self, atom: int, best: dict[int, GroundRule | None]) -> Proof:
        rule = best[atom]
        if rule is None:
            return self._stated(atom)
        return self._apply(rule, [self._build(premise, best) for premise in rule.positive])

    def _all(self, atom: int, above: frozenset[int]) -> Iterator[Proof]:
        if atom in self.outcome.stated:
            yield self._stated(atom)
        for rule in self._firings(atom):
            below = above | {atom}
            if below & set(rule.positive):
                continue
            ways = [list(islice(self._all(premise, below), 8)) for premise in rule.positive]
            for premises in product(*ways):
                yield self._apply(rule, list(premises))

    def _apply(self, rule: GroundRule, premises: list[Proof]) -> Proof:
        head = self.program.atoms[rule.head]
        known = self._knowledge_premises(rule)
        absent = self._absent(rule.negative, frozenset())
        return Proof(
            "regel",
            self.texts.rule(rule, self.outcome, self.language),
            conclusion_key(head) if isinstance(head, Link) else None,
            rule.rule.slug,
            rule.rule.certainty,
            rule.rule.citations,
            (*premises, *known, *absent),
        )

    def _absent(self, negative: tuple[int, ...], above: frozenset[int]) -> list[Proof]:
        """Why nothing is known of the negated atoms: for each, what stands in the way of every rule that could derive it."""
        few = [
            atom
            for atom in negative
            if 0 < len(self.program.by_head.get(atom, ())) <= MOST_REFUTED and len(negative) == 1
        ]
        rest = tuple(atom for atom in negative if atom not in few)
        proofs = [self._refutation(atom, above) for atom in few]
        return proofs + [Proof("niets-bekend", text) for text in self.texts.absent(rest, self.language)]

    def _refutation(self, atom: int, above: frozenset[int]) -> Proof:
        premises: list[Proof] = []
        for rule in self.program.by_head[atom]:
            blocking = next((other for other in rule.negative if self.outcome.true[other]), None)
            missing = [other for other in rule.positive if not self.outcome.true[other]]
            if blocking is not None:
                premises.append(self._build(blocking, self._best_rules(blocking, whole=False)))
            elif missing and missing[0] not in above and missing[0] in self.program.by_head:
                premises += self._absent((missing[0],), above | {atom})
        text = self.texts.absent((atom,), self.language)[0]
        return Proof("niets-bekend", text, premises=tuple(dict.fromkeys(premises)))

    def _stated(self, number: int) -> Proof:
        atom = self.program.atoms[number]
        if isinstance(atom, Link):
            return Proof("situatie", self.texts.link(atom, self.language), conclusion_key(atom))
        assert isinstance(atom, Condition)
        witness = next(atom.witnesses(self.outcome.facts))
        values = [self.texts.node(node, self.language) for node in witness.values()]
        plain = self.outcome.facts.values
        for predicate, _ in atom.plain:
            name = self.knowledge.label(predicate, self.language)
            values.append(f"{name}: {self.texts.value(plain[predicate], self.language)}")
        filled = [node for node in witness.values() if ONTLEEND_AAN in node.values]
        if not filled:
            return Proof("situatie", "; ".join(values))
        wider = any(TOEGEPAST_OP in node.values for node in filled)
        citations = dict.fromkeys(map(_citation, filled))
        return Proof("gegevens", "; ".join(values), None, None, "afgeleid" if wider else "gebrond", tuple(citations))

    def _knowledge_premises(self, rule: GroundRule) -> list[Proof]:
        own = self.program.own_variables(rule.rule)
        return self._filled(rule.rule, rule.binding, own, frozenset())

    def _filled(self, rule: Rule, binding: Binding, own: AbstractSet[Term], above: frozenset[Triple]) -> list[Proof]:
        premises = [triple for triple in knowledge_premises(rule, binding, own) if triple not in above]
        return list(dict.fromkeys(self._known(triple, above) for triple in premises))

    def _known(self, triple: Triple, above: frozenset[Triple]) -> Proof:
        derivation = self.knowledge.lineage.get(triple)
        if derivation is None:
            basis = self.knowledge.basis(triple)
            certainty, citations = (basis.certainty, basis.citations) if basis else (None, ())
            return Proof("kennis", self.texts.triple(triple, self.language), certainty=certainty, citations=citations)
        rule, binding = derivation
        premises = self._filled(rule, binding, set(), above | {triple})
        text = self.texts.fill(rule.explanation[self.language], binding, self.language)
        return Proof("regel", text, None, rule.slug, rule.certainty, rule.citations, tuple(premises))


def _citation(filled: Node) -> Citation:
    """The source of a measurement that was filled in, and which row of it."""
    bron = filled.values[ONTLEEND_AAN]
    assert isinstance(bron, NamedNode)
    return Citation(short(bron), f"{filled.values[GEMETEN_OVER]}, {filled.values[GEMETEN_IN]}")


def knowledge_premises(rule: Rule, binding: Binding, own: AbstractSet[Term]) -> Iterator[Triple]:
    """The statements of the knowledge base that a firing uses; `own` are the variables for the situation's nodes."""
    for pattern in rule.body.patterns:
        if pattern.subject != SITUATION and pattern.subject not in own and pattern.predicate not in _TRIVIAL:
            yield pattern.fill(binding)


def conclusion_key(link: Link) -> str:
    """The key by which a conclusion is asked for: `property/soort/slug`."""
    return f"{short(link.property)}/{short(link.object)}"
