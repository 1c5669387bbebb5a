"""Months and zones by name, and calendars other than the Gregorian."""

import re
from collections.abc import Mapping
from datetime import date, timedelta, timezone, tzinfo

from dateutil import tz

# From January on, in the languages of CLDR: alone, in a date, and abbreviated. Words that mean one
# month in Polish or Czech and another in Croatian are left out.
_NAMES = (
    (
        "january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuuta tammi "
        "tammikuu janúar jaanuar jaan janvāris sausio saus sausis stycznia sty styczeń ledna led "
        "leden januára január siječnja sij siječanj јануар јан јануари януари яну ianuarie ian "
        "ιανουαρίου ιαν ιανουάριος ocak oca yanvar yan январ янв қаңтар қаң январь ýanwar ýan "
        "гыйнвар гыйн января січня січ січень студзеня сту студзень იანვარი იან հունվարի հնվ "
        "հունվար ינואר ינו׳ يناير ژانویه جنوري rêbendan rbn جنوری जनवरी जन॰ জানুয়ারি জানু ஜனவரி "
        "ஜன జనవరి జన ജനുവരി ജനു ಜನವರಿ ಜನ जानेवारी जाने જાન્યુઆરી જાન્યુ ਜਨਵਰੀ ਜਨ มกราคม ม.ค "
        "ມັງກອນ ມ.ກ ဇန်နဝါရီ ဇန် មករា ጃንዋሪ ጃን januarie janar gener xaneiro xan urtarrila urt "
        "eanáir ean ionawr ion jannar දුරුතු janairu januwari janaayo jannaayo jänner"
    ),
    (
        "february feb februar février févr febrero febbraio fevereiro fev februari helmikuuta "
        "helmi helmikuu febrúar veebruar veebr februāris febr vasario vas vasaris lutego lut luty "
        "února úno únor februára február veljače velj veljača фебруар феб февруари фев februarie "
        "φεβρουαρίου φεβ φεβρουάριος şubat şub fevral феврал ақпан ақп февраль fewral few февраля "
        "февр лютого лют лютий лютага люты თებერვალი თებ փետրվարի փտվ փետրվար פברואר פבר׳ فبراير "
        "فوریه فبروري فېبروري sibat sbt فروری फ़रवरी फ़र॰ ফেব্রুয়ারি ফেব பிப்ரவரி பிப் ఫిబ్రవరి "
        "ఫిబ్ర ഫെബ്രുവരി ഫെബ്രു ಫೆಬ್ರವರಿ ಫೆಬ್ರ फेब्रुवारी फेब्रु ફેબ્રુઆરી ફેબ્રુ ਫ਼ਰਵਰੀ ਫ਼ਰ "
        "กุมภาพันธ์ ก.พ ກຸມພາ ກ.ພ ဖေဖော်ဝါရီ ဖေ កុម្ភៈ pebrero peb ፌብሩዋሪ ፌብ shkurt shk febrer "
        "febreiro otsaila ots feabhra feabh chwefror chwef chw frar fra फेब्रुअरी නවම් faburairu "
        "fab februwari febraayo feber"
    ),
    (
        "march mar märz mär mars marzo março maart mrt marts maaliskuuta maalis maaliskuu märts "
        "kovo kov kovas marca marzec března bře březen marec ožujka ožu ožujak март мар mart "
        "martie március márc μαρτίου μαρ μάρτιος μάρ наурыз нау марта березня бер березень "
        "сакавіка сак сакавік მარტი მარ մարտի մրտ մարտ מרץ مارس مارچ adar adr मार्च মার্চ மார்ச் "
        "மார் మార్చి മാർച്ച് മാർ ಮಾರ್ಚ್ માર્ચ ਮਾਰਚ มีนาคม มี.ค ມີນາ ມ.ນ မတ် មីនា maret mac marso "
        "machi ማርች març martxoa márta mawrth maw marzu මැදින් maris mashi mas maarso maerz"
    ),
    (
        "april apr avril avr abril abr aprile huhtikuuta huhti huhtikuu apríl aprill aprīlis "
        "balandžio bal balandis kwietnia kwi kwiecień dubna dub duben apríla travnja tra travanj "
        "април апр aprilie április ápr απριλίου απρ απρίλιος nisan nis aprel апрел сәуір сәу "
        "апрель апреля квітня квіт квітень красавіка кра красавік აპრილი აპრ ապրիլի ապր ապրիլ "
        "אפריל אפר׳ أبريل آوریل اپریل nîsan nsn अप्रैल এপ্রিল এপ্রি ஏப்ரல் ஏப் ఏప్రిల్ ఏప్రి "
        "ഏപ്രിൽ ഏപ്രി ಏಪ್ರಿಲ್ ಏಪ್ರಿ एप्रिल एप्रि એપ્રિલ ਅਪ੍ਰੈਲ ਅਪ੍ਰੈ เมษายน เม.ย ເມສາ ມ.ສ ဧပြီ ဧ "
        "មេសា aprili ኤፕሪል ኤፕሪ prill pri d’abril d’abr apirila api aibreán aib ebrill ebr अप्रिल "
        "බක් afirilu afi ephreli eph abriil"
    ),
    (
        "may mai mayo maggio mag maio mei maj toukokuuta touko toukokuu maí maijs gegužės geg "
        "gegužė maja května kvě květen mája máj svibnja svi svibanj мај май május μαΐου μαΐ μάιος "
        "μάι mayıs мамыр мам maý мая травня трав травень მაისი მაი մայիսի մյս մայիս מאי مايو مه "
        "مۍ gulan gln مئی मई মে மே మే മേയ് ಮೇ मे મે ਮਈ พฤษภาคม พ.ค ພຶດສະພາ ພ.ພ မေ ឧសភា ሜይ maig "
        "maiatza bealtaine beal mejju mej වෙසක් mayu meyi mey maayo"
    ),
    (
        "june jun juni juin junio giugno giu junho kesäkuuta kesä kesäkuu júní jún juuni jūnijs "
        "jūn birželio birž birželis czerwca cze czerwiec června čvn červen júna junij lipnja "
        "lipanj јун јуни юни iunie iun június ιουνίου ιουν ιούνιος ιούν haziran haz iyun iyn июн "
        "маусым мау июнь iýun июня червня черв червень чэрвеня чэр чэрвень ივნისი ივნ հունիսի հնս "
        "հունիս יוני يونيو ژوئن جون hezîran hzr जून জুন ஜூன் జూన్ ജൂൺ ಜೂನ್ જૂન ਜੂਨ มิถุนายน มิ.ย "
        "ມິຖຸນາ ມິ.ຖ ဇွန် មិថុនា hunyo hun ጁን junie qershor qer juny xuño ekaina eka meitheamh "
        "meith mehefin meh ġunju ġun जुन පොසොන් yuni yun juun"
    ),
    (
        "july jul juli juillet juil julio luglio lug julho heinäkuuta heinä heinäkuu júlí júl "
        "juuli jūlijs jūl liepos liep liepa lipca lipiec července čvc červenec júla julij srpnja "
        "srpanj јул јули юли iulie iul július ιουλίου ιουλ ιούλιος ιούλ temmuz tem iyul iyl июл "
        "шілде шіл июль iýul июля липня лип липень ліпеня ліп ліпень ივლისი ივლ հուլիսի հլս "
        "հուլիս יולי يوليو ژوئیه جولای tîrmeh trm جولائی जुलाई जुल॰ জুলাই জুল ஜூலை జులై ജൂലൈ ಜುಲೈ "
        "जुलै જુલાઈ ਜੁਲਾਈ ਜੁਲਾ กรกฎาคม ก.ค ກໍລະກົດ ກ.ລ ဇူလိုင် ဇူ កក្កដា julai hulyo hul ጁላይ "
        "julie korrik korr juliol xullo xul uztaila uzt iúil gorffennaf gorff gor lulju lul ඇසළ "
        "yuli yul julayi luulyo"
    ),
    (
        "august aug août agosto ago augustus augusti elokuuta elo elokuu ágúst ágú augusts "
        "rugpjūčio rugp rugpjūtis sierpnia sie sierpień srpna srpen augusta avgust avg kolovoza "
        "kol kolovoz август авг augusztus αυγούστου αυγ αύγουστος αύγ ağustos ağu avqust avq "
        "тамыз там awgust awg августа серпня серп серпень жніўня жні жнівень აგვისტო აგვ օգոստոսի "
        "օգս օգոստոս אוגוסט אוג׳ أغسطس اوت اګست tebax tbx اگست अगस्त अग॰ আগস্ট আগ ஆகஸ்ட் ஆக "
        "ఆగస్టు ఆగ ഓഗസ്റ്റ് ഓഗ ಆಗಸ್ಟ್ ಆಗ ऑगस्ट ऑग ઑગસ્ટ ਅਗਸਤ ਅਗ สิงหาคม ส.ค ສິງຫາ ສ.ຫ ဩဂုတ် ဩ "
        "សីហា agustus agu ogos ogo agosti ኦገስት ኦገስ gusht gush d’agost d’ag agost ag abuztua abu "
        "lúnasa lún awst awwissu aww अगस्ट නිකිණි agusta agasti aga ogs ogosto"
    ),
    (
        "september sep sept septembre septiembre settembre set setembro syyskuuta syys syyskuu "
        "septembris rugsėjo rugs rugsėjis września wrz wrzesień září zář septembra rujna ruj "
        "rujan септембар сеп septembar септември septembrie szeptember szept σεπτεμβρίου σεπ "
        "σεπτέμβριος eylül eyl sentyabr sen sentabr сентябр сен қыркүйек қыр сентябрь sentýabr "
        "сент сентября вересня вер вересень верасня верасень სექტემბერი სექ սեպտեմբերի սեպ "
        "սեպտեմբեր ספטמבר ספט׳ سبتمبر سپتامبر سېپتمبر سپتمبر îlon îln ستمبر सितंबर सित॰ "
        "সেপ্টেম্বর সেপ সেপ্ট செப்டம்பர் செப் సెప్టెంబర్ సెప్టెం സെപ്റ്റംബർ സെപ്റ്റം ಸೆಪ್ಟೆಂಬರ್ "
        "ಸೆಪ್ಟೆಂ सप्टेंबर सप्टें સપ્ટેમ્બર સપ્ટે ਸਤੰਬਰ ਸਤੰ กันยายน ก.ย ກັນຍາ ກ.ຍ စက်တင်ဘာ စက် "
        "កញ្ញា setyembre septemba ሴፕቴምበር ሴፕቴ shtator sht setembre iraila ira mfómh medi settembru "
        "सेप्टेम्बर බිනර satumba sat septhemba sebtembar seb sebteembar setiembre"
    ),
    (
        "october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta loka lokakuu "
        "október oktoober oktobris spalio spal spalis października paź październik října říj "
        "říjen októbra октобар окт oktobar октомври octombrie οκτωβρίου οκτ οκτώβριος ekim eki "
        "oktyabr oktabr октябр қазан қаз октябрь oktýabr октября жовтня жовт жовтень кастрычніка "
        "кас кастрычнік ოქტომბერი ოქტ հոկտեմբերի հոկ հոկտեմբեր אוקטובר אוק׳ أكتوبر اکتبر اکتوبر "
        "cotmeh cot अक्टूबर अक्टू॰ অক্টোবর অক্টো அக்டோபர் அக் అక్టోబర్ అక్టో ഒക്‌ടോബർ ഒക്ടോ "
        "ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ ऑक्टोबर ऑक्टो ઑક્ટોબર ઑક્ટો ਅਕਤੂਬਰ ਅਕਤੂ ตุลาคม ต.ค ຕຸລາ ຕ.ລ အောက်တိုဘာ "
        "အောက် តុលា oktubre oktoba ኦክቶበር ኦክቶ tetor tet d’octubre d’oct urria urr dfómh hydref hyd "
        "ottubru अक्टोबर වප් okthoba oktoobar"
    ),
    (
        "november nov novembre noviembre novembro marraskuuta marras marraskuu nóvember nóv "
        "novembris lapkričio lapkr lapkritis listopadu novembra studenoga stu studeni новембар "
        "нов novembar ноември ное noiembrie νοεμβρίου νοε νοέμβριος νοέ kasım kas noyabr noy "
        "ноябр ноя қараша қар ноябрь noýabr noý нояб ноября листопада лист листопад лістапада ліс "
        "лістапад ნოემბერი ნოე նոյեմբերի նոյ նոյեմբեր נובמבר נוב׳ نوفمبر نوامبر نومبر mijdar mjd "
        "नवंबर नव॰ নভেম্বর নভে நவம்பர் நவ నవంబర్ నవం നവംബർ നവം ನವೆಂಬರ್ ನವೆಂ नोव्हेंबर नोव्हें "
        "નવેમ્બર નવે ਨਵੰਬਰ ਨਵੰ พฤศจิกายน พ.ย ພະຈິກ ພ.ຈ နိုဝင်ဘာ နို វិច្ឆិកា nobyembre nob "
        "novemba ኖቬምበር ኖቬም nëntor nën azaroa aza samhain samh tachwedd tach novembru नोभेम्बर ඉල් "
        "nuwamba nuw noofeembar nof"
    ),
    (
        "december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des "
        "joulukuuta joulu joulukuu detsember dets decembris gruodžio gruod gruodis grudnia gru "
        "grudzień prosince pro prosinec decembra prosinca prosinac децембар дец decembar декември "
        "дек decembrie δεκεμβρίου δεκ δεκέμβριος aralık ara dekabr dek декабр желтоқсан жел "
        "декабрь декабря грудня груд грудень снежня сне снежань დეკემბერი დეკ դեկտեմբերի դեկ "
        "դեկտեմբեր דצמבר דצמ׳ ديسمبر دسامبر دسمبر berfanbar brf दिसंबर दिस॰ ডিসেম্বর ডিসে "
        "டிசம்பர் டிச డిసెంబర్ డిసెం ഡിസംബർ ഡിസം ಡಿಸೆಂಬರ್ ಡಿಸೆಂ डिसेंबर डिसें ડિસેમ્બર ડિસે ਦਸੰਬਰ "
        "ਦਸੰ ธันวาคม ธ.ค ທັນວາ ທ.ວ ဒီဇင်ဘာ ဒီ ធ្នូ disember dis disyembre desemba ዲሴምበር ዲሴም "
        "dhjetor dhj desembre decembro abendua abe nollaig noll rhagfyr rhag diċembru diċ "
        "डिसेम्बर උඳුවප් disamba disemba diseembar"
    ),
)
_OTHER_NAMES = (
    "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月 十二月",
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",  # Algeria, Tunisia
    "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",  # Morocco
    "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",  # Solar Hijri
    "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",  # the same in Afghanistan
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
)
_LETTERS = str.maketrans("يىك", "ییک")  # Persian names with letters of Arabic keyboards

