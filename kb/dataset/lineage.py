"""The lineage of what the rules over the knowledge added, as RDF: which rule made each statement, from which others.

    uitspraak:1f… a rdf:Statement ; rdf:subject … ; rdf:predicate … ; rdf:object … ;
        :zekerheid :afgeleid ; sh:sourceRule regel:kleving-heen ; prov:wasGeneratedBy afleiding:9c… .
    afleiding:9c… a prov:Activity ; prov:used uitspraak:07…, uitspraak:b1… .

One activity a firing, however many statements it made; a premise that was itself derived carries its own lineage, one that
was stated only its three parts (its type follows from them, and there are many). The shape is that of the lineage in an
advice (docs/decisions/0003-lineage-in-rdf.md), without its texts.
"""

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Triple

from kb.dataset.skolem import Skolem, digest
from kb.names import ID, TYPE, term
from kb.rdf.prov import ACTIVITY, CERTAINTY, GENERATED, PARTS, SOURCE_RULE, STATEMENT, USED
from kb.rule.rule import Binding, Rule


def statement_name(triple: Triple) -> NamedNode:
    """The name of the statement that a triple (without blank nodes) holds."""
    return NamedNode(f"{ID}uitspraak/{digest(str(triple))}")


def lineage_triples(
    lineage: Mapping[Triple, tuple[Rule, Binding]], skolem: Skolem, certainty: Mapping[Triple, str]
) -> list[Triple]:
    """The lineage of every derived statement, and how sure it is; its blank nodes named by `skolem`."""
    return _DerivedLineage(skolem, certainty).triples(lineage)


class _DerivedLineage:
    """Writes every statement and every firing once."""

    def __init__(self, skolem: Skolem, certainty: Mapping[Triple, str]) -> None:
        self.skolem = skolem
        self.certainty = certainty
        self.written: list[Triple] = []
        self.names: dict[Triple, NamedNode] = {}
        self.firings: dict[tuple[Rule, tuple[NamedNode, ...]], NamedNode] = {}

    def triples(self, lineage: Mapping[Triple, tuple[Rule, Binding]]) -> list[Triple]:
        for triple, (rule, binding) in lineage.items():
            name = self._statement(triple)
            premises = tuple(sorted(set(self._premises(rule, binding)), key=lambda name: name.value))
            self.written += [
                Triple(name, TYPE, STATEMENT),
                Triple(name, CERTAINTY, term(self.certainty[triple])),
                Triple(name, SOURCE_RULE, rule.iri),
                Triple(name, GENERATED, self._firing(rule, premises)),
            ]
        return self.written

    def _premises(self, rule: Rule, binding: Binding) -> Iterator[NamedNode]:
        return (self._statement(pattern.fill(binding)) for pattern in rule.body.patterns)

    def _firing(self, rule: Rule, premises: tuple[NamedNode, ...]) -> NamedNode:
        key = (rule, premises)
        if key not in self.firings:
            text = " ".join([rule.slug, *(premise.value for premise in premises)])
            activity = NamedNode(f"{ID}afleiding/{digest(text)}")
            self.firings[key] = activity
            self.written.append(Triple(activity, TYPE, ACTIVITY))
            self.written += [Triple(activity, USED, premise) for premise in premises]
        return self.firings[key]

    def _statement(self, triple: Triple) -> NamedNode:
        if triple not in self.names:
            plain = self.skolem.triple(triple)
            self.names[triple] = name = statement_name(plain)
            parts = (plain.subject, plain.predicate, plain.object)
            self.written += [Triple(name, part, value) for part, value in zip(PARTS, parts, strict=True)]
        return self.names[triple]
