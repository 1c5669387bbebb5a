import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.language import detect, detect_all

UZBEK = "Қишлоқда янги мактаб ва боғча қурилди. Бу ҳақда туман ҳокимлиги маълум қилди."
RUSSIAN = "В новой школе открылась выставка рисунков, которую подготовили дети и их родители."
MORE_RUSSIAN = (
    "Этот плакат висит у входа уже второй год, и его читают все, кто приходит за детьми. "
    "Если погода не подведёт, то после каникул здесь посадят ещё и яблони."
)
ENGLISH = "The pupils of the new school in the valley have planted a garden for their village."

POLISH = (
    "Uczniowie nowej szkoły zasadzili ogród dla swojej wsi i teraz co roku będą tam zbierane "
    "jabłka i gruszki, a wiosną zostanie otwarty most przez rzekę."
)
CATALAN = (
    "Els alumnes de la nova escola van plantar un jardí per al seu poble, i ara cada any hi "
    "colliran pomes i peres. A la primavera s'obrirà el pont sobre el riu."
)
INDONESIAN = (
    "Para siswa sekolah baru menanam kebun untuk desa mereka, dan kini setiap tahun apel dan pir "
    "akan dipetik di sana. Jembatan di atas sungai akan dibuka pada musim semi."
)
SERBIAN = (
    "Ученици нове школе засадили су башту за своје село и сада ће се сваке године тамо брати "
    "јабуке и крушке, а на пролеће ће бити отворен мост преко реке."
)
TATAR = (
    "Яңа мәктәп укучылары авыл өчен бакча утырттылар, хәзер анда ел саен алма һәм груша "
    "җыячаклар. Язын елга аша күпер ачылачак, диделәр."
)
AZERBAIJANI = (
    "Yeni məktəbin şagirdləri kəndləri üçün bağ salıblar və indi orada hər il alma və armud "
    "yığılacaq. Yazda çayın üzərindəki körpü açılacaq."
)
HINDI = "नए विद्यालय के छात्रों ने अपने गाँव के लिए एक बगीचा लगाया और पुल वसंत में खुलेगा।"
KOREAN = "새 학교의 학생들이 마을을 위해 정원을 만들었고 봄에는 다리가 열린다."
GREEK = "Οι μαθητές του νέου σχολείου φύτεψαν έναν κήπο για το χωριό τους."

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
    ("uz-Latn", "Latn", "Qişloqda yangi maktab va boğça qurildi. Bu haqda hokim maʼlum qildi."),
    ("uz-Latn", "Latn", "Bu yil tumanda yangi ombor böladi, dedi boğbon, va u böyiça gapirdi."),
    (
        "kaa-Cyrl",
        "Cyrl",
        "Быйыл аўылда жаңа мектеп ҳәм бақша ашылды. Бул ҳаққында ҳәким айтты.",
    ),
    ("kaa-Latn", "Latn", "Bıyıl awılda jańa mektep hám baqsha ashıldı. Bul haqqında hákim ayttı."),
    (
        "kaa-Latn",
        "Latn",
        "Olardi'n' jumi'si' tek bu'gin g'ana tamam boli'w mu'mkin, ketken heshkim joq.",
    ),
    ("kaa-Latn", "Latn", "Awıldın' jan'a mektebi ha'm baqshası ushın ku'n sayın iske barıladı."),
    ("kk", "Cyrl", "Биыл ауылда жаңа мектеп және балабақша ашылды. Бұл туралы әкім айтты."),
    ("ky", "Cyrl", "Быйыл айылда жаңы мектеп жана бакча ачылды. Бул тууралуу аким айтты."),
    ("tg", "Cyrl", "Имсол дар деҳа мактаби нав ва боғча сохта шуд. Дар ин бора раис хабар дод."),
    ("tk", "Latn", "Şu ýyl obada täze mekdep we çagalar bagy açyldy. Bu barada häkim aýtdy."),
    ("ru", "Cyrl", RUSSIAN),
    ("uk", "Cyrl", "Учні нової школи посадили сад для свого села, і це буде сад для всіх."),
    ("be", "Cyrl", "Вучні новай школы пасадзілі сад для сваёй вёскі, і гэта будзе сад для ўсіх."),
    ("bg", "Cyrl", "Учениците от новото училище засадиха градина и тя ще бъде за всички в селото."),
    ("sr-Cyrl", "Cyrl", SERBIAN),
    (
        "mk",
        "Cyrl",
        "Учениците од новото училиште засадија градина за своето село и сега таа цвета.",
    ),
    ("tt", "Cyrl", TATAR),
    ("ba", "Cyrl", "Яңы мәктәп уҡыусылары ауыл өсөн баҡса ултыртты, яҙын унда сәскәләр үҫә."),
    ("mn", "Cyrl", "Шинэ сургуулийн сурагчид тосгондоо цэцэрлэг байгуулсан бөгөөд хавар нээх юм."),
    ("en", "Latn", ENGLISH),
    ("it", "Latn", "Gli alunni della nuova scuola hanno piantato un giardino per il loro paese."),
    ("pt", "Latn", "Os alunos da nova escola plantaram um jardim para todos na sua aldeia."),
    ("fr", "Latn", "Les élèves de la nouvelle école ont planté un jardin pour leur village."),
    ("de", "Latn", "Die Schüler der neuen Schule haben für das Dorf einen Garten angelegt."),
    ("es", "Latn", "Los alumnos de la nueva escuela plantaron un jardín para el pueblo."),
    ("tr", "Latn", "Köydeki yeni okulun öğrencileri bu yıl bir bahçe için çok çalıştı."),
    ("az", "Latn", AZERBAIJANI),
    ("pl", "Latn", POLISH),
    (
        "cs",
        "Latn",
        "Žáci nové školy vysadili zahradu pro svou obec a na jaře se otevře most přes řeku.",
    ),
    ("sk", "Latn", "Žiaci novej školy vysadili záhradu pre svoju obec a na jar sa otvorí most."),
    ("sl", "Latn", "Učenci nove šole so zasadili vrt za svojo vas, spomladi pa bodo odprli most."),
    (
        "hr",
        "Latn",
        "Učenici nove škole zasadili su vrt za svoje mjesto, gdje će uvijek biti cvijeća.",
    ),
    (
        "sr-Latn",
        "Latn",
        "Učenici nove škole zasadili su baštu za svoje mesto, gde će uvek biti cveća.",
    ),
    ("ro", "Latn", "Elevii noii școli au plantat o grădină pentru sat, iar podul va fi deschis."),
    ("hu", "Latn", "Az új iskola tanulói kertet ültettek a falunak, és tavasszal megnyílik a híd."),
    ("sq", "Latn", "Nxënësit e shkollës së re mbollën një kopsht për fshatin e tyre këtë vit."),
    ("ku", "Latn", "Xwendekarên dibistana nû ji bo gundê xwe baxçeyek çandin û pir dê vebe."),
    ("vi", "Latn", "Học sinh của trường mới đã trồng một khu vườn cho làng và cầu sẽ được mở."),
    ("nl", "Latn", "De leerlingen van de nieuwe school hebben een tuin voor het dorp aangelegd."),
    (
        "sv",
        "Latn",
        "Eleverna vid den nya skolan har planterat en trädgård för byn och ska öppna den.",
    ),
    (
        "da",
        "Latn",
        "Eleverne på den nye skole har plantet en have af træer, efter at broen blev åbnet.",
    ),
    (
        "no",
        "Latn",
        "Elevene ved den nye skolen har plantet en hage av trær, etter at broen ble åpnet.",
    ),
    ("fi", "Latn", "Uuden koulun oppilaat ovat istuttaneet puutarhan, joka on nyt myös kylän oma."),
    (
        "et",
        "Latn",
        "Uue kooli õpilased on istutanud aia, mis on nüüd ka küla oma ja kus kõik saavad.",
    ),
    ("lt", "Latn", "Naujos mokyklos mokiniai pasodino sodą savo kaimui ir jis jau yra visų."),
    ("lv", "Latn", "Jaunās skolas skolēni iestādīja dārzu savam ciemam, un tas jau ir visiem."),
    ("ca", "Latn", CATALAN),
    ("el", "Grek", GREEK),
    ("hy", "Armn", "Նոր դպրոցի աշակերտները գյուղի համար այգի են տնկել։"),
    ("ka", "Geor", "ახალი სკოლის მოსწავლეებმა სოფლისთვის ბაღი გააშენეს."),
    ("he", "Hebr", "תלמידי בית הספר החדש נטעו גן של הכפר, והוא יהיה פתוח לכל מי שבא עם ילדים."),
    ("ko", "Hang", KOREAN),
    ("ar", "Arab", "زرع تلاميذ المدرسة الجديدة حديقة في القرية خلال هذا العام."),
    ("fa", "Arab", "دانش‌آموزان مدرسه جدید این روستا امسال یک باغ را برای مردم کاشتند."),
    ("ur", "Arab", "نئے سکول کے طلبہ نے اس سال گاؤں کے لیے ایک باغ لگایا ہے اور یہ سب کا ہے۔"),
    ("ug", "Arab", "يېڭى مەكتەپ ئوقۇغۇچىلىرى بۇ يىل يېزا ئۈچۈن بىر باغ قىلىپ بەردى."),
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
def test_a_wrong_hint_does_not_change_a_clear_text(
    tag: str, script: str, text: str, subtests: pytest.Subtests
) -> None:
    for hint in ("ru", "en", "uz-Cyrl", "uz-Latn", "ar", "zh", "ja", "uk", "it"):
        with subtests.test(hint):
            language = detect(text, hint)
            assert language is not None
            assert language.tag == tag


