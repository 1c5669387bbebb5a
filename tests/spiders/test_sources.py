"""Every agency's spider without a run: sources lead to its own site, addresses to one id."""

from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.spider import AgencySpider
from crawler.extract.document import Document
from crawler.model.identity import NotAnArticle, identify
from crawler.model.rules import AgencyRules
from crawler.scaffold.agencies import agencies, listings
from tests.commands import scrapy

ROOT = Path(__file__).parents[2]
AGENCIES = sorted(path.stem for path in ROOT.glob("spiders/[!_]*.py"))
SETTINGS = get_project_settings()


def rules(agency: str) -> AgencyRules:
    found = import_module(f"pages.{agency}").RULES
    assert isinstance(found, AgencyRules)
    return found


def spider(agency: str) -> type[AgencySpider]:
    found: type[AgencySpider] = getattr(
        import_module(f"spiders.{agency}"), f"{agency.capitalize()}Spider"
    )
    assert issubclass(found, AgencySpider)
    return found


@pytest.mark.parametrize("agency", AGENCIES)
def test_sources_lead_to_the_agencys_own_hosts(agency: str) -> None:
    hosts = rules(agency).address.hosts
    for edition, listing in listings(spider(agency), SETTINGS):
        host = urlsplit(listing.address(1)).netloc
        assert host in hosts or host.endswith(rules(agency).address.site.split("//")[1])
        assert listing.edition == edition


def test_an_edition_that_moved_is_fetched_from_its_new_host() -> None:
    found = listings(spider("kazinform"), SETTINGS)
    feeds = {edition: listing.address(1) for edition, listing in found if listing.source == "rss"}
    assert feeds["en"] == "https://qazinform.com/rss/en.xml"
    article = identify("https://qazinform.com/news/a-mill-1a2b3c", rules("kazinform").address, "k")
    assert (article.id, article.url) == (
        "k:a-mill-1a2b3c",
        "https://qazinform.com/news/a-mill-1a2b3c",
    )


def test_every_edition_of_sputnik_has_a_language_and_a_feed_at_its_own_host() -> None:
    found = {
        edition: listing.address(1) for edition, listing in listings(spider("sputnik"), SETTINGS)
    }
    assert found.keys() == rules("sputnik").editions.keys()
    assert {edition: urlsplit(found[edition]).netloc for edition in ("uz", "oz", "uzru")} == {
        "uz": "sputniknews.uz",
        "oz": "oz.sputniknews.uz",
        "uzru": "uz.sputniknews.ru",
    }


@pytest.mark.parametrize("agency", AGENCIES)
def test_an_agency_has_a_source_or_says_why_not(agency: str) -> None:
    has_sources = any(True for _ in listings(spider(agency), SETTINGS))
    assert has_sources is (spider(agency).refusal is None)


HEX, UUID = "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "1a2b3c4d-0000-4a9a-b0f3-05b8cc98389d"
FORMS = [
    ("https://www.aa.com.tr/tr/ekonomi/yeni-degirmen/3901234", "anadolu:3901234"),
    ("https://www.aa.com.tr/en/turkiye/a-new-mill/3901234?utm=x", "anadolu:3901234"),
    (f"https://apnews.com/article/oak-mill-{HEX}", f"apnews:{HEX}"),
    (f"https://apnews.com/{HEX}", f"apnews:{HEX}"),
    (f"https://hosted.ap.org/oakdaily/article/{HEX}/oak-mill", f"apnews:{HEX}"),
    ("https://www.inform.kz/ru/sad-posazhen_a3771234", "kazinform:3771234"),
    ("https://www.inform.kz/ru/article/3771234", "kazinform:3771234"),
    ("https://qazinform.com/news/sad-posazhen-1a2b3c", "kazinform:sad-posazhen-1a2b3c"),
    ("https://ria.ru/20210512/mayak-1732000001.html", "ria:1732000001"),
    ("https://ria.ru/economy/20110410/163458489.html", "ria:163458489"),
    ("http://www.rian.ru/society/20110410/163458489.html", "ria:163458489"),
    ("http://eco.ria.ru/eco/20110410/163458489.html", "ria:163458489"),
    ("https://sputniknews.com/science/201906031075000001-turtles/", "sputnik:en-1075000001"),
    ("https://ru.sputnik.kg/20221127/shkola-1070000001.html", "sputnik:ru-1070000001"),
    ("https://sputniknews.uz/20260311/koprik-1070000002.html", "sputnik:uz-1070000002"),
    ("https://oz.sputniknews.uz/20260311/koprik-1070000003.html", "sputnik:oz-1070000003"),
    ("https://uz.sputniknews.ru/20260311/most-1070000004.html", "sputnik:uzru-1070000004"),
    ("https://tass.ru/moskva/8836033", "tass:8836033"),
    ("https://tass.com/economy/1500001", "tass:en-1500001"),
    ("https://www.ukrinform.ru/rubric-kyiv/3103218-metro.html", "ukrinform:ru-3103218"),
    ("https://ukrinform.net/rubric-society/3103218-metro.html", "ukrinform:en-3103218"),
    ("http://www.ukrinform.ua/rus/news/novij_most_1120001", "ukrinform:uk-novij_most_1120001"),
    ("http://www.xinhuanet.com/world/2019-12/10/c_1125200001.htm", "xinhua:1125200001"),
    ("http://news.xinhuanet.com/world/2011-12/10/c_111200001.htm", "xinhua:111200001"),
    (
        "http://big5.xinhuanet.com/gate/big5/news.xinhuanet.com/world/2011-12/10/c_111200001.htm",
        "xinhua:big5-111200001",
    ),
    ("http://www.chinanews.com/gn/2012/01-12/3600001.shtml", "chinanews:3600001"),
    ("http://finance.chinanews.com/life/2012/01-12/3600001.shtml", "chinanews:3600001"),
    ("https://www.chinanews.com.cn/gn/2024/03-05/10170001.shtml", "chinanews:10170001"),
    ("http://www.chinanews.com/shipin/2012/01-12/news50001.html", "chinanews:news50001"),
    ("http://sports.people.com.cn/GB/22149/16600001.html", "peoplecn:16600001"),
    ("http://mnc.people.com.cn/GB/54816/54817/16600001.html", "peoplecn:16600001"),
    ("http://politics.people.com.cn/n1/2024/0424/c1001-40220001.html", "peoplecn:40220001"),
    ("http://www.regnum.ru/news/1480001.html", "regnum:1480001"),
    ("https://regnum.ru/news/society/1480001.html", "regnum:1480001"),
    ("http://pda.regnum.ru/news/1480001.html", "regnum:1480001"),
    ("http://rus.ruvr.ru/2012/01/05/63400001.html", "ruvr:ru-63400001"),
    ("http://rus.ruvr.ru/2012/01/05/63400001/", "ruvr:ru-63400001"),
    ("http://english.ruvr.ru/2012/01/05/63400002.html", "ruvr:en-63400002"),
    ("http://www.xinhuanet.com/world/2019-12/10/c_1125200001_2.htm", "xinhua:1125200001"),
    (f"https://www.news.cn/20240501/{HEX}/c.html", f"xinhua:{HEX}"),
    (f"https://english.news.cn/20240501/{HEX}/c.html", f"xinhua:en-{HEX}"),
    ("https://en.yna.co.kr/view/AEN20190409002300325?section=nk", "yonhap:AEN20190409002300325"),
    ("https://m-en.yna.co.kr/view/AEN20190409002300325", "yonhap:AEN20190409002300325"),
    (f"https://www.ansa.it/sito/notizie/2020/10/02/x_{UUID}.html", f"ansa:{UUID}"),
    ("https://www.khabaronline.ir/news/1370001/پل", "khabaronline:1370001"),
    ("https://www.khabaronline.ir/news/1370001", "khabaronline:1370001"),
    ("https://www.reuters.com/article/us-bridge-idUSKCN1QN0AA", "reuters:USKCN1QN0AA"),
    ("https://www.reuters.com/article/us-bridge/it-opens-idUSKCN1QN0AA", "reuters:USKCN1QN0AA"),
    ("https://www.reuters.com/world/europe/a-bridge-2023-06-20/", "reuters:a-bridge-2023-06-20"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "article_id"), FORMS)