MONTHS: Mapping[str, int] = {
    name.translate(_LETTERS).replace("_", " "): number
    for months in (_NAMES, *(names.split() for names in _OTHER_NAMES))
    for number, names in enumerate(months, 1)
    for name in names.split()
}

# Leap years in a cycle of 33; correct from 1244 to 1472 (1865 to 2094).
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_ANCHOR_YEAR, _ANCHOR = 1400, date(2021, 3, 21)
_YEARS = range(1244, 1473)
_SOLAR_HIJRI_NOW = range(1369, 1411)  # 1990 to 2031; later numbers may be of the lunar calendar
_BUDDHIST, _BUDDHIST_EPOCH = range(2500, 2700), 543
_ERAS = {"民國": 1911, "民国": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}

# Hours east of Greenwich: the letters of RFC 822, and others with only one meaning.
_HOURS = {
    **{0: "GMT UT UTC Z WET", 1: "CET MEZ WEST", 2: "CEST MESZ EET", 3: "EEST MSK TRT", 4: "MSD"},
    **{-8: "PST", -7: "PDT MST", -6: "MDT CST", -5: "CDT EST", -4: "EDT"},
    **{5: "PKT UZT", 7: "WIB", 8: "HKT SGT WITA", 9: "JST KST", 10: "AEST", 11: "AEDT"},
}
_LETTER_ZONES = {zone: hours for hours, zones in _HOURS.items() for zone in zones.split()}
# Letters that stand for one of two offsets, depending on season or year.
_PLACES = {
    **{"ET": "America/New_York", "PT": "America/Los_Angeles"},
    **{"МСК": "Europe/Moscow", "MSK": "Europe/Moscow", "SAST": "Africa/Johannesburg"},
}
_OFFSET = re.compile(r"(?:GMT|UTC)?\s?(?P<sign>[+-])\s?(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?")


