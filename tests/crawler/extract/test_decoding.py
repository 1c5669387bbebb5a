import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract.decode import check_legible, decode
from crawler.extract.errors import BadBody

RUSSIAN = "Новый мост через реку открыт, и люди идут по нему."
UZBEK = "Қишлоқда янги кўприк очилди, ҳамма хурсанд."
FRENCH = "Le pont est ouvert à tous, même aux bœufs — c’est l’été."
CHINESE = "库穆什特帕市新建的儿童图书馆今天正式开馆。"


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "encoding", "header", "head"),
    [
        (RUSSIAN, "utf-8", "text/html; charset=utf-8", ""),
        (RUSSIAN, "utf-8", "text/html", ""),
        (RUSSIAN, "utf-8", "text/html; charset=windows-1251", ""),
        (RUSSIAN, "utf-8", "text/html", "<meta charset=windows-1251>"),
        (RUSSIAN, "utf-8", "text/html; charset=nonsense", ""),
        (RUSSIAN, "cp1251", "text/html; charset=windows-1251", ""),
        (RUSSIAN, "cp1251", "text/html; charset=utf-8", "<meta charset=windows-1251>"),
        (RUSSIAN, "cp1251", "text/html", '<meta charset="CP1251">'),
        (
            RUSSIAN,
            "cp1251",
            "",
            '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=win-1251">',
        ),
        (RUSSIAN, "cp1251", "text/html", ""),
        (RUSSIAN, "koi8-r", "text/html; charset=koi8-r", ""),
        (RUSSIAN, "cp866", "text/html", "<meta charset=ibm866>"),
        (FRENCH, "cp1252", "text/html; charset=ISO-8859-1", ""),
        (FRENCH, "cp1252", "text/html", "<meta charset=latin1>"),
        (CHINESE, "gb18030", "text/html; charset=gb2312", ""),
        (CHINESE, "utf-8", "text/html; charset=gbk", ""),
        (CHINESE, "iso2022_jp", "text/html; charset=iso-2022-jp", ""),
        (UZBEK, "utf-16-le", "text/html; charset=utf-16", ""),
        (UZBEK, "utf-16-be", "text/html; charset=utf-16be", ""),
        (UZBEK, "utf-8", "text/html; charset=utf-16", ""),
    ],
)
def test_text_is_found_behind_true_false_and_missing_declarations(
    text: str, encoding: str, header: str, head: str
) -> None:
    if encoding == "iso2022_jp":
        text = "今日は図書館が開館。"
    body = page(text, head).encode(encoding)
    decoded = decode(body, {"content-type": header}, "windows-1251")
    assert decoded.text == page(text, head)
    assert (decoded.encoding, decoded.errors) == (codecs.lookup(encoding).name, 0)


@pytest.mark.parametrize(
    "bom", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE]
)
def test_byte_order_mark_wins_over_every_declaration(bom: bytes) -> None:
    encoding = {
        codecs.BOM_UTF8: "utf-8",
        codecs.BOM_UTF16_LE: "utf-16-le",
        codecs.BOM_UTF16_BE: "utf-16-be",
        codecs.BOM_UTF32_LE: "utf-32-le",
    }[bom]
    headers = {"content-type": "text/html; charset=windows-1251"}
    assert decode(bom + UZBEK.encode(encoding), headers, "windows-1252").text == UZBEK


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "start", ["<html>", "<?xml version='1.0' encoding='UTF-16'?>", "<!doctype"]
)
def test_wide_letters_are_found_without_mark_and_declaration(start: str, encoding: str) -> None:
    text = f"{start} {UZBEK}"
    assert decode(text.encode(encoding), {}, "windows-1251").text == text


def test_meta_far_down_the_head_is_found() -> None:
    text = page(RUSSIAN, f"<style>{'a{b:c}' * 2000}</style><meta charset=koi8-r>")
    assert decode(text.encode("koi8-r"), {}, "windows-1251").text == text


@pytest.mark.parametrize(
    "head",
    [
        "<!-- <meta charset=koi8-r> -->",
        '<meta name="description" content="charset=koi8-r">',
        "<meta charset=rot13>",
        "<meta charset=utf-7>",
        "<meta charset=unicode_escape>",
        "</head><body><meta charset=koi8-r>",
    ],
)
def test_what_is_no_declaration_is_not_obeyed(head: str) -> None:
    text = page(RUSSIAN, head)
    assert decode(text.encode("cp1251"), {}, "windows-1251").text == text


def test_body_cut_within_a_character_is_utf8_without_that_character() -> None:
    body = RUSSIAN.encode()[:-2]
    assert decode(body, {}, "windows-1251")[:3] == (RUSSIAN[:-2], "utf-8", 0)


