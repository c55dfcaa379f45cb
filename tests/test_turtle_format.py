"""The layout of Turtle: what a file says stays, how it says it is fixed."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from kb.check.turtle_format import LayoutError, laid_out, main
from tests.conftest import ROOT

FILES = sorted((ROOT / "ontology").rglob("*.ttl"))
PREFIXES = {
    "": "https://w3id.org/wijkaanpak/def#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "id": "http://example.org/",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

names = [
    *(
        space + local
        for space in PREFIXES.values()
        for local in ("naam", "a.b", "a.", "x/y", "", "é", "annotatedSource")
    ),
    *(RDF + local for local in ("type", "first", "rest", "nil", "reifies")),
]
iris = st.sampled_from(names).map(NamedNode)
blanks = st.sampled_from([BlankNode(f"n{number}") for number in range(5)])
texts = st.text(st.sampled_from("ab\"\\\n\r\t'é # <>"), max_size=6)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, language: Literal(text, language=language), texts, st.sampled_from(["nl", "en-gb"])),
    st.builds(
        lambda text, datatype: Literal(text, datatype=NamedNode(XSD + datatype)),
        st.sampled_from(["1", "-1.5", "1.", ".5", "1e3", "true", "1x", ""]),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date"]),
    ),
)
plain = st.builds(Triple, st.one_of(iris, blanks), iris, st.one_of(iris, blanks, literals))
graphs = st.lists(
    st.builds(Triple, st.one_of(iris, blanks), iris, st.one_of(iris, blanks, literals, plain)), max_size=12
)


def canonical(turtle: str) -> Dataset:
    """The triples, with blank nodes named by what they say."""
    dataset = Dataset(parse(turtle, format=RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


@settings(max_examples=150, deadline=None)
@given(graphs)
def test_layout_keeps_the_graph_and_is_its_own_layout(triples: list[Triple]) -> None:
    turtle = (serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()
    new = laid_out(turtle)
    assert canonical(new) == canonical(turtle)
    assert laid_out(new) == new


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_layout_of_the_ontology_keeps_what_it_says(path: Path) -> None:
    turtle = path.read_text(encoding="utf-8")
    new = laid_out(turtle)
    before, after = (list(parse(text, format=RdfFormat.TURTLE)) for text in (turtle, new))
    assert len(set(before)) == len(set(after))
    named = [{q for q in quads if not _blank(q.subject) and not _blank(q.object)} for quads in (before, after)]
    assert named[0] == named[1]
    assert laid_out(new) == new


def test_layout_is_the_one_in_the_guide() -> None:
    turtle = """
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix : <https://w3id.org/wijkaanpak/def#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        [] owl:annotatedSource :b ; a owl:Axiom ; owl:annotatedTarget :c ; owl:annotatedProperty :dient ;
            :zekerheid :afgeleid .
        :b :zekerheid :gebrond ; :verwijzing [ :plaatsInBron "bladzijde 1"@nl ; :bron :poster ] ; :dient :d , :c ; :jaar 2020 ;
            skos:definition "Een tekst die zo lang is dat zij met de andere niet op één regel past."@nl,
                "A text in English."@en ; a :Opgave ; skos:prefLabel "b"@nl, "b"@en .
        :a a :Opgave .
    """
    assert laid_out(turtle) == (
        "PREFIX : <https://w3id.org/wijkaanpak/def#>\n"
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n\n"
        ":b a :Opgave ;\n"
        '    skos:prefLabel "b"@nl, "b"@en ;\n'
        '    skos:definition "Een tekst die zo lang is dat zij met de andere niet op één regel past."@nl,\n'
        '        "A text in English."@en ;\n'
        "    :dient :c, :d ;\n"
        "    :jaar 2020 ;\n"
        "    :zekerheid :gebrond ;\n"
        '    :verwijzing [ :bron :poster ; :plaatsInBron "bladzijde 1"@nl ] .\n\n'
        "[] a owl:Axiom ;\n"
        "    owl:annotatedSource :b ;\n"
        "    owl:annotatedProperty :dient ;\n"
        "    owl:annotatedTarget :c ;\n"
        "    :zekerheid :afgeleid .\n\n"
        ":a a :Opgave .\n"
    )


def test_comment_is_refused_with_its_line_but_a_hash_in_a_name_or_text_is_not() -> None:
    with pytest.raises(LayoutError, match="regel 2: een opmerking"):
        laid_out('<http://e/a#b> <http://e/p> "x # y" .\n# kijk\n')
    assert laid_out("<http://e/a#b> <http://e/p> '''x \n# y''' .") == '<http://e/a#b> <http://e/p> """x \n# y""" .\n'


def test_check_names_the_file_and_the_command_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<http://e/a>   a <http://e/b> .", encoding="utf-8")
    assert main(["--controleer", str(tmp_path)]) == 1
    assert f"python -m kb.check.turtle_format {path}" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8") == "<http://e/a>   a <http://e/b> ."
    assert main([str(tmp_path)]) == 0
    assert main(["--controleer", str(tmp_path)]) == 0
    path.write_text("<http://e/a> a ;", encoding="utf-8")
    assert main([str(path)]) == 1
    assert f"{path}: " in capsys.readouterr().out


def _blank(term: object) -> bool:
    return isinstance(term, BlankNode)