def month_number(word: str) -> int:
    """Return the number of a month that is written as a number or by its name.

    Raises ValueError for anything else.
    """
    if (number := word.rstrip("月월")).isdecimal():
        return int(number)
    try:
        return MONTHS[word.lower().translate(_LETTERS).rstrip(".")]
    except KeyError:
        raise ValueError(f"no month is called {word!r}") from None


def from_solar_hijri(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a Solar Hijri one. Raises ValueError if it does not exist."""
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= _length(year, month):
        raise ValueError("there is no such day in the Solar Hijri calendar")
    first, last = sorted((year, _ANCHOR_YEAR))
    days = sum(365 + _is_leap(between) for between in range(first, last))
    new_year = _ANCHOR + timedelta(days if year > _ANCHOR_YEAR else -days)
    before = sum(_length(year, earlier) for earlier in range(1, month))
    return new_year + timedelta(before + day - 1)


def _length(year: int, month: int) -> int:
    if month == 12:
        return 29 + _is_leap(year)
    return 31 if month <= 6 else 30


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP


def day_of(year: int, month: int, day: int, era: str | None = None) -> date:
    """Return a day, with the calendar found by year or era. Raises ValueError if there is none."""
    if era:
        year += _ERAS[era]
    if year in _SOLAR_HIJRI_NOW:
        return from_solar_hijri(year, month, day)
    if year in _BUDDHIST:
        year -= _BUDDHIST_EPOCH
    return date(year, month, day)


def zone_of(name: str) -> tzinfo | None:
    """Return the zone of letters or an offset. None if they have no meaning, or several."""
    name = name.upper()
    if name in _PLACES:
        return tz.gettz(_PLACES[name])
    if name in _LETTER_ZONES:
        return timezone(timedelta(hours=_LETTER_ZONES[name]))
    offset = _OFFSET.fullmatch(name)
    if offset is None or int(offset["hours"]) > 14:
        return None
    size = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
    return timezone(size if offset["sign"] == "+" else -size)
