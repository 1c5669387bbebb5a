"""What tells one language from another in the same script: its letters, small words and shapes.

Small words are the ones no text of the language does without; words that neighbours share stand
in both lists and so decide nothing. Letters are those beyond the ones all languages of the script
have. Apostrophes are plain (``'``). All words and letters are lower case.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language in a script: BCP 47 tag and ISO 15924 code."""

    tag: str
    script: str


@dataclass(frozen=True, slots=True)
class Profile:
    """How texts of a language look; ``endings`` are endings of words that its neighbours lack."""

    language: Language
    letters: frozenset[str]
    words: frozenset[str]
    endings: frozenset[str]


def _profile(tag: str, script: str, letters: str, words: str, endings: str = "") -> Profile:
    sets = (frozenset(letters), frozenset(words.split()), frozenset(endings.split()))
    return Profile(Language(tag, script), *sets)


CYRILLIC = (
    _profile(
        "uz-Cyrl",
        "Cyrl",
        "ўқғҳ",
        "ва билан учун бу ҳам бир бўйича эди деб деди бўлиб бўлди унинг мазкур ушбу ҳамда йил "
        "йилда йили эса эмас каби энг қилди этди этилди ўз керак бор янги сўнг шу у биз улар "
        "томонидан ҳақида орқали бўлган қилган этилган эканини давлат халқ ҳар кун юртимиз "
        "юртимизда оид муҳим бўлиши этиш қилиш бўлмоқда келган берди ўтди ўтказилди "
        "очилди олди лекин аммо "
        "чунки яна кўра қадар сингари барча турли катта кичик нафар минг ёш янада алоҳида "
        "республикаси ўзбекистон президенти ҳудуд ҳудудида шаҳрида туманида вилояти иштирок",
        "нинг ларни ларга ларда лардан лари имиз имизда моқда ётган дилар",
    ),
    _profile(
        "kaa-Cyrl",
        "Cyrl",
        "әөүҳқғңўыщ",
        "ҳәм менен ушын бул бир бойынша болып деп еди деди болды оның усы сондай ҳәмде жыл жылы "
        "болған еткен етилди өз бар жаңа соң сол ол биз олар тәрепинен ҳаққында арқалы ҳәр күн "
        "мәмлекет халық қарақалпақстан керек емес ең екенин қатар үлкен және барлық исләри "
        "өткерилди қатнасты қаласында районында жас мың неше еллимиз республикасы исленди",
        "ның ниң лерди ларды лары лери ында инде мақта атырған",
    ),
    _profile(
        "kk",
        "Cyrl",
        "әіңғүұқөһыщ",
        "және мен бұл үшін бір бойынша болып деп еді деді болды оның осы сондай ақ жыл жылы болған "
        "өз бар жаңа соң сол ол біз олар туралы арқылы әр күн мемлекет халық қазақстан керек емес "
        "ең екенін дейін бірге қатар үлкен барлық өтті қатысты қаласында ауданында жас мың "
        "кейін тарапынан бірақ тағы республикасы үлгі",
        "ның нің лерді ларды лары лері ында інде ған ген",
    ),
    _profile(
        "ky",
        "Cyrl",
        "ңөүыщ",
        "жана менен бул үчүн бир боюнча болуп деп эле деди болду анын ушул ошондой ошол жыл жылы "
        "болгон өз бар жаңы соң ал биз алар тууралуу аркылуу ар күн мамлекет эл кыргыз кыргызстан "
        "керек эмес эң экенин чейин бирге катар чоң бардык өттү катышты шаарында районунда жаш миң "
        "кийин тарабынан бирок дагы республикасы деген көп",
        "нын нин нун нүн ларды лерди лору лөрү унда үндө ууда",
    ),
    _profile(
        "tg",
        "Cyrl",
        "ӣӯҷқғҳ",
        "ва дар аз ба ки бо барои ин он ро аст шуд шуда бошад худ кард карда намуд буд соли сол "
        "мазкур гардид то ҳам низ чунин байни яке ҳар як рӯзи тоҷикистон ҷумҳурии мардум давлати "
        "онҳо мо нав бузург баргузор шаҳри ноҳияи гуфт аммо зеро пас дигар иштирок карданд шуданд "
        "нафар ҷавон ҳазор бояд",
        "ҳои ҳоро ҳо гардид гардида кунанд шаванд мекунад мешавад",
    ),
    _profile(
        "ru",
        "Cyrl",
        "ыщ",
        "и в во на с со по что не для из к за от о об это этого как его ее их также был была было "
        "были года году у но при до а или который которые которая которых он она они мы я будет "
        "все всех более между под после чтобы этом том так уже лет республики узбекистан "
        "узбекистана стран сообщает эти этой этот эта этого через при без над если когда где там "
        "здесь только еще ещё свой своего своей своих себя ему ей им нам них нее сейчас теперь "
        "каждый каждую два две три один одна однако чем ли бы же даже лишь может",
        "ого его ение ения ться ский ская ские ских ную ость ости ами ями",
    ),
    _profile(
        "uk",
        "Cyrl",
        "іїєґщ",
        "і й та в у на з із зі за до по про не що як для від це цього цьому цей ця ці його її їх "
        "вони він вона ми ви я був була було були буде будуть є але або чи який яка яке які яких "
        "також під час після між через при над без так вже ще тут там де коли якщо щоб року роки "
        "рік років два дві три один одна один усі всі україни україна україні києві повідомляє "
        "повідомив повідомила лише навіть тому тільки проти серед зокрема сьогодні кожен щороку",
        "ого ього ися ться ння нням ість ості ської ський ська ські ські ських ому ами ями ів їв",
    ),
    _profile(
        "be",
        "Cyrl",
        "іўы",
        "і ў у на з са за да па пра не што як для ад гэта гэтага гэты гэтая гэтыя яго яе іх яны ён "
        "яна мы вы я быў была было былі будзе будуць ёсць але або ці які якая якое якія якіх "
        "таксама пад час пасля паміж праз пры над без так ужо яшчэ тут там дзе калі каб года гады "
        "год гадоў два дзве тры адзін усе беларусі беларусь мінску паведаміў паведамілі толькі",
        "ага яга ыся цца нне ннем асць асці скай скі ская скія скіх аму амі ямі аў яў",
    ),
    _profile(
        "bg",
        "Cyrl",
        "щ",
        "и в във на с със за от до по при през към след между под над без не че да се си е са ще "
        "бе беше бяха бъде бъдат има няма го я ги му им той тя то те ние това този тази тези което "
        "който която които като как още също или но а също така тук там къде кога ако година "
        "години два две три един една едно всички българия софия съобщиха съобщи само само днес",
        "ът ият ите ата ето ията ново ски ска ските ването ността",
    ),
)