# Neighbours with nearly the same words, of which a text that has none of its own is neither.
NEIGHBOURS = [
    ("id", "Warga bisa ikut menanam pohon karena kebun itu untuk semua, ujar kepala sekolah."),
    ("ms", "Penduduk boleh menanam pokok kerana kebun itu untuk semua, kata beliau selepas itu."),
    (None, "Kebun itu untuk semua orang dan akan dibuka setiap hari."),
]


@pytest.mark.parametrize(("tag", "text"), NEIGHBOURS)
def test_of_two_neighbours_the_one_with_words_of_its_own_is_told(
    tag: str | None, text: str
) -> None:
    language = detect(text)
    assert (language.tag if language else None) == tag
    assert (found := detect(text, "ms"))
    assert found.tag == (tag or "ms")
    outvoted = detect(text, "en")
    assert (outvoted.tag if outvoted else None) == tag


QUOTING = [
    ("uz-Cyrl", f"{UZBEK} Эълонда: «{RUSSIAN}», дейилган. {UZBEK} {UZBEK}"),
    ("ru", f"{RUSSIAN} В объявлении сказано: «{UZBEK}» {MORE_RUSSIAN}"),
    ("en", f"{ENGLISH} The plate says: “{UZBEK}” {ENGLISH} {ENGLISH}"),
    ("uz-Cyrl", f"{UZBEK * 40} {RUSSIAN * 25} {UZBEK * 40}"),
    ("zh", f"新学校的学生们今年为村庄建了一个花园。{ENGLISH[:30]}，校长说。"),
]


