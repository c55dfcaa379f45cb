"""What a statement rests on: its own axiom, else the basis of its property, else the basis of its subject."""

from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from kb.check.knowledge import check_bases
from kb.check.turtle_files import TurtleFiles
from kb.knowledge.derive import derive
from kb.knowledge.knowledge import Knowledge
from kb.names import BASE, DEF, term

TURTLE = f"""PREFIX : <{DEF}>
PREFIX bron: <{BASE}id/bron/>
PREFIX instrument: <{BASE}id/instrument/>
PREFIX opgave: <{BASE}id/opgave/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
instrument:lening a :Instrument ;
    :helptOpgave opgave:isoleren, opgave:warmte ;
    :bedrag "5 euro"@nl ;
    :zekerheid :gebrond ; :verwijzing [ :bron bron:wet ; :plaatsInBron "artikel 1"@nl ] .
[] a :Onderbouwing ; :onderbouwtOnderwerp instrument:lening ; :onderbouwtEigenschap :helptOpgave, :vereist ;
    :zekerheid :afgeleid ; :verwijzing [ :bron bron:gids ; :plaatsInBron "pagina 2"@nl ] .
[] a owl:Axiom ; owl:annotatedSource instrument:lening ; owl:annotatedProperty :helptOpgave ;
    owl:annotatedTarget opgave:warmte ;
    :zekerheid :aanname ; :verwijzing [ :bron bron:blad ; :plaatsInBron "kop"@nl ] .
"""


def loaded() -> Knowledge:
    """The knowledge above."""
    store = Store()
    store.load(TURTLE.encode(), RdfFormat.TURTLE)
    return derive(store, [])


def rests_on(prop: str, value: NamedNode) -> tuple[str, list[str]]:
    """The certainty and sources of one statement about the loan."""
    basis = loaded().basis(Triple(NamedNode(f"{BASE}id/instrument/lening"), term(prop), value))
    assert basis is not None
    return basis.certainty, [citation.source for citation in basis.citations]


def test_statement_rests_on_the_basis_of_its_property() -> None:
    assert rests_on("helptOpgave", NamedNode(f"{BASE}id/opgave/isoleren")) == ("afgeleid", ["bron/gids"])


def test_axiom_about_one_statement_goes_before_the_basis_of_its_property() -> None:
    assert rests_on("helptOpgave", NamedNode(f"{BASE}id/opgave/warmte")) == ("aanname", ["bron/blad"])


def test_other_statement_rests_on_what_its_subject_rests_on() -> None:
    assert rests_on("opSchaal", NamedNode(f"{BASE}id/schaalniveau/wijk")) == ("gebrond", ["bron/wet"])


def test_basis_of_what_is_not_said_or_said_twice_is_found(tmp_path: Path) -> None:
    (tmp_path / "kennis").mkdir()
    more = (
        "[] a :Onderbouwing ; :onderbouwtOnderwerp instrument:lening ; :onderbouwtEigenschap :bedrag, :helptOpgave ;\n"
        '    :zekerheid :afgeleid ; :verwijzing [ :bron bron:gids ; :plaatsInBron "pagina 2"@nl ] .\n'
    )
    (tmp_path / "kennis" / "proef.ttl").write_text(TURTLE + more)
    found = {finding.message: finding.line for finding in check_bases(TurtleFiles(tmp_path))}
    assert found == {
        ":vereist van instrument/lening wordt onderbouwd maar staat er niet.": 6,
        ":helptOpgave van instrument/lening wordt twee keer onderbouwd; houd een van de twee.": 6,
    }