def test_an_article_has_one_id_under_all_its_addresses(url: str, article_id: str) -> None:
    agency = article_id.partition(":")[0]
    assert identify(url, rules(agency).address, agency).id == article_id


@pytest.mark.parametrize("agency", AGENCIES)
@pytest.mark.parametrize("path", ["", "/", "/en", "/contact.html", "/rss", "/sitemap.xml"])
def test_a_sites_own_pages_are_no_articles(agency: str, path: str) -> None:
    address = rules(agency).address
    with pytest.raises(NotAnArticle) as refusal:
        identify(address.site + path, address, agency)
    assert path.strip("/") not in ("", "en") or refusal.value.reason == "home page"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.chinanews.com/tp/hd2011/2012/01-12/83000.shtml",  # one picture of a gallery
        "http://sports.people.com.cn/GB/31928/235293/index.html",
        "http://www.regnum.ru/dossier/1207.html",
        "http://rus.ruvr.ru/tag_24300001/",
        "http://rus.ruvr.ru/2013_04_09/Novaja-melnica/",  # it may come again on another day
        "http://www.ukrinform.ua/rus/news/print/novij_most_1120001",
    ],
)
def test_lists_and_pictures_of_old_sites_are_no_articles(url: str) -> None:
    for agency in AGENCIES:
        with pytest.raises(NotAnArticle):
            identify(url, rules(agency).address, agency)


FEED = (
    "<rss><channel><item><title>A mill</title><link>{}</link>"
    "<pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate></item></channel></rss>"
)


@pytest.mark.parametrize(("url", "article_id"), FORMS)
def test_a_feed_of_an_agency_leads_to_its_article(url: str, article_id: str) -> None:
    agency = article_id.partition(":")[0]
    feeds = [one for _, one in listings(spider(agency), SETTINGS) if one.source == "rss"]
    for feed in feeds[:1]:
        document = Document(
            feed.address(1), 200, {}, FEED.format(url.replace("&", "&amp;")).encode()
        )
        (entry,) = feed.read(document).entries
        assert identify(entry.url, rules(agency).address, agency).id == article_id


def test_the_list_of_agencies_tells_what_each_was_checked_against() -> None:
    run = scrapy("agencies")
    assert (run.returncode, run.stderr) == (0, "")
    lines = {line.split()[0]: line for line in run.stdout.splitlines()[1:]}
    assert sorted(lines) == AGENCIES
    assert "from code only" in lines["uza"]
    assert "archives only" in lines["reuters"]
    assert "day archive" in lines["ria"]


def test_what_is_listed_of_an_agency_is_what_its_classes_say() -> None:
    found = {agency.name: agency for agency in agencies(SETTINGS)}
    for name in AGENCIES:
        assert list(found[name].editions) == list(rules(name).editions)
        assert found[name].layouts == [page.layout for page in spider(name).layouts]