@pytest.mark.parametrize(("tag", "text"), QUOTING)
def test_a_quotation_does_not_flip_the_language(tag: str, text: str) -> None:
    language = detect(text)
    assert language is not None
    assert language.tag == tag


LONG_RUSSIAN = f"{RUSSIAN} {MORE_RUSSIAN}"
LONG_UZBEK = " ".join([UZBEK] * 4)
LONG_ENGLISH = " ".join([ENGLISH] * 4)
LONG_POLISH = f"{POLISH} {POLISH}"
SEVERAL = [
    ("uz-Cyrl", ["ru"], [LONG_UZBEK, LONG_RUSSIAN, LONG_UZBEK]),
    ("uz-Cyrl", ["ru"], [LONG_RUSSIAN, LONG_UZBEK, LONG_UZBEK]),
    ("ru", ["uz-Cyrl"], [LONG_RUSSIAN, LONG_UZBEK, LONG_RUSSIAN]),
    ("ru", ["en"], [LONG_RUSSIAN, LONG_RUSSIAN, LONG_ENGLISH]),
    ("pl", ["ru", "en"], [LONG_POLISH, LONG_POLISH, LONG_POLISH, LONG_RUSSIAN * 2, LONG_ENGLISH]),
    # the sample is of beginning, middle and end; most is what stands between them
    ("en", ["pl"], [LONG_POLISH, *[LONG_ENGLISH] * 3, LONG_POLISH, *[LONG_ENGLISH] * 3, POLISH]),
    # a quotation, a headline and a list of names are no part in another language
    ("uz-Cyrl", [], [LONG_UZBEK, RUSSIAN, LONG_UZBEK]),
    ("pl", [], [LONG_POLISH, ", ".join(["Zorak Telmin", "Anor Kumush"] * 9), LONG_POLISH]),
    ("sr-Cyrl", [], [SERBIAN * 2, SERBIAN * 2]),
    # of an unknown language, only the part is known
    (None, ["en"], [HINDI * 4, HINDI * 4, LONG_ENGLISH]),
    ("ko", ["en"], [KOREAN * 9, LONG_ENGLISH]),
    (None, [], [""]),
]


