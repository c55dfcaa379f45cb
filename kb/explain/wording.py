"""The words people read: labels filled into the explanation of a rule."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from kb.knowledge.knowledge import Knowledge
from kb.language import as_sentence, catalogue, show_day, show_measure, show_share
from kb.names import XSD, declared, local_name
from kb.program.condition import Condition
from kb.program.evaluate import Outcome
from kb.program.program import Atom, Auxiliary, GroundRule, Program
from kb.rule.expression import Value
from kb.situation.facts import Link, Node
from kb.situation.model import (
    GEMETEN_IN,
    GEMETEN_OVER,
    GEWICHT,
    GRAVEN,
    GROOTHEID,
    ONTLEEND_AAN,
    STRAAT_ONBEKEND,
    TOEGEPAST_OP,
    TOT,
    VAN,
    WAARDE,
)
from kb.situation.resolve import EENHEIDSTEKST, MAXIMAAL

_NUMERIC = {f"{XSD}{kind}" for kind in ("integer", "decimal")}
GROOTHEIDSKLASSE = declared("Grootheid")
KORTE_NAAM = declared("korteNaam")
ONTKENNING, ONTKENNING_GEHEEL = declared("ontkenning"), declared("ontkenningGeheel")


class Texts:
    """Fills explanation templates in Dutch (`nl`) or English (`en`)."""

    def __init__(self, knowledge: Knowledge, program: Program) -> None:
        self.knowledge = knowledge
        self.program = program
        self._fixed: dict[tuple[int, str], str] = {}
        self._subjects: dict[int, tuple[str, frozenset[object]]] = {}
        self._quantities: frozenset[object] = frozenset(knowledge.instances(GROOTHEIDSKLASSE))

    def rule(self, rule: GroundRule, outcome: Outcome, language: str) -> str:
        """The explanation of a fired rule, its variables filled with labels and the situation's own values."""
        key = (rule.number, language)
        if key not in self._fixed:
            own = {name: value for number in rule.positive for name, value in outcome.values(number).items()}
            text = self.fill(rule.rule.explanation[language], rule.binding | own, language)
            if own or rule.number < 0:  # one that was made to be told is not of the program
                return text
            self._fixed[key] = text
        return self._fixed[key]

    def together(self, rules: Sequence[GroundRule], language: str, most: int | None = None) -> str:
        """The explanation of several firings of one rule in one sentence: each variable filled with all it stands for.

        Of these, at most so many are named.
        """
        say = catalogue(language)

        def words(match: re.Match[str]) -> str:
            found = dict.fromkeys(self.value(rule.binding[Variable(match[1])], language) for rule in rules)
            return say.at_most([*found], most)

        return as_sentence(re.sub(r"\{(\w+)\}", words, rules[0].rule.together[language]))

    def subject(self, rule: GroundRule) -> tuple[str, frozenset[object]]:
        """What a ground rule speaks of: its name and the things that fill its variables, in whatever order."""
        key = rule.number
        if key not in self._subjects:
            self._subjects[key] = (rule.rule.slug, frozenset(rule.binding.values()))
        return self._subjects[key]

    def measured(self, node: Node, language: str) -> str:
        """A measurement as part of a sentence: what was measured, and the value."""
        quantity, value = node.values[GROOTHEID], _number(node.values[WAARDE]) or Decimal()
        return f"{_within(self.value(quantity, language))} {self.quantity(value, quantity, language)}"

    def fill(self, template: str, binding: Mapping[Variable, object], language: str) -> str:
        """A template with each {variable} replaced by what it stands for, as a sentence that begins with a capital."""

        measured = next((node for node in binding.values() if node in self._quantities), None)

        def word(match: re.Match[str]) -> str:
            value = binding.get(Variable(match[1]), match[0])
            number = _number(value) if measured is not None else None
            return self.value(value, language) if number is None else self.quantity(number, measured, language)

        return as_sentence(re.sub(r"\{(\w+)\}", word, template))

    def quantity(self, value: Decimal, grootheid: object, language: str) -> str:
        """A measured value as people write it: a share as a percentage, anything else with its unit."""
        assert isinstance(grootheid, NamedNode)
        if Decimal(self.knowledge.literal(grootheid, MAXIMAAL) or 0) == 1:
            return show_share(value, language)
        return f"{show_measure(value, language)} {self.unit(grootheid, language)}".rstrip()

    def value(self, value: object, language: str) -> str:
        """A value as people read it: a label, a number without needless zeros, a date, yes or no."""
        match value:
            case NamedNode():
                return self.knowledge.in_sentence(value, language)
            case BlankNode():
                return "…"
            case Literal() if value.datatype.value.endswith("dateTime"):
                return show_day(date.fromisoformat(value.value[:10]), language)
            case Literal():
                return value.value
            case bool():
                return catalogue(language)("yes" if value else "no")
            case Decimal():
                return f"{value.normalize():f}"
            case datetime():
                return show_day(value.date(), language)
            case _:
                return str(value)

    def triple(self, triple: Triple, language: str) -> str:
        """A statement of the knowledge base in words."""
        return " – ".join(self.value(part, language) for part in (triple.subject, triple.predicate, triple.object))

    def link(self, link: Link, language: str) -> str:
        """A statement about the situation in words: `property: individual`."""
        return f"{self.knowledge.label(link.property, language)}: {self.knowledge.label(link.object, language)}"

    def node(self, node: Node, language: str) -> str:
        """A work, measurement or priority of the situation in words."""
        values = node.values
        name = self.value(next(value for value in values.values() if isinstance(value, NamedNode)), language)
        if GROOTHEID in values:
            text = f"{name}: {self.quantity(_number(values[WAARDE]) or Decimal(), values[GROOTHEID], language)}"
            return self._filled(node, text, language) if ONTLEEND_AAN in values else text
        details = [
            f"{self.knowledge.label(predicate, language)} {self.value(values[predicate], language)}"
            for predicate in (VAN, TOT, GRAVEN, STRAAT_ONBEKEND, GEWICHT)
            if predicate in values
        ]
        return ": ".join([name, ", ".join(details)] if details else [name])

    def source(self, bron: Value) -> str:
        """The name of a source as it stands before a year."""
        assert isinstance(bron, NamedNode)
        return self.knowledge.literal(bron, KORTE_NAAM) or self.knowledge.label(bron)

    def _filled(self, node: Node, text: str, language: str) -> str:
        """A measurement that was filled in, with its source and year, and whether it is of a larger area."""
        values, say = node.values, catalogue(language)
        text = _within(text)
        told = {"source": self.source(values[ONTLEEND_AAN]), "year": values[GEMETEN_IN], "text": text}
        if TOEGEPAST_OP in values:
            return say("filled_wider", area=values[GEMETEN_OVER], **told)
        return say("filled", **told)

    def unit(self, grootheid: Value, language: str) -> str:
        """The unit of a quantity as people read it."""
        assert isinstance(grootheid, NamedNode)
        return self.knowledge.text(grootheid, EENHEIDSTEKST, language) or ""

    def condition(self, condition: Condition, language: str) -> str:
        """A question about the situation's own nodes and values in words, when nothing answers it."""
        parts = [self.knowledge.label(predicate, language) for predicate, _ in condition.plain]
        for slot in condition.slots:
            fixed = ", ".join(self.value(value, language) for _, value in slot.fixed)
            parts.append(f"{self.knowledge.label(slot.property, language)} {fixed}".rstrip())
        limits = [
            f"{local_name(predicate)} {symbol} {self.value(value, language)}"
            for predicate, symbol, value in condition.limits()
        ]
        return "; ".join([*parts, *limits])

    def absent(self, atoms: Iterable[int], language: str) -> list[str]:
        """What a NOT EXISTS found nothing of, one text a kind of thing."""
        named: dict[NamedNode, list[NamedNode]] = {}
        texts: list[str] = []
        for number in atoms:
            for atom in self._simple(self.program.atoms[number]):
                if isinstance(atom, Link):
                    named.setdefault(atom.property, []).append(atom.object)
                elif isinstance(atom, Condition):
                    texts.append(self._denied_condition(atom, language))
        texts += [self._denial(prop, objects, language) for prop, objects in named.items()]
        return list(dict.fromkeys(texts))

    def _denied_condition(self, condition: Condition, language: str) -> str:
        """That nothing of the situation answers a question, in the ontology's own words where it asks for one fixed thing."""
        if len(condition.slots) == 1 and not condition.plain and not condition.limits():
            slot = condition.slots[0]
            template = self.knowledge.text(slot.property, ONTKENNING, language)
            if template:
                return template.replace("{object}", ", ".join(self.value(value, language) for _, value in slot.fixed))
        return f"{catalogue(language)('nothing_known')} {self.condition(condition, language)}."

    def _denial(self, prop: NamedNode, objects: list[NamedNode], language: str) -> str:
        """That a situation has a property with none of these individuals, in the ontology's own words if it has them."""
        if len(objects) > 1:
            return self.knowledge.text(prop, ONTKENNING_GEHEEL, language) or (
                f"{catalogue(language)('nothing_known')} {self.knowledge.label(prop, language)}."
            )
        label = self.knowledge.label(objects[0], language)
        template = self.knowledge.text(prop, ONTKENNING, language)
        if template:
            return template.replace("{object}", label)
        return f"{catalogue(language)('nothing_known')} {self.knowledge.label(prop, language)}: {label}."

    def _simple(self, atom: Atom) -> list[Atom]:
        if not isinstance(atom, Auxiliary):
            return [atom]
        number = self.program.find(atom)
        rules = self.program.by_head.get(number, []) if number is not None else []
        return [self.program.atoms[part] for rule in rules for part in rule.positive]


def _within(text: str) -> str:
    """A text as it goes on within a sentence: an abbreviation keeps its capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _number(value: object) -> Decimal | None:
    """A number of the situation or the knowledge base; nothing for any other value."""
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Literal) and value.datatype.value in _NUMERIC:
        return Decimal(value.value)
    return None
