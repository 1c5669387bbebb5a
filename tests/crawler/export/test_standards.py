"""Exports against the standards that they follow, as their documentation has them."""

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from crawler.model.citation import cite
from tests.crawler.archives import article
from tests.crawler.export.exported import FULL, ROWS, SITE, exported

_TEI = {"t": "http://www.tei-c.org/ns/1.0"}
_XML = "{http://www.w3.org/XML/1998/namespace}"

# The part of the IPTC's schema of ninjs 3.1 that an export uses: what passes here passes there. The
# file itself is in no registry of packages.
_TEXT = {"type": "string"}
_URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$"}
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}


def closed(required: list[str], **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def many(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_VALUES = many(closed(["value"], role=_TEXT, contentType=_TEXT, value=_TEXT))
_KIND = {"enum": ["text", "video", "picture"]}
NINJS = closed(
    ["uri"],
    uri=_URI,
    type=_KIND,
    standard=closed([], name=_TEXT, version=_TEXT, schema=_URI),
    version=_TEXT,
    pubStatus={"enum": ["usable", "withheld", "canceled"]},
    language=_TEXT,
    firstCreated=_TIME,
    versionCreated=_TIME,
    copyrightHolder=_TEXT,
    usageTerms=_TEXT,
    edNote=_TEXT,
    headlines=_VALUES,
    descriptions=_VALUES,
    bodies=_VALUES,
    by=_TEXT,
    people=many(closed([], name=_TEXT, rel=_TEXT)),
    infoSources=many(closed([], name=_TEXT, role=_TEXT)),
    subjects=many(closed([], name=_TEXT, rel=_TEXT, literal=_TEXT)),
    altIds=many(closed([], role=_TEXT, value=_TEXT)),
    associations=many(
        closed(
            ["name", "uri"],
            name=_TEXT, uri=_URI, rel=_TEXT, type=_KIND, by=_TEXT, descriptions=_VALUES,
        )
    ),
)  # fmt: skip

# Properties of NewsArticle and what it inherits, by schema.org.
NEWS_ARTICLE = {
    *("@type", "@id", "identifier", "url", "version", "creativeWorkStatus", "inLanguage"),
    *("headline", "description", "articleBody", "articleSection", "keywords", "datePublished"),
    *("dateModified", "author", "contributor", "translator", "publisher", "creditText"),
    *("sourceOrganization", "archivedAt", "usageInfo", "image", "video", "workTranslation"),
}


def ninjs() -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported("ninjs").splitlines()]


def test_each_line_of_ninjs_is_valid_by_the_standard() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    for item in ninjs():
        jsonschema.validate(item, NINJS)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(ninjs()[0] | {"headline": "not of 3.x"}, NINJS)


def test_ninjs_has_the_fields_that_it_can_hold() -> None:
    item = ninjs()[0]
    assert item["uri"] == "https://wire.example/posts/k%D1%9Eprik_1"
    assert item["headlines"][0]["value"] == FULL.title
    assert item["descriptions"][0]["value"] == FULL.summary
    assert item["bodies"] == [{"contentType": "text/plain", "value": FULL.body}]
    assert (item["firstCreated"], item["versionCreated"]) == (FULL.published_at, FULL.modified_at)
    assert [each["rel"] for each in item["people"]] == ["author", "photo", "translator", "video"]
    assert [each.get("literal") for each in item["subjects"]] == ["economy_4", "water", None]
    assert [each["rel"] for each in item["associations"]] == ["picture", "video", "translation"]
    assert item["usageTerms"] == "tdm-reservation: 1"
    assert item["altIds"][0] == {"role": "id", "value": "uza:1"}


def test_ninjs_makes_up_no_time_and_says_what_is_gone() -> None:
    bare, pictures, gone, withdrawn = ninjs()[1:]
    assert "firstCreated" not in bare
    assert (bare["type"], pictures["type"]) == ("text", "picture")
    assert (gone["pubStatus"], withdrawn["pubStatus"]) == ("canceled", "withheld")


def test_json_ld_is_one_graph_of_news_articles() -> None:
    document = json.loads(exported("jsonld"))
    assert document["@context"] == "https://schema.org"
    full, bare, *_ = document["@graph"]
    assert [each["@id"] for each in document["@graph"]] == ["uza:1", "uza:2", "uza:3", "uza:4"]
    for each in document["@graph"]:
        assert each.keys() <= NEWS_ARTICLE
        assert each["publisher"] == {"@type": "Organization", "name": "wire.example", "url": SITE}
    assert full.keys() == NEWS_ARTICLE - {"creativeWorkStatus"}
    assert (full["headline"], full["articleBody"]) == (FULL.title, FULL.body)
    assert full["author"] == [{"@type": "Person", "name": "Nodira Tolzorova"}]
    assert full["usageInfo"] == [{"@type": "CreativeWork", "name": "tdm-reservation: 1"}]
    assert bare["datePublished"] == "2024-05-01"
    content = {"@type": "PropertyValue", "propertyID": "content_hash", "value": FULL.content_hash}
    assert full["identifier"] == ["uza:1", content]
    assert document["@graph"][3]["creativeWorkStatus"] == "gone"


def test_json_ld_has_only_properties_that_schema_org_gives_each_type() -> None:
    vocabulary = pytest.importorskip("msgspec_schemaorg.models")

    def check(value: Any) -> None:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                known = getattr(vocabulary, each["@type"]).__struct_encode_fields__
                assert each.keys() <= {*known}, each["@type"]
                check(list(each.values()))

    check(graph := json.loads(exported("jsonld"))["@graph"])
    with pytest.raises(AssertionError):
        check([*graph, {"@type": "NewsArticle", "byline": "none of its properties"}])


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_json_ld_is_read_as_statements() -> None:
    rdflib = pytest.importorskip("rdflib")
    document = json.loads(exported("jsonld")) | {"@context": {"@vocab": "https://schema.org/"}}
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    says = rdflib.Namespace("https://schema.org/")
    assert len(list(graph.subjects(says.headline))) == 4
    assert str(graph.value(rdflib.URIRef("uza:1"), says.articleBody)) == FULL.body


def tei() -> Any:
    return etree.fromstring(exported("tei"))


def test_tei_has_the_header_that_the_guidelines_demand() -> None:
    corpus = tei()
    assert corpus.tag == f"{{{_TEI['t']}}}teiCorpus"
    texts = corpus.findall("t:TEI", _TEI)
    assert len(texts) == 4
    for each in (corpus, *texts):
        (header,) = each.findall("t:teiHeader", _TEI)
        parts = [etree.QName(part).localname for part in header.find("t:fileDesc", _TEI)]
        assert parts == ["titleStmt", "publicationStmt", "sourceDesc"]
        assert header.findtext("t:fileDesc/t:titleStmt/t:title", None, _TEI)
        assert header.findtext("t:fileDesc/t:publicationStmt/t:publisher", None, _TEI)
        assert len(header.find("t:fileDesc/t:sourceDesc", _TEI)) == 1
    for each in texts:
        assert each.find("t:text/t:body/t:p", _TEI) is not None


@pytest.mark.slow
def test_tei_is_valid_by_the_schema_of_the_tei() -> None:
    (place,) = (Path(sys.prefix) / "validators").glob("lib/*/site-packages/schemas/tei_all.rng")
    schema = etree.RelaxNG(etree.parse(place))
    schema.assertValid(tei())
    wrong = tei()
    del wrong.find("t:TEI/t:teiHeader", _TEI)[0]
    assert not schema.validate(wrong)


def test_tei_has_the_text_by_paragraphs_and_what_describes_it() -> None:
    text = tei().find("t:TEI", _TEI)
    assert text.get(f"{_XML}lang") == "uz-Latn"
    paragraphs = [each.text for each in text.iterfind("t:text/t:body/t:p", _TEI)]
    assert "\n\n".join(paragraphs) == FULL.body
    assert text.findtext(".//t:body/t:head", None, _TEI) == FULL.title
    assert text.findtext(".//t:abstract/t:p", None, _TEI) == FULL.summary
    assert text.findtext(".//t:titleStmt/t:author", None, _TEI) == "Nodira Tolzorova"
    assert [each.text for each in text.iterfind(".//t:resp", _TEI)] == [
        "translator", "photo", "video",
    ]  # fmt: skip
    assert text.find(".//t:bibl/t:date", _TEI).get("when") == FULL.published_at
    assert [each.get("ident") for each in text.iterfind(".//t:language", _TEI)] == ["uz-Latn", "ru"]
    assert [each.get("n") for each in text.iterfind(".//t:term", _TEI)] == [
        "economy_4", "water", None,
    ]  # fmt: skip
    assert text.find(".//t:graphic", _TEI).get("url") == FULL.images[0].url
    stated = [each.text for each in text.iterfind(".//t:availability/t:p", _TEI)]
    assert stated[1:] == ["tdm-reservation: 1"]
    change = text.find(".//t:revisionDesc/t:change", _TEI)
    assert (change.get("n"), change.text) == ("2", "edited")


def test_every_pointer_to_a_scheme_has_one() -> None:
    corpus = tei()
    named = {each.get(f"{_XML}id") for each in corpus.iterfind(".//t:taxonomy", _TEI)}
    asked = {each.get("scheme") for each in corpus.iterfind(".//t:keywords", _TEI)}
    assert asked == {f"#{name}" for name in named}


@pytest.mark.parametrize(("form", "name"), [("ris", "ris"), ("bibtex", "bib")])
def test_citations_are_those_of_the_browser(form: str, name: str) -> None:
    cited = [cite(row, "wire.example", name) for row in ROWS if row["change"] != "withdrawn"]
    assert exported(form).decode() == "".join(cited)


def test_ris_is_read_by_others() -> None:
    rispy = pytest.importorskip("rispy")
    full, *_ = read = rispy.loads(exported("ris").decode().replace("\r\n", "\n"))
    assert len(read) == 4
    assert (full["type_of_reference"], full["title"]) == ("NEWS", FULL.title)
    assert (full["authors"], full["date"]) == (["Nodira Tolzorova"], "2024/05/01")
    assert full["urls"] == [FULL.url]


def test_bibtex_is_read_by_others() -> None:
    bibtexparser = pytest.importorskip("bibtexparser")
    middlewares = bibtexparser.middlewares
    read = bibtexparser.parse_string(
        exported("bibtex").decode(), append_middleware=[middlewares.LatexDecodingMiddleware()]
    )
    assert not read.failed_blocks
    full, *_ = read.entries
    assert len(read.entries) == 4
    assert (full.entry_type, full.key) == ("online", "uza-1-v2")
    assert full["title"].strip("{}") == FULL.title
    assert (full["author"], full["url"]) == ("Nodira Tolzorova", FULL.url)


def test_csl_json_is_one_array() -> None:
    items = json.loads(exported("csl"))
    assert [item["id"] for item in items] == ["uza:1-v2", "uza:2-v1", "uza:3-v1", "uza:4-v1"]
    assert json.loads(exported("csl", article(5, change="withdrawn"))) == []


@pytest.mark.parametrize("form", ["jsonld", "tei", "ris", "bibtex", "csl"])
def test_a_withdrawn_article_is_no_part_of_a_corpus(form: str) -> None:
    assert not re.search(r"uza[:-]5", exported(form).decode())