@pytest.mark.parametrize(("tag", "others", "paragraphs"), SEVERAL)
@pytest.mark.parametrize("hint", [None, "uz-Latn", "it"])
def test_of_a_text_in_several_languages_the_main_one_is_that_of_most(
    hint: str | None, tag: str | None, others: list[str], paragraphs: list[str]
) -> None:
    main, found = detect_all("\n\n".join(paragraphs), hint)
    assert (main.tag if main else None) == tag
    assert [language.tag for language in found] == others


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
    ("서울에서 열린 축제", "en", "ko"),
    ("Бүгін ауа райы ашық болады, температура 15 градусқа көтеріледі.", None, "kk"),
    ("Бүгүн күн ачык болот, температура 15 градуска көтөрүлөт.", None, "ky"),
    ("Кеше Алматыда жаңа балабақша ашылды.", None, None),  # nothing that Karakalpak lacks
]


@pytest.mark.parametrize(("text", "hint", "expected"), SHORT)
def test_the_hint_decides_for_a_short_text_in_its_script(
    text: str, hint: str | None, expected: str | None
) -> None:
    language = detect(text, hint)
    assert (language.tag if language else None) == expected


# Each has words, letters or endings that a neighbour has, too.
NEIGHBOURS = [
    ("mk", "На северот падна снег и патиштата беа затворени."),
    ("mk", "Европска мера за чист воздух, добри услови за работа."),
    ("sl", "Vera in delo: lep primer za mesto."),
    ("sr-Cyrl", "Успех тима је велики, пример за све."),
    ("uk", "Поліція затримала трьох підозрюваних у пограбуванні банку."),
    ("he", "ראש הממשלה נפגש עם שר החוץ ודן בהסכם הסחר החדש."),
]


@pytest.mark.parametrize(("tag", "text"), NEIGHBOURS)
def test_short_news_is_not_taken_for_a_neighbours(tag: str, text: str) -> None:
    assert (language := detect(text))
    assert language.tag == tag


EXPECTED = [
    *(("pl", POLISH, "Latn"), ("ca", CATALAN, "Latn"), ("id", INDONESIAN, "Latn")),
    *(("sr", SERBIAN, "Cyrl"), ("tt", TATAR, "Cyrl"), ("az", AZERBAIJANI, "Latn")),
    *(("ko", KOREAN, "Hang"), ("sr-Cyrl", SERBIAN, "Cyrl"), ("ko-KR", KOREAN, "Hang")),
    *(("en-GB", ENGLISH, "Latn"), ("uz", UZBEK, "Cyrl"), ("pl", "Most otwarty", "Latn")),
]


