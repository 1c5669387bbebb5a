"""UzA's rules: how to read its addresses, dates, texts and bylines; where it lists articles."""

import re
from itertools import chain

from crawler.model.rules import AddressRules, AgencyRules, BylineRules, TextRules, TimestampRules
from crawler.text.orthography import in_karakalpak_latin, latin_spellings

# Any prefix works for any post (site sheet, section 2), so it is dropped and never used.
_PREFIX = r"(?i:/(?:[a-z]{2,3}|react)){0,2}"
_FILE = r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|pdf|mp[34]|xml|txt)"
_SLUG_DATE = r"(?:[0-9]{2}-[0-9]{2}-[0-9]{4}|[0-9]{2}\.[0-9]{2}\.[0-9]{4})(?:-[0-9]+)?"

ADDRESS = AddressRules(
    site="https://uza.uz",
    hosts=frozenset({"uza.uz", "www.uza.uz"}),
    articles=(
        # written on the current site: the number after the last "_", or the bare number
        re.compile(rf"{_PREFIX}/posts/(?:[^/]*_)?(?P<id>[1-9][0-9]{{0,11}})"),
        # imported: the old slug; not the names of the API's lists, other numbers, or files
        re.compile(
            rf"{_PREFIX}/posts/(?!(?:last|video|search|category|(?:[^/]*_)?[0-9]+|.*{_FILE})$)"
            r"(?P<slug>[^/]+)"
        ),
        # legacy: a dated slug below an edition and a section of one or more segments
        re.compile(rf"(?P<path>(?:/[\w.-]+){{0,4}}/(?P<slug>[^/]+-{_SLUG_DATE}))"),
    ),
    canonical="/posts/{}",
    refusals={
        "feed": re.compile(r"(?:/\w+)*/(?:rss|feed|sitemap)(?:[./].*)?"),
        "home page": re.compile(_PREFIX),
        "file": re.compile(rf".*{_FILE}"),
        "listing": re.compile(
            rf"{_PREFIX}/posts(?:/(?:last|video|search|category(?:/.+)?))?"
            r"|(?!.*/posts/)(?:/[\w.-]+){1,4}"
        ),
    },
    code_parameter="ELEMENT_CODE",
)

_TIME = r"(?P<hour>\d{1,2}) ?: ?(?P<minute>\d\d)(?: ?: ?(?P<second>\d\d))?"
_YEAR_FIRST = r"(?P<year>\d{4}) ?- ?(?P<month>\d{1,2}) ?- ?(?P<day>\d{1,2})"
_DAY_FIRST = r"(?P<day>\d{1,2}) ?\. ?(?P<month>\d{1,2}) ?\. ?(?P<year>\d{4}|\d\d)"
_LABEL = r"(?=.*[^\W\d_])(?!.*\d ?[.:] ?\d).+"  # a campaign's words, but no second date or time

TIMESTAMP = TimestampRules(
    zone="Asia/Tashkent",
    shapes=(
        re.compile(rf"(?:[^|]{{0,80}}\| ?)?{_TIME} ?/ ?{_YEAR_FIRST}"),
        re.compile(rf"{_DAY_FIRST}(?:,? {_TIME}(?: {_LABEL})?)?"),
    ),
    slug=re.compile(
        r"-(?P<day>\d\d)([-.])(?P<month>\d\d)\2(?P<year>(?:19|20)\d\d)(?:-\d+)?$", re.ASCII
    ),
)

# The menu's languages are known, but not their spelling: native names and other usual ones.
_MENU = (
    "中文", "chinese", "türkçe", "turkish", "тоҷикӣ", "точики", "tajik", "кыргызча", "kyrgyz",
    "türkmençe", "türkmen", "туркменча", "turkmen", "日本語", "japanese", "العربية", "عربي",
    "arabic", "english", "français", "french", "español", "spanish", "русский", "russian",
    "deutsch", "german", "ўзбекча", "uzbek", "узбекча", "қазақша", "kazakh",
    "қарақалпақша", "karakalpak", *latin_spellings("o'zbekcha"),
)  # fmt: skip
TEXT = TextRules(
    boilerplate=(
        re.compile(r"Размер шрифта:[ AАaа+-]*"),  # legacy; the letters are Latin or Cyrillic
        re.compile(r"Цвет сайта:[ AАЦaац]*"),  # legacy
        # legacy: the brand line, with any apostrophe
        re.compile(
            rf"(?:Ou?.?zA|[ЎУӨ]зА|UzA) (?:{'|'.join(_MENU)})".replace("'", "."), re.IGNORECASE
        ),
    ),
    shortcodes=(re.compile(r"\[gallery-\d+\]", re.IGNORECASE),),
    menu=frozenset(_MENU),
    counter=re.compile(r"\d{1,3}(?: \d{3})+|\d{1,6}"),
)