def test_damaged_utf8_is_utf8_and_its_errors_are_counted() -> None:
    body = RUSSIAN.encode().replace("м".encode(), b"\xd0\xff", 1)
    decoded = decode(body, {"content-type": "text/html; charset=windows-1251"}, "windows-1251")
    assert (decoded.encoding, decoded.errors, decoded.utf8) == ("utf-8", 2, None)


def test_replacement_characters_of_the_page_itself_are_no_errors() -> None:
    body = RUSSIAN.replace("й", "\ufffd").encode() + b"\xd0"
    assert decode(body, {}, "windows-1251").errors == 0


def test_text_with_an_undecodable_hundredth_is_garbled() -> None:
    with pytest.raises(BadBody, match="garbled") as caught:
        check_legible(decode(RUSSIAN.encode() + b" \xff \xff", {}, "windows-1251"))
    assert caught.value.reason == "garbled"


def test_text_with_one_bad_byte_in_a_long_page_is_legible() -> None:
    decoded = decode((RUSSIAN * 10).encode() + b" \xff end", {}, "windows-1251")
    assert check_legible(decoded).errors == 1


def test_plain_utf8_is_handed_on_as_bytes() -> None:
    assert decode(UZBEK.encode(), {}, "windows-1251").utf8 == UZBEK.encode()


@given(st.text().filter(lambda text: "\x1b" not in text and text[:1] != "\ufeff"))
def test_utf8_comes_back_whatever_the_header_says(text: str) -> None:
    if "\0" in text:
        text = text.replace("\0", "")
    headers = {"content-type": "text/html; charset=windows-1251"}
    assert decode(text.encode(), headers, "koi8-r").text == text


@given(st.binary(), st.sampled_from(["", "utf-16", "iso-2022-jp", "gb18030", "\x00", "big5"]))
def test_any_bytes_make_text(body: bytes, charset: str) -> None:
    decoded = decode(body, {"content-type": f"text/html; charset={charset}"}, "windows-1251")
    decoded.text.encode("utf-8")
    assert decoded.errors >= 0


KAZAKH = (
    "Ауылда жаңа көпір ашылды, тұрғындар оның үстімен жүріп, қуанып жатыр, ал балалар ән салды."
)
UKRAINIAN = "У селі відкрили новий міст, і люди йдуть ним до річки, щоб побачити весняну воду."
BULGARIAN = "В селото откриха нов мост и хората минават по него към реката с децата си."
PARAGRAPHS = {"ru": RUSSIAN, "uz": UZBEK.replace("Қ", "К").replace("қ", "к").replace("ҳ", "х")}
PARAGRAPHS |= {"bg": BULGARIAN, "uk": UKRAINIAN}


@pytest.mark.parametrize("fallback", ["windows-1252", "windows-1251", "iso-8859-1"])
@pytest.mark.parametrize(
    ("header", "head"),
    [
        ("text/html", ""),
        ("", ""),
        ("text/html; charset=utf-8", ""),
        ("text/html; charset=nonsense", ""),
        ("text/html", "<meta charset=utf-8>"),
    ],
)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5"])
@pytest.mark.parametrize("language", PARAGRAPHS)
def test_cyrillic_that_nothing_declares_is_known_by_its_letters(
    language: str, encoding: str, header: str, head: str, fallback: str
) -> None:
    text = page(PARAGRAPHS[language].replace("—", "-"), head)
    body = text.encode(encoding, "ignore")
    decoded = decode(body, {"content-type": header}, fallback)
    assert decoded.text == body.decode(encoding)


def test_kazakh_is_known_by_its_letters() -> None:
    body = page(KAZAKH).encode("cp1251", "ignore")
    assert decode(body, {}, "windows-1252").encoding == "cp1251"