@pytest.mark.parametrize(("hint", "text", "script"), EXPECTED)
def test_an_edition_in_a_language_of_unknown_words_keeps_it(
    hint: str, text: str, script: str
) -> None:
    language = detect(text, hint)
    assert language is not None
    assert (language.tag, language.script) == (hint, script)


@pytest.mark.parametrize(("tag", "script", "text"), TEXTS)
def test_a_hint_of_unknown_words_does_not_outvote_a_text(
    tag: str, script: str, text: str, subtests: pytest.Subtests
) -> None:
    for hint in ("pl", "id", "az", "ceb", "os", "cv", "ko", "el", "tt", "vi", "xx"):
        with subtests.test(hint):
            language = detect(text, hint)
            assert language is not None
            assert language.tag == tag


# A script that a language is not written in leaves nothing of its hint.
NOT_WRITTEN_IN = [
    *(("pl", SERBIAN), ("pl", KOREAN), ("ko", POLISH), ("ko", SERBIAN), ("mk", POLISH)),
    *(("el", POLISH), ("ko", GREEK), ("ur", POLISH), ("sr-Latn", SERBIAN), ("sr-Cyrl", POLISH)),
    *(("el", KOREAN), ("uk", KOREAN), ("it", SERBIAN)),
]


@pytest.mark.parametrize(("hint", "text"), NOT_WRITTEN_IN)
def test_a_language_is_not_believed_in_a_script_it_is_not_written_in(hint: str, text: str) -> None:
    language = detect(text, hint)
    assert language is None or language.tag != hint


# What stands in which edition, and what it is in: neighbours that look alike, and headlines.
EDITIONS = [
    ("uk", "Учні нової школи посадили сад, і про це розповіли в районній раді.", "uk"),
    ("ru", "Учні нової школи посадили сад, і про це розповіли в районній раді.", "uk"),
    ("uk", RUSSIAN, "ru"),
    ("uk", "Міст через річку відкриють навесні", "uk"),
    ("uk", "Президент підписав закон про мости", "uk"),
    ("ru", "Президент підписав закон про мости", "uk"),
    ("uk", "В городе открыли новый мост, который построили за два года", "ru"),
    ("uk", "Погода на завтра", "uk"),
    ("ru", "Погода на завтра", "ru"),
    (None, "Погода на завтра", None),
    ("uk", "Мост праз раку адкрыюць вясной, паведамілі ў савеце.", "be"),
    ("ru", "Мостът над реката ще бъде открит през пролетта", "bg"),
    ("it", "El puente sobre el río se abrirá en primavera", "es"),
    ("es", "Il ponte sul fiume sarà aperto in primavera", "it"),
    ("es", "A ponte sobre o rio será aberta na primavera, disse o conselho", "pt"),
    ("it", "A ponte sobre o rio será aberta na primavera, disse o conselho", "pt"),
    ("it", "Le pont sur la rivière est ouvert depuis le printemps", "fr"),
    ("it", RUSSIAN, "ru"),
    ("it", ENGLISH, "en"),
    ("it", "Mostra al museo", "it"),
    ("it", KOREAN, "ko"),
    ("ja", "春に橋が開通", "ja"),
    ("ja", "新学校的学生们今年为村庄建了一个花园。", "zh"),
    ("ko", "新学校的学生们今年为村庄建了一个花园。", "zh"),
    ("uz-Latn", AZERBAIJANI, "az"),
]


@pytest.mark.parametrize(("hint", "text", "expected"), EDITIONS)
def test_the_text_decides_in_whichever_edition_it_stands(
    hint: str | None, text: str, expected: str | None
) -> None:
    language = detect(text, hint)
    assert (language.tag if language else None) == expected


@given(st.text(max_size=80), st.sampled_from([None, "en", "uz-Cyrl", "ja", "ko", "uk", "xx"]))
def test_any_text_has_a_language_or_none(text: str, hint: str | None) -> None:
    language = detect(text, hint)
    assert language is None or (language.tag and len(language.script) == 4)