def _phrases(listed: str) -> tuple[str, ...]:
    """Split a list at its semicolons, and add each phrase in the new letters of Uzbek.

    Other languages do not have these letters, so their phrases never match there.
    """
    spellings = (latin_spellings(phrase.strip()) for phrase in listed.split(";"))
    return tuple(dict.fromkeys(chain.from_iterable(spellings)))


def _karakalpak(listed: str) -> str:
    """Add the Latin alphabets of Karakalpak to a list in Cyrillic."""
    return ";".join([listed, *in_karakalpak_latin(listed)])


BYLINE = BylineRules(
    agency=_phrases(f"UzA; OuzA; O'zA; ЎзА; ӮзА; УзА; UzA.uz; {_karakalpak('өза')}"),
    photo=_phrases(
        "photo; photos; photo by; photos by; pictures by; foto; fotos; foto von; fotos von;"
        "photo de; photos de; photo par; photos par; photographies de; crédit photo;"
        "foto de; fotos de; foto por; fotos por; fotografía de; fotografías de; fotoğraf;"
        "surat; surati; suratlar; suratlari; suratkash; suratga oldi; fotosurat; fotosuratlar;"
        "olgan surat; olgan suratlar; surat muallifi; suratlar muallifi; foto muallifi;"
        "fotolar muallifi; fotolar; fotomuxbir; fotomuxbiri;"
        "сурат; сурати; суратлар; суратлари; суратга олди; фотосурат; фотосуратлар; фотолар;"
        "олган сурат; олган суратлар; сурат муаллифи; суратлар муаллифи; автор фото; фото автора;"
        "фотомухбир; фотомухбири; фото; фотография; фотографии; фотокорреспондент; фотограф;"
        f"{_karakalpak('сүўрет; сүўретлер')}; تصوير; صور; 摄影; 图片"
    ),
    video=_phrases(
        "video; videos; video by; videos by; footage by; cameraman; camera; vidéo; vidéos;"
        "vidéo de; vidéo par; vidéos de; Video von; Videos von; Kamera; vídeo; vídeos; vídeo de;"
        "vídeos de; video de; videos de;"
        "videosi; videolar; videolavha; videolavhalar; videotasvir; videotasvirchi; tasvirchi;"
        "video muallifi; videolar muallifi;"
        "tasvirchilar; tasvir; tasvirga oldi; operator; operatori; videooperator; videomuxbir;"
        "videomuxbiri; видео; видеоси; видеолавҳа; видеотасвир; тасвирчи; тасвирчилар; тасвир;"
        "тасвирга олди; оператор; оператори; видеооператор; видеооператори; видеомухбир;"
        "видеосъёмка; видео автора; فيديو; 视频; 摄像"
    ),
    translator=_phrases(
        "translated by; translation by; translation; traduit par; traduction; traduction de;"
        "übersetzt von; übersetzung; traducido por; traducción; traducción de;"
        "tarjimon; tarjima; tarjimasi; таржимон; таржима; таржимаси;"
        "перевод; перевёл; перевела; переводчик; ترجمة; 翻译"
    ),
    lead=_phrases(
        "by; prepared by; written by; text by; interviewed by; text and photo by;"
        "text and photos by; par; préparé par; préparée par; propos recueillis par; texte de;"
        "von; vorbereitet von; text von; por; preparado por; texto de;"
        "tayyorladi; tayyorladilar; suhbatlashdi; suhbatdosh; muallif; matn;"
        "matn va surat; surat va matn; матн ва сурат; сурат ва матн;"
        "matn va video; video va matn; матн ва видео; видео ва матн;"
        "suhbatni; yozib oldi; yozib oldilar; suhbatni yozib oldi; suhbatni yozib oldilar;"
        "суҳбатни; ёзиб олди; ёзиб олдилар; суҳбатни ёзиб олди; суҳбатни ёзиб олдилар;"
        "тайёрлади; тайёрладилар; суҳбатлашди; суҳбатдош; муаллиф; матн;"
        "подготовил; подготовила; подготовили; подготовлено; материал подготовил;"
        "материал подготовила; материал подготовили; беседовал; беседовала; записал; записала;"
        "автор; авторы; текст; текст и фото; фото и текст; إعداد;"
        + _karakalpak("таярлаған; таярлады")
    ),
    titles=_phrases(
        "correspondent; special correspondent; reporter; correspondant; correspondante;"
        "korrespondent; korrespondentin; corresponsal; muhabiri; journalist; journaliste;"
        "muxbir; muxbiri; muxbirlari; maxsus muxbiri; sharhlovchisi; jurnalist;"
        "мухбир; мухбири; мухбирлари; махсус мухбири; шарҳловчиси; журналист;"
        "корреспондент; корреспонденты; корреспонденти; собственный корреспондент;"
        "специальный корреспондент; корр.; соб. корр.; спец. корр.; обозреватель;"
        "مراسل; 记者;" + _karakalpak("тилшиси; хабаршысы")
    ),
    # The last word of a position, which in Uzbek follows the institution: `... muzeyi direktori`.
    positions=_phrases(
        "a'zosi; administratori; advokat; advokati; agronom; agronomi; akademik; akademigi; arbobi;"
        "arxitektor; aspirant; aspiranti; artisti; bakalavr; boshlig'i; boshqaruvchisi; deputat;"
        "deputati; dekani; direktor; direktori; doktor; doktori; doktorant; doktoranti; dotsent;"
        "dotsenti; ekspert; eksperti; elchisi; faxriysi; faylasuf; filolog; hakami; hokimi;"
        "huquqshunos; ijodkor; imomi; imom-xatibi; inspektori; iqtisodchi; kapitani; konsuli;"
        "kotibi; magistr; magistranti; maslahatchisi; menejeri; metodisti; muallim; muallimi;"
        "muallimasi; mudir; mudiri; mudirasi; muhandis; muhandisi; muharriri; murabbiy; murabbiyi;"
        "mutaxassis; mutaxassisi; nomzodi; notarius; noziri; o'qituvchi; o'qituvchisi; o'rinbosari;"
        "olim; olimasi; pedagog; polkovnik; prezidenti; professor; professori; prokuror; prokurori;"
        "psixolog; psixologi; rahbar; rahbari; rais; raisi; rassom; rektor; rektori; sarkotibi;"
        "senator; senatori; shifokor; shifokori; shoir; shoira; siyosatshunos; sotsiolog; sudya;"
        "sudyasi; talaba; talabasi; tadbirkor; tadqiqotchi; tadqiqotchisi; tahlilchi; tahlilchisi;"
        "tarixchi; tarjimon; tarbiyachi; tarbiyachisi; vakili; vaziri; xodim; xodimi; yetakchisi;"
        "yozuvchi; yozuvchisi; shoiri; yuristi; yurist; yuriskonsulti; analitigi; bekasi;"
        "chempioni; fermer; fermeri; fuqaro; fuqarosi; hamraisi; hunarmand; kinorejissyor;"
        "konsultanti; koordinatori; kursanti; loyihachisi; menejer; mudarrisi; muovini; noibi;"
        "o'quvchisi; publitsist; rejissyor; rejissyori; sportchisi; tinglovchisi; ustasi; veterani;"
        "xatibi; yozuvchi-jurnalist; tadqiqotchi-olim; kompozitor; musiqashunos; san'atshunos;"
        "adabiyotshunos; tilshunos; elshunos; madaniyatshunos; dinshunos; aktyor; aktrisa; xonanda;"
        "hofiz; аъзоси; адвокат; адвокати; агроном; академик; арбоби; артисти; бошлиғи;"
        "бошқарувчиси; депутат; депутати; декани; директор; директори; доктор; доктори; докторант;"
        "докторанти; доцент; доценти; эксперт; эксперти; элчиси; фахрийси; файласуф; ҳокими;"
        "ҳуқуқшунос; имоми; имом-хатиби; инспектори; иқтисодчи; котиби; магистранти; маслаҳатчиси;"
        "методисти; муаллим; мудири; муҳандис; муҳандиси; муҳаррири; мураббий; мураббийи;"
        "мутахассис; мутахассиси; номзоди; ўқитувчи; ўқитувчиси; ўринбосари; олим; педагог;"
        "президенти; профессор; профессори; прокурори; психолог; раҳбари; раис; раиси; рассом;"
        "ректор; ректори; сенатор; сенатори; шифокор; шифокори; шоир; шоира; сиёсатшунос; социолог;"
        "судья; судьяси; талабаси; тадбиркор; тадқиқотчи; тадқиқотчиси; таҳлилчи; таҳлилчиси;"
        "тарихчи; таржимон; тарбиячи; тарбиячиси; вакили; вазири; ходими; етакчиси; ёзувчи;"
        "ёзувчиси; шоири; юрист; экономист; политолог; историк; писатель; поэт; expert"
    ),
    joiners=_phrases(f"and; &; va; ва; и; et; y; und; ve; һәм; {_karakalpak('ҳәм')}; و; 和"),
    particles=_phrases(
        "o'g'li; o'gli; og'li; ogli; ogly; oglu; qizi; kizi; ўғли; қизи; оглы; оглу; угли; кизи;"
        "кызы; улы; de; del; da; di; van; der; den; von; al-; ad-; an-; ar-; as-; ash-; at-; az-;"
        "el-; bin; ibn; bint; ben; аль-; ал-; ибн; бин"
    ),
    # The capital and the regional centres, in each script and in the Western editions' spelling.
    places=_phrases(
        "Toshkent; Nukus; Andijon; Buxoro; Farg'ona; Jizzax; Namangan; Navoiy; Qarshi; Samarqand;"
        "Guliston; Termiz; Urganch; Nurafshon; No'kis; Nókis;"
        "Тошкент; Нукус; Андижон; Бухоро; Фарғона; Жиззах; Наманган; Навоий; Қарши; Самарқанд;"
        "Гулистон; Термиз; Урганч; Нурафшон; Нөкис; Тәшкен; Тошканд;"
        "Ташкент; Андижан; Бухара; Фергана; Джизак; Навои; Карши; Самарканд; Гулистан; Термез;"
        "Ургенч; Нурафшан;"
        "Tashkent; Andijan; Bukhara; Fergana; Ferghana; Jizzakh; Navoi; Karshi; Samarkand;"
        "Gulistan; Termez; Urgench; Taschkent; Buchara; Tachkent; Boukhara; Samarcande; Taskent;"
        "Samarcanda; Bujará; Taşkent; Semerkant; Buhara; طشقند; سمرقند; بخارى; نوكوس; فرغانة;"
        # newspapers and institutions that may be named below a text as its source
        "Yangi Oʻzbekiston; Янги Ўзбекистон; Новый Узбекистан; New Uzbekistan; Oliy Majlis;"
        "Олий Мажлис; Oliy Majlis Senati; Олий Мажлис Сенати; Oʻzbekiston Respublikasi;"
        "Ўзбекистон Республикаси; Республика Узбекистан; Qoraqalpogʻiston Respublikasi;"
        "塔什干; 撒马尔罕; 布哈拉; 努库斯; 费尔干纳"
    ),
    ends_text=True,
    below=re.compile(
        r"(?:Ilova|Илова|Приложение|Manba|Манба|Источник|Surat|Сурат|Foto|Фото|Video|Видео)"
        r"(?:lar|лар)?\s?:.{1,150}"
    ),
)

RULES = AgencyRules(
    name="uza",
    editions={
        "uz": "uz-Cyrl",
        "oz": "uz-Latn",
        "ru": "ru",
        "en": "en",
        "fr": "fr",
        "de": "de",
        "es": "es",
        "ar": "ar",
        "cn": "zh",
        "tr": "tr",
    },
    address=ADDRESS,
    timestamp=TIMESTAMP,
    text=TEXT,
    byline=BYLINE,
    unconfirmed_editions=frozenset({"tr"}),
    image_size=re.compile(r"_(?:small|normal|front)(?=\.\w+$)"),
    charset="windows-1251",
)

# Where articles are listed (site sheet, sections 4 and 6); other editions' feeds return 404.
RSS_EDITIONS = frozenset({"ru", "uz", "oz", "en"})
LIST_LINKS = "a.small-news__title"