@pytest.mark.parametrize(("encoding", "told"), [("cp1251", "koi8-r"), ("koi8-r", "cp1251")])
def test_a_false_declaration_among_cyrillic_encodings_is_seen(encoding: str, told: str) -> None:
    text = page(
        f"{RUSSIAN} Совет города сообщил, что строители закончили работу раньше срока. "
        "Жители левого берега просили об этом много лет, а теперь довольны и дети, и старики. "
    )
    headers = {"content-type": f"text/html; charset={told}"}
    assert decode(text.encode(encoding), headers, "utf-8").text == text
    for right in (text, text.upper()):  # capitals of one are small letters of the other
        assert decode(right.encode(told), headers, "utf-8").text == right


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "windows-1254", "latin1"])
def test_cyrillic_that_is_declared_to_be_latin_is_not(declared: str) -> None:
    headers = {"content-type": f"text/html; charset={declared}"}
    body = page(RUSSIAN, "<meta charset=windows-1251>").encode("cp1251")
    assert decode(body, headers, "windows-1252").text == body.decode("cp1251")
    assert decode(page(RUSSIAN).encode("koi8-r"), headers, "windows-1252").encoding == "koi8-r"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        *(
            (name, "cp1251")
            for name in (
                *("cp-1251", "win-1251", "win1251", "windows1251", "windows_1251", "CP 1251"),
                *("windows-cp1251", "1251", "ansi-1251", "x-cp1251", "microsoft-cp1251"),
            )
        ),
        *((name, "koi8-r") for name in ("koi8r", "koi8_r", "KOI8", "koi-8-r", "x-koi8-r")),
        *((name, "koi8-u") for name in ("koi8u", "koi8-ru")),
        *((name, "cp866") for name in ("866", "dos-866", "cp_866", "oem866")),
        *((name, "iso8859-5") for name in ("iso88595", "iso_8859_5")),
        *((name, "mac-cyrillic") for name in ("x-mac-cyrillic", "maccyrillic")),
        *(("x-gbk", "gb18030"), ("x-euc-jp", "euc_jp"), ("x-x-big5", "big5hkscs")),
    ],
)
def test_an_encoding_is_known_by_its_odd_names(name: str, encoding: str) -> None:
    text = "Новый мост."  # too short to be known by its letters
    quoted = f'<meta http-equiv=Content-Type content="text/html; charset={name}">'
    for header, head in ((f"text/html; charset={name}", ""), ("", quoted)):
        body = page(text, head).encode(encoding)
        assert decode(body, {"content-type": header}, "windows-1252").text == page(text, head)


LATIN = {
    "cp1252": FRENCH,
    "cp1250": "Příští most přes řeku něžně stavějí, říká šéf židlí a žije v Žďáru.",
    "cp1254": "Köprü açıldı; çocuklar şarkı söyledi, büyükler güldü, ırmağın kıyısında.",
    "cp1257": "Tiltas atidarytas, žmonės eina į kitą upės pusę, čia žydi ąžuolai.",
}


@pytest.mark.parametrize("encoding", LATIN)
def test_latin_stays_what_it_is_declared_to_be(encoding: str) -> None:
    text = page(LATIN[encoding], f"<meta charset=windows-{encoding[2:]}>")
    assert decode(text.encode(encoding), {}, "windows-1252").text == text


@pytest.mark.parametrize("line", ["»" * 60, "— — —" * 20, "¤»«" * 30, "°°° ··· ¬¬¬ "])
def test_a_line_of_signs_is_no_foreign_word(line: str) -> None:
    text = page(f"{line} A bridge is open. {line}")
    assert decode(text.encode("cp1252"), {}, "windows-1252").text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Η καινούργια γέφυρα άνοιξε σήμερα και ο κόσμος περνά απέναντι με τα παιδιά.", "cp1253"),
        ("הגשר החדש נפתח היום ואנשים עוברים עליו עם הילדים אל הגדה השנייה.", "cp1255"),
        ("افتتح الجسر الجديد اليوم والناس يعبرون عليه مع الأطفال إلى الضفة.", "cp1256"),
        (CHINESE * 3, "gb18030"),  # with next to no frequent signs
    ],
)
def test_other_letters_that_nothing_declares_are_refused_and_not_misread(
    text: str, encoding: str
) -> None:
    with pytest.raises(BadBody, match="garbled"):
        check_legible(decode(page(text).encode(encoding), {}, "windows-1252"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("新桥今天通车了，人们和孩子们一起走到对岸，这是一年来的第一次。", "gb18030"),
        ("新橋今天通車了，人們和孩子們一起走到對岸，這是一年來的第一次。", "big5hkscs"),
        ("新しい橋が開通し、子供たちが歌を歌いながら川を渡った。", "euc_jp"),
        ("新しい橋が開通し、子供たちが歌を歌いながら川を渡った。", "cp932"),
        ("새 다리가 오늘 열렸고 사람들이 아이들과 함께 강을 건넌다.", "cp949"),
    ],
)
@pytest.mark.parametrize("declared", ["text/html", "text/html; charset=utf-8"])
def test_an_eastern_text_that_nothing_declares_is_known_by_its_frequent_signs(
    text: str, encoding: str, declared: str
) -> None:
    decoded = decode(page(text).encode(encoding), {"content-type": declared}, "windows-1252")
    assert decoded == (page(text), encoding, 0, None)


def test_a_latin_text_that_is_declared_to_be_utf_8_is_not() -> None:
    headers = {"content-type": "text/html; charset=utf-8"}
    text = page("Die neue Brücke wurde heute für Fußgänger geöffnet.")
    assert decode(text.encode("latin-1"), headers, "windows-1252").text == text


def test_ukrainian_that_is_declared_to_be_koi8_r_has_its_own_letters() -> None:
    headers = {"content-type": "text/html; charset=koi8-r"}
    text = page("Новий міст відкрили сьогодні, і люди їдуть ним на інший берег.")
    assert decode(text.encode("koi8-u"), headers, "windows-1252").text == text