LATIN = (
    _profile(
        "uz-Latn",
        "Latn",
        "",
        "va bilan uchun bu ham bir bo'yicha edi deb dedi bo'lib bo'ldi uning mazkur ushbu hamda "
        "yil yilda yili esa emas kabi eng qildi etdi etildi o'z kerak bor yangi so'ng shu u biz "
        "ular tomonidan haqida orqali bo'lgan qilgan etilgan ekanini davlat xalq har kun yurtimiz "
        "yurtimizda oid muhim bo'lishi etish qilish bo'lmoqda kelgan berdi o'tdi o'tkazildi "
        "ochildi oldi lekin ammo chunki yana ko'ra qadar singari barcha turli katta kichik nafar "
        "ming yosh yanada alohida respublikasi o'zbekiston prezidenti hudud shahrida tumanida",
        "ning larni larga larda lardan lari imiz imizda moqda yotgan dilar",
    ),
    _profile(
        "kaa-Latn",
        "Latn",
        "áǵıńóú",
        "hám ha'm menen ushın ushi'n bul bir boyınsha boyi'nsha bolıp boli'p dep edi dedi boldı "
        "boldi' onıń oni'n' usı usi' sonday hámde ha'mde jıl ji'l jılı ji'li' bolǵan bolg'an óz "
        "o'z bar jańa jan'a soń son' sol ol biz olar tárepinen haqqında haqqi'nda arqalı arqali' "
        "hár ha'r kún ku'n xalıq xali'q qaraqalpaqstan kerek emes eń en' ótkerildi qatnastı "
        "qalasında rayonında jas mıń úlken barlıq mámleket elimiz respublikası",
        "nıń niń ni'n' nin' lardı lerdi ları leri ında inde maqta atırǵan",
    ),
    _profile(
        "tk",
        "Latn",
        "äçžňöşüý",
        "we bilen üçin bu bir hem boýunça bolup diýip boldy onuň şol şeýle ýyl ýyly ýylda bolan "
        "öz bar täze soň ol biz olar tarapyndan barada arkaly her gün döwlet halk türkmenistanyň "
        "türkmenistan gerek däl iň beýik uly ähli geçirildi gatnaşdy şäherinde etrabynda ýaş müň "
        "çenli ýaly ýene etdi edildi berildi",
        "nyň niň lary leri ynda inde ýär ýan ýän",
    ),
    _profile(
        "tr",
        "Latn",
        "çğıöşüâîû",
        "ve bir bu için ile da de olarak olan çok daha en gibi ise etti oldu türkiye kadar sonra "
        "özbekistan ne ya ki o biz onlar tarafından göre arasında yeni büyük her gün yıl yılında "
        "değil ama ancak diye dedi açıldı yapıldı edildi katıldı üzerinde şehrinde halk devlet "
        "cumhuriyeti bin genç önemli",
        "ının inin nın nin ları leri larını lerini mıştır miştir yor acak ecek",
    ),
    _profile(
        "en",
        "Latn",
        "",
        "the of and in to a for on with is was were by that it as at from this be are has have had "
        "an which will its their he she they we not but or who been more also said new after all "
        "one about there year years between into his her during than",
    ),
    _profile(
        "fr",
        "Latn",
        "àâæçéèêëîïôœùûüÿ",
        "le la les de des et en du un une pour dans sur par est au aux que qui avec ce cette ces "
        "il elle ils nous a ont été sont plus ne pas se son sa ses leur leurs mais ou où entre "
        "après lors ainsi aussi être fait deux comme",
    ),
    _profile(
        "de",
        "Latn",
        "äöüß",
        "der die das und in den von zu mit für auf des dem ist im ein eine einer eines einem einen "
        "am an auch als bei nach wurde wurden werden wird sich nicht sie er es wir hat haben war "
        "sind zum zur über aus vor durch oder aber wie dass zwischen unter diese dieser",
    ),
    _profile(
        "es",
        "Latn",
        "áéíñóúü",
        "el la los las de y en del que por para con una un se su al es como más sus fue este esta "
        "entre ha han sobre lo no son a o pero también sin desde hasta cuando donde muy años año "
        "ser está están durante nuestro ellos",
    ),
    _profile(
        "it",
        "Latn",
        "àèéìòù",
        "il lo la i gli le l' un uno una di del dello della dei degli delle dell' a al allo alla "
        "ai agli alle all' da dal dalla dai dalle dall' in nel nella nei nelle nell' su sul sulla "
        "sull' con per tra fra e ed o ma non che chi cui si è sono era erano ha hanno ho sarà "
        "stato stata stati state anche come più dopo prima dove quando ogni anno anni questo "
        "questa questi quello quella loro suo sua suoi ecco già ancora due tre contro oggi ieri "
        "c' d' un' ci ne ora",
        "zione zioni mente ità ato ata ati anno ono etti",
    ),
    _profile(
        "pt",
        "Latn",
        "áâãàçéêíóôõú",
        "o a os as um uma de do da dos das e em no na nos nas por pelo pela pelos pelas para com "
        "sem que se não é são foi foram era ser será está estão tem têm há mais como mas ou ao à "
        "aos às seu sua seus suas este esta isto ele ela eles após sobre entre até quando onde "
        "também já ainda muito ano anos dois três contra hoje ontem nova novo todos agora ali",
        "ção ções mente dade ado ada inho",
    ),
)

