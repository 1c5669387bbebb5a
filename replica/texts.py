"""Words of the replica: invented places, people and sentences in every language it writes.

Every sentence, name and place is made up for this project. Uzbek is written once, in Cyrillic;
``latin`` turns it into Uzbek Latin.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What one language's texts are put together from; ``{place} {person} {number}`` are slots."""

    headlines: tuple[str, ...]
    sentences: tuple[str, ...]
    places: tuple[str, ...]
    people: tuple[str, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    caption: str
    joint: str = " "


CATEGORY_SLUGS = ("society", "politics", "sport", "culture", "economy", "technology")
TAG_SLUGS = ("library", "school", "water", "bridge", "festival", "garden")

LATIN_PLACES = (
    "Oqqayin", "Bostonsoy", "Yangikamar", "Zarbuloq", "Olmasoy", "Kumushtepa", "Nurkamar",
    "Anorbuloq",
)  # fmt: skip
CYRILLIC_PLACES = (
    "Оққайин", "Бўстонсой", "Янгикамар", "Зарбулоқ", "Олмасой", "Кумуштепа", "Нуркамар",
    "Анорбулоқ",
)  # fmt: skip
RUSSIAN_PLACES = (
    "Оккайин", "Бустонсой", "Янгикамар", "Зарбулок", "Олмасой", "Кумуштепа", "Нуркамар",
    "Анорбулок",
)  # fmt: skip
LATIN_PEOPLE = (
    "Dilnora Zarbuloqova", "Jasur Oqtepalov", "Malika Anorzorova", "Sherzod Kumushkentov",
    "Zilola Nurtepayeva", "Bekzod Qamishzorov", "Nargiza Toshbuloqova", "Otabek Sarikamarov",
)  # fmt: skip
CYRILLIC_PEOPLE = (
    "Дилнора Зарбулоқова", "Жасур Оқтепалов", "Малика Анорзорова", "Шерзод Кумушкентов",
    "Зилола Нуртепаева", "Бекзод Қамишзоров", "Наргиза Тошбулоқова", "Отабек Сарикамаров",
)  # fmt: skip
RUSSIAN_PEOPLE = (
    "Дильнора Зарбулокова", "Жасур Октепалов", "Малика Анорзорова", "Шерзод Кумушкентов",
    "Зилола Нуртепаева", "Бекзод Камышзоров", "Наргиза Ташбулокова", "Отабек Сарыкамаров",
)  # fmt: skip

UZBEK = Vocabulary(
    headlines=(
        "{place} шаҳрида янги кутубхона очилди",
        "{place} туманида {number} нафар ўқувчи мукофотланди",
        "Ёш олимлар {place} шаҳрида учрашди",
        "{place} қишлоғида тоза ичимлик суви тармоғи ишга тушди",
        "Ғолиблар {place} майдонида тақдирланди: {number} иштирокчи",
        "{place} боғида «Гуллар ва қўшиқлар» байрами ўтди",
    ),
    sentences=(
        "Бугун {place} шаҳрида янги кутубхона ўз эшикларини очди.",
        "Тадбирда {number} нафардан ортиқ ўқувчи ва ўқитувчи иштирок этди.",
        "Лойиҳа аҳолининг турмуш шароитини яхшилашга қаратилган.",
        "{person} айтишича, ишлар келгуси йилнинг баҳорида якунланади.",
        "Қурилиш учун {number} миллион сўм маблағ ажратилди.",
        "Шу кунларда {place} туманида ҳам худди шундай ишлар олиб борилмоқда.",
        "Болалар учун алоҳида ўқув заллари ва ўйин хоналари ташкил этилган.",
        "Кечқурун халқ қўшиқлари янгради, ҳунармандлар ўз ишларини намойиш қилди.",
        "Маҳаллий тадбиркорлар бу ерда {number} та янги иш ўрни яратмоқчи.",
        "Мутахассислар сув тежайдиган технологияларни жорий этишни тавсия қилди.",
        "Мусобақа ғолибларига эсдалик совғалари ва дипломлар топширилди.",
        "Ғоя муаллифи {person} бўлиб, у бу ҳақда ўтган йили сўз юритган эди.",
        "Таълим муассасаларига янги дарсликлар ва жиҳозлар етказилди.",
        "«Биз бу кунни узоқ кутдик», деди {person}.",
        "Келгусида {place} ва қўшни қишлоқлар ўртасида янги йўл қурилади.",
    ),
    places=CYRILLIC_PLACES,
    people=CYRILLIC_PEOPLE,
    categories=("Жамият", "Сиёсат", "Спорт", "Маданият", "Иқтисодиёт", "Технология"),
    tags=("кутубхона", "мактаб", "сув", "кўприк", "байрам", "боғ"),
    caption="{place} шаҳридаги тадбирдан лавҳа",
)

KARAKALPAK = Vocabulary(
    headlines=(
        "{place} қаласында жаңа китапхана ашылды",
        "{place} районында {number} оқыўшы сыйлықланды",
        "Жас илимпазлар {place} қаласында ушырасты",
    ),
    sentences=(
        "Бүгин {place} қаласында жаңа китапхана өз есиклерин ашты.",
        "Илажға {number} нан аслам жаслар ҳәм муғаллимлер қатнасты.",
        "Жойба аўыл турғынларының турмыс шараятын жақсылаўға қаратылған.",
        "{person} атап өткениндей, жумыслар келеси жылдың бәҳәринде жуўмақланады.",
        "Қурылыс ушын {number} миллион сум қаржы ажыратылды.",
        "Балалар ушын арнаўлы дөгереклер ҳәм ойын бөлмелери шөлкемлестирилди.",
        "Кеште халық қосықлары атқарылып, өнерментлер өз мийнетлерин көрсетти.",
        "Бул жерде {number} жаңа жумыс орны жаратылыўы күтилмекте.",
        "Жарыс жеңимпазларына естелик саўғалар ҳәм дипломлар тапсырылды.",
        "«Биз бул күнди көптен күткен едик», деди {person}.",
    ),
    places=("Аққайың", "Бостансай", "Жаңақамар", "Алмасай", "Күмистөбе"),
    people=("Айнура Аққайыңова", "Жолдас Қамысшиев", "Гүлзира Алмасаева"),
    categories=("Жәмийет", "Сиясат", "Спорт", "Мәденият", "Экономика", "Технология"),
    tags=("китапхана", "мектеп", "суў", "көпир", "байрам", "бағ"),
    caption="{place} қаласындағы илаждан көринис",
)

RUSSIAN = Vocabulary(
    headlines=(
        "В городе {place} открылась новая библиотека",
        "В районе {place} наградили {number} школьников",
        "Молодые учёные встретились в городе {place}",
        "В селе {place} запущена новая линия питьевой воды",
        "Праздник «Цветы и песни» прошёл в парке {place}",
    ),
    sentences=(
        "Сегодня в городе {place} открылась новая библиотека с читальным залом.",
        "В мероприятии приняли участие более {number} учеников и преподавателей.",
        "Проект направлен на улучшение условий жизни сельского населения.",
        "Как отмечает {person}, работы завершатся весной следующего года.",
        "На строительство было выделено {number} миллионов сумов.",
        "Похожие работы ведутся и в соседнем районе {place}.",
        "Для детей оборудованы отдельные учебные классы и игровые комнаты.",
        "Вечером звучали народные песни, а мастера показали свои изделия.",
        "Местные предприниматели намерены создать здесь {number} рабочих мест.",
        "Специалисты советуют шире применять технологии, сберегающие воду.",
        "Победителям соревнований вручили памятные подарки и дипломы.",
        "«Мы долго ждали этого дня», — сказал в своём выступлении {person}.",
        "Позднее между городом {place} и соседними сёлами построят новую дорогу.",
    ),
    places=RUSSIAN_PLACES,
    people=RUSSIAN_PEOPLE,
    categories=("Общество", "Политика", "Спорт", "Культура", "Экономика", "Технологии"),
    tags=("библиотека", "школа", "вода", "мост", "праздник", "сад"),
    caption="На открытии в городе {place}",
)

ENGLISH = Vocabulary(
    headlines=(
        "New library opens in {place}",
        "{number} pupils honoured in {place} district",
        "Young scientists meet in {place} to discuss water & soil",
        "Drinking water line put into service in the village of {place}",
        "“Flowers and Songs” festival held in {place}",
    ),
    sentences=(
        "A new library with a large reading room opened today in the town of {place}.",
        "More than {number} pupils and teachers took part in the event.",
        "The project aims to improve living conditions in rural areas.",
        "According to {person}, the work will be completed next spring.",
        "A total of {number} million soums has been set aside for the construction.",
        "Similar work is under way in the neighbouring district of {place}.",
        "Separate classrooms and playrooms have been arranged for children.",
        "In the evening folk songs were performed and craftsmen showed their work.",
        "Local businesses intend to create {number} jobs here.",
        "Experts recommended wider use of technologies that save water.",
        "The winners of the competition received gifts and diplomas.",
        "“We have waited a long time for this day,” {person} said.",
        "A new road between {place} and the nearby villages is to be built later.",
    ),
    places=LATIN_PLACES,
    people=LATIN_PEOPLE,
    categories=("Society", "Politics", "Sport", "Culture", "Economy", "Technology"),
    tags=("library", "school", "water", "bridge", "festival", "garden"),
    caption="At the opening in {place}",
)

FRENCH = Vocabulary(
    headlines=(
        "Une nouvelle bibliothèque ouvre ses portes à {place}",
        "{number} élèves récompensés dans le district de {place}",
        "De jeunes chercheurs se réunissent à {place}",
        "L’eau potable arrive au village de {place}",
    ),
    sentences=(
        "Une nouvelle bibliothèque a ouvert ses portes aujourd’hui dans la ville de {place}.",
        "Plus de {number} élèves et enseignants ont participé à la cérémonie.",
        "Le projet vise à améliorer les conditions de vie dans les villages.",
        "Selon {person}, les travaux seront achevés au printemps prochain.",
        "Une somme de {number} millions de soums a été consacrée à la construction.",
        "Des travaux semblables sont menés dans le district voisin de {place}.",
        "Des salles de classe et de jeux ont été aménagées pour les enfants.",
        "Le soir, des chansons populaires ont été interprétées par les élèves.",
        "Les entrepreneurs locaux veulent créer ici {number} emplois.",
        "Les spécialistes ont recommandé des techniques qui économisent l’eau.",
        "« Nous attendions ce jour depuis longtemps », a déclaré {person}.",
    ),
    places=LATIN_PLACES,
    people=LATIN_PEOPLE,
    categories=("Société", "Politique", "Sport", "Culture", "Économie", "Technologie"),
    tags=("bibliothèque", "école", "eau", "pont", "fête", "jardin"),
    caption="L’ouverture à {place}",
)

GERMAN = Vocabulary(
    headlines=(
        "Neue Bibliothek in {place} eröffnet",
        "{number} Schüler im Bezirk {place} ausgezeichnet",
        "Junge Forscher treffen sich in {place}",
        "Trinkwasserleitung im Dorf {place} in Betrieb genommen",
    ),
    sentences=(
        "Heute wurde in der Stadt {place} eine neue Bibliothek eröffnet.",
        "Mehr als {number} Schüler und Lehrer nahmen an der Veranstaltung teil.",
        "Das Projekt soll die Lebensbedingungen auf dem Land verbessern.",
        "Nach Angaben von {person} werden die Arbeiten im nächsten Frühjahr abgeschlossen.",
        "Für den Bau wurden {number} Millionen Sum bereitgestellt.",
        "Ähnliche Arbeiten laufen auch im benachbarten Bezirk {place}.",
        "Für die Kinder wurden eigene Klassenräume und Spielzimmer eingerichtet.",
        "Am Abend erklangen Volkslieder, und Handwerker zeigten ihre Arbeiten.",
        "Örtliche Unternehmer wollen hier {number} Arbeitsplätze schaffen.",
        "Fachleute empfahlen, häufiger wassersparende Verfahren einzusetzen.",
        "„Auf diesen Tag haben wir lange gewartet“, sagte {person}.",
    ),
    places=LATIN_PLACES,
    people=LATIN_PEOPLE,
    categories=("Gesellschaft", "Politik", "Sport", "Kultur", "Wirtschaft", "Technik"),
    tags=("Bibliothek", "Schule", "Wasser", "Brücke", "Fest", "Garten"),
    caption="Bei der Eröffnung in {place}",
)

SPANISH = Vocabulary(
    headlines=(
        "Se inaugura una nueva biblioteca en {place}",
        "Premian a {number} alumnos en el distrito de {place}",
        "Jóvenes científicos se reúnen en {place}",
        "¿Cómo llegó el agua potable al pueblo de {place}?",
    ),
    sentences=(
        "Hoy se inauguró una nueva biblioteca en la ciudad de {place}.",
        "Más de {number} alumnos y maestros participaron en el acto.",
        "El proyecto pretende mejorar las condiciones de vida en el campo.",
        "Según {person}, las obras terminarán en la próxima primavera.",
        "Para la construcción se destinaron {number} millones de soms.",
        "Obras parecidas se llevan a cabo en el distrito vecino de {place}.",
        "Para los niños se han preparado aulas y salas de juego.",
        "Por la noche sonaron canciones populares y los artesanos mostraron su trabajo.",
        "Los empresarios locales quieren crear aquí {number} puestos de trabajo.",
        "Los especialistas recomendaron técnicas que ahorran agua.",
        "«Hemos esperado mucho este día», dijo {person}.",
    ),
    places=LATIN_PLACES,
    people=LATIN_PEOPLE,
    categories=("Sociedad", "Política", "Deporte", "Cultura", "Economía", "Tecnología"),
    tags=("biblioteca", "escuela", "agua", "puente", "fiesta", "jardín"),
    caption="En la inauguración en {place}",
)

ARABIC = Vocabulary(
    headlines=(
        "افتتاح مكتبة جديدة في مدينة {place}",
        "تكريم {number} تلميذا في منطقة {place}",
        "لقاء العلماء الشباب في {place}",
    ),
    sentences=(
        "افتتحت اليوم مكتبة جديدة في مدينة {place}.",
        "شارك في الحفل أكثر من {number} تلميذا ومعلما.",
        "يهدف المشروع إلى تحسين ظروف الحياة في القرى.",
        "وقال {person} إن الأعمال ستنتهي في الربيع القادم.",
        "خصص للبناء مبلغ {number} مليون سوم.",
        "وتجري أعمال مماثلة في منطقة {place} المجاورة.",
        "أعدت للأطفال قاعات للدراسة وغرف للعب.",
        "وفي المساء قدمت الأغاني الشعبية وعرض الحرفيون أعمالهم.",
        "يعتزم رجال الأعمال المحليون توفير {number} فرصة عمل هنا.",
        "أوصى الخبراء باستخدام التقنيات التي توفر المياه.",
    ),
    places=("آق قايين", "بستان ساي", "زربولاق", "ألما ساي", "كوموش تبه"),
    people=("ديلنورا زربولاقوفا", "جاسور آق تبالوف", "مليكة أنارزاروفا"),
    categories=("المجتمع", "السياسة", "الرياضة", "الثقافة", "الاقتصاد", "التكنولوجيا"),
    tags=("مكتبة", "مدرسة", "ماء", "جسر", "عيد", "حديقة"),
    caption="من حفل الافتتاح في {place}",
)

CHINESE = Vocabulary(
    headlines=(
        "{place}市新图书馆开馆",
        "{place}区{number}名学生获得表彰",
        "青年科学家在{place}举行会议",
    ),
    sentences=(
        "今天，{place}市的一座新图书馆正式开馆。",
        "{number}多名学生和教师参加了这次活动。",
        "该项目旨在改善农村居民的生活条件。",
        "{person}表示，工程将于明年春天完工。",
        "政府为建设拨款{number}百万苏姆。",
        "邻近的{place}区也在进行类似的工作。",
        "这里为孩子们准备了教室和游戏室。",
        "晚上演唱了民歌，工匠们展示了自己的作品。",
        "当地企业家计划在这里创造{number}个就业岗位。",
        "专家们建议更广泛地采用节水技术。",
    ),
    places=("阿克凯因", "布斯通索伊", "扎尔布拉克", "奥尔马索伊", "库穆什特佩"),
    people=("迪尔诺拉", "贾苏尔", "玛莉卡"),
    categories=("社会", "政治", "体育", "文化", "经济", "科技"),
    tags=("图书馆", "学校", "水", "桥", "节日", "花园"),
    caption="{place}开馆现场",
    joint="",
)

_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "j", "з": "z",
    "и": "i", "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "s", "ч": "ch", "ш": "sh", "ъ": "ʼ",
    "ы": "i", "ь": "", "э": "e", "ю": "yu", "я": "ya", "ў": "oʻ", "қ": "q", "ғ": "gʻ", "ҳ": "h",
    "щ": "sh", "ә": "a", "ө": "o", "ү": "u", "ң": "n", "і": "i",
}  # fmt: skip
_LETTERS = str.maketrans(
    _LATIN | {key.upper(): value.capitalize() for key, value in _LATIN.items()}
)


def latin(text: str) -> str:
    """Write Cyrillic text in Uzbek Latin letters, with U+02BB and U+02BC as apostrophes."""
    words = text.split(" ")
    return " ".join(_soft_start(word).translate(_LETTERS) for word in words)


def _soft_start(word: str) -> str:
    if word[:1] in {"е", "Е"}:
        return ("ye" if word[0] == "е" else "Ye") + word[1:]
    return word


def _in_latin(source: Vocabulary) -> Vocabulary:
    def turned(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(latin(text) for text in texts)

    return Vocabulary(
        headlines=turned(source.headlines),
        sentences=turned(source.sentences),
        places=turned(source.places),
        people=LATIN_PEOPLE,
        categories=turned(source.categories),
        tags=turned(source.tags),
        caption=latin(source.caption),
    )


VOCABULARIES = {
    "uz-Cyrl": UZBEK,
    "uz-Latn": _in_latin(UZBEK),
    "kaa-Cyrl": KARAKALPAK,
    "ru": RUSSIAN,
    "en": ENGLISH,
    "fr": FRENCH,
    "de": GERMAN,
    "es": SPANISH,
    "ar": ARABIC,
    "zh": CHINESE,
}
