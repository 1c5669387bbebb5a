import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.language import detect

UZBEK = "Қишлоқда янги мактаб ва боғча қурилди. Бу ҳақда туман ҳокимлиги маълум қилди."
RUSSIAN = "В новой школе открылась выставка рисунков, которую подготовили дети и их родители."
ENGLISH = "The pupils of the new school in the valley have planted a garden for their village."

TEXTS = [
    ("uz-Cyrl", "Cyrl", UZBEK),
    ("uz-Cyrl", "Cyrl", "Бу мактаб болалар учун катта совға бир эди, деди отаси."),
    ("uz-Cyrl", "Cyrl", "Йил давомида янги театр ва кинотеатрлар иш билан таъминланди"),
    (
        "uz-Latn",
        "Latn",
        "Qishloqda yangi maktab va bogʻcha qurildi. Bu haqda hokim maʼlum qildi.",
    ),
    ("uz-Latn", "Latn", "Bu yil tumanda mevalar uchun yangi ombor bo'ladi, dedi bog'bon."),
    (
        "kaa-Cyrl",
        "Cyrl",
        "Быйыл аўылда жаңа мектеп ҳәм бақша ашылды. Бул ҳаққында ҳәким айтты.",
    ),
    ("kaa-Latn", "Latn", "Bıyıl awılda jańa mektep hám baqsha ashıldı. Bul haqqında hákim ayttı."),
    ("kk", "Cyrl", "Биыл ауылда жаңа мектеп және балабақша ашылды. Бұл туралы әкім айтты."),
    ("ky", "Cyrl", "Быйыл айылда жаңы мектеп жана бакча ачылды. Бул тууралуу аким айтты."),
    ("tg", "Cyrl", "Имсол дар деҳа мактаби нав ва боғча сохта шуд. Дар ин бора раис хабар дод."),
    ("tk", "Latn", "Şu ýyl obada täze mekdep we çagalar bagy açyldy. Bu barada häkim aýtdy."),
    ("ru", "Cyrl", RUSSIAN),
    ("en", "Latn", ENGLISH),
    ("fr", "Latn", "Les élèves de la nouvelle école ont planté un jardin pour leur village."),
    ("de", "Latn", "Die Schüler der neuen Schule haben für das Dorf einen Garten angelegt."),
    ("es", "Latn", "Los alumnos de la nueva escuela plantaron un jardín para el pueblo."),
    ("tr", "Latn", "Köydeki yeni okulun öğrencileri bu yıl bir bahçe için çok çalıştı."),
    ("ar", "Arab", "زرع تلاميذ المدرسة الجديدة حديقة في القرية خلال هذا العام."),
    ("fa", "Arab", "دانش‌آموزان مدرسه جدید این روستا امسال یک باغ را برای مردم کاشتند."),
    ("zh", "Hans", "新学校的学生们今年为村庄建了一个花园。"),
    ("zh", "Hant", "新學校的學生們今年為村莊建了一個花園。"),
    ("ja", "Jpan", "新しい学校の生徒たちは今年、村のために庭を作りました。"),
]


@pytest.mark.parametrize(("tag", "script", "text"), TEXTS)
def test_letters_and_words_tell_language_and_script(tag: str, script: str, text: str) -> None:
    language = detect(text)
    assert language is not None
    assert (language.tag, language.script) == (tag, script)


@pytest.mark.parametrize(("tag", "script", "text"), TEXTS)
@pytest.mark.parametrize("hint", ["ru", "en", "uz-Cyrl", "uz-Latn", "ar", "zh", "ja"])
def test_a_wrong_hint_does_not_change_a_clear_text(
    hint: str, tag: str, script: str, text: str
) -> None:
    language = detect(text, hint)
    assert language is not None
    assert language.tag == tag


QUOTING = [
    ("uz-Cyrl", f"{UZBEK} Эълонда: «{RUSSIAN}», дейилган. {UZBEK} {UZBEK}"),
    ("ru", f"{RUSSIAN} В объявлении сказано: «{UZBEK}» {RUSSIAN} {RUSSIAN}"),
    ("en", f"{ENGLISH} The plate says: “{UZBEK}” {ENGLISH} {ENGLISH}"),
    ("uz-Cyrl", f"{UZBEK * 40} {RUSSIAN * 25} {UZBEK * 40}"),
    ("zh", f"新学校的学生们今年为村庄建了一个花园。{ENGLISH[:30]}，校长说。"),
]


@pytest.mark.parametrize(("tag", "text"), QUOTING)
def test_a_quotation_does_not_flip_the_language(tag: str, text: str) -> None:
    language = detect(text)
    assert language is not None
    assert language.tag == tag


SHORT = [
    ("Болаларнинг китоблари", None, "uz-Cyrl"),
    ("Тошкентда анжуман", "uz-Cyrl", "uz-Cyrl"),
    ("Тошкентда анжуман", "ru", "ru"),
    ("Тошкентда анжуман", "uz-Latn", None),
    ("Тошкентда анжуман", "en", None),
    ("Тошкентда анжуман", None, None),
    ("Янги йил ва боғ", "tg", "uz-Cyrl"),
    ("東京", "ja", "ja"),
    ("東京", "zh", "zh"),
    ("5 153", "en", None),
    ("", "en", None),
    ("서울에서 열린 축제", "en", None),
]


@pytest.mark.parametrize(("text", "hint", "expected"), SHORT)
def test_the_hint_decides_for_a_short_text_in_its_script(
    text: str, hint: str | None, expected: str | None
) -> None:
    language = detect(text, hint)
    assert (language.tag if language else None) == expected


ITALIAN = (
    "Gli alunni della nuova scuola hanno piantato un giardino nel loro villaggio, dove ogni "
    "anno si coltivano mele, pere e ciliegie che piacciono tanto agli ospiti della valle."
)
PORTUGUESE = (
    "Os alunos da nova escola plantaram este ano um jardim na aldeia, onde se cultivam todos os "
    "anos peras e cerejas muito apreciadas pelos visitantes do vale."
)


@pytest.mark.parametrize("text", [ITALIAN, PORTUGUESE])
def test_a_long_text_in_an_unknown_language_is_unknown_whatever_the_hint(text: str) -> None:
    assert detect(text) is None
    assert detect(text, "de") is None


@given(st.text(max_size=80), st.sampled_from([None, "en", "uz-Cyrl", "ja", "xx"]))
def test_any_text_has_a_language_or_none(text: str, hint: str | None) -> None:
    language = detect(text, hint)
    assert language is None or (language.tag and len(language.script) == 4)