ARABIC = (
    _profile(
        "ar",
        "Arab",
        "ةىيكأإآؤئ",
        "في من على إلى أن التي الذي عن مع هذا هذه كان كانت بين بعد قبل أو ثم كما لا ما هو هي ذلك "
        "وفي قد تم وقد خلال حيث عام يوم كل غير",
    ),
    _profile(
        "fa",
        "Arab",
        "پچژگکیآئ",
        "و در به از که این را با است آن برای یک خود تا کرد شد شده می های بر هم نیز بود باید دارد "
        "کرده وی اما سال روز ایران گفت",
        "های هایی ترین",
    ),
)

CHINESE = Language("zh", "Hans")
TRADITIONAL_CHINESE = Language("zh", "Hant")
JAPANESE = Language("ja", "Jpan")

# Frequent characters of which each script has its own form.
SIMPLIFIED = frozenset("这来时国对说为会发们个开关长门问间东车马书见贝学习进过还让乌兹华经济业务")
TRADITIONAL = frozenset("這來時國對說為會發們個開關長門問間東車馬書見貝學習進過還讓烏茲華經濟業務")

# Languages without a profile here, by the scripts they are written in; of the others a hint is
# believed for Latin letters only. Source: CLDR's likely subtags and language data.
_NOT_LATIN = {
    "Cyrl": "ab av ba ce cv kv mhr mk mn os sah sr az bs kaa ku tt tyv udm uz",
    "Arab": "az ckb ku ps sd ug ur",
    "Hang": "ko",
    "": "am as bn bo dv dz el gu he hi hy ka km kn lo ml mr my ne or pa sa si ta te th ti yi",
}
_LATIN_TOO = "az bs kaa ku sr tt uz"


def is_written_in(tag: str, script: str) -> bool:
    """Tell whether a language without a profile may be written in a script."""
    language, *subtags = tag.split("-")
    if named := [subtag for subtag in subtags if len(subtag) == 4]:
        return script in named
    if script == "Latn":
        others = {each for languages in _NOT_LATIN.values() for each in languages.split()}
        return language not in others - set(_LATIN_TOO.split())
    return language in _NOT_LATIN.get(script, "").split()
