"""Words beside names, folded: jobs, newsrooms, accounts that are no persons; surnames."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


JOBS = _words(
    "reporter correspondent editor writer journalist columnist contributor producer analyst "
    "photographer blogger commentator presenter broadcaster critic intern freelancer "
    "founder reviewer director "
    "redakteur redakteurin korrespondent korrespondentin journalistin reporterin "
    "journaliste rédacteur rédactrice correspondant correspondante chroniqueur "
    "periodista redactor redactora corresponsal reportero reportera editora columnista "
    "giornalista redattore redattrice corrispondente inviato jornalista repórter correspondente "
    "verslaggever redacteur skribent toimittaja dziennikarz dziennikarka redaktor redaktorka "
    "корреспондент обозреватель редактор журналист репортер репортёр колумнист спецкор "
    "кореспондент журналіст оглядач muhabir muhabiri editörü gazeteci yazarı muxbir muxbiri "
    "мухбир мухбири 记者 编辑 記者 編輯 特派员 通讯员 기자 특파원 محرر مراسل خبرنگار"
)
QUALIFIERS = _words(
    "senior junior chief special staff deputy associate assistant managing executive contributing "
    "freelance guest foreign political politics business world national international local "
    "regional science health sports sport tech technology news crime courts education economics "
    "economy environment climate culture features entertainment investigative digital online "
    "principal lead head general city breaking white house defence defense diplomatic royal "
    "personal finance consumer our own собственный специальный старший главный"
)
# Signatures that are no persons: also with other words, and only alone.
NEWSROOMS = _words(
    "administrator webmaster staff team desk newsroom news editorial redaktion redaction redação "
    "redacao redacción redazione rédaction redactie redaksjonen redaktionen toimitus редакция "
    "редакція redakcja redakce agency agencies nachrichten noticias notizie новости agence "
    "agentur agencia agenzia agência агентство ajansı agentligi bureau network gmbh ltd inc llc "
    "merkezi gazetesi пресс-служба وكالة صحيفة جريدة قناة خبرگزاری تحریریه سرویس "
    "tahririyat tahririyati таҳририят daily times herald tribune gazette zeitung magazine media "
    "radio tv एजेंसी डेस्क ब्यूरो न्यूज"
)
NOBODY = _words(
    "admin user guest name unknown anonymous null undefined none nobody author authors autor press "
    "media test default root system super release by wpadmin"
)
PARTICLES = _words(
    "de da di do du del della der den des van von zu zur la le el al dos das bin ibn ben bint af "
    "av ter ten te y e i und qizi o'g'li öğli og'li kizi ugli qızı oğlu кызы оглы қизи ўғли"
)
# Words of titles, menus and labels that look like names.
COMMON = _words(
    "the a an of in on to for with at from how why what who when where is are this that these our "
    "your you it we more read photo photos video videos share related about all new latest top "
    "home page story stories next previous comments click here follow us subscribe copyright "
    "main key die der das ein eine und mehr für im am zum zur bei nach les un une los las una foto "
    "full bio publié le updated published minutes min reading time see view watch listen live "
    "мы все ещё читайте также подробнее смотрите фото видео"
)
# First characters of most Chinese names.
SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾"
    "肖蕭萧田董袁潘于蒋蔣蔡余杜叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鐘谭譚陆陸汪范石廖贾賈夏韦韋付傅方白"
    "邹鄒孟熊秦邱江尹薛闫閻段雷侯龙龍史陶黎贺賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯常温溫康施文"
    "牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關兰蘭焦俞左柳甘祝包宁寧尚符舒阮"
    "柯纪紀梅江樓楼童凌毕畢单單季裴霍涂塗成苗谷盛曲翁冉骆駱蓝藍路游辛靳管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾"
    "尤阳陽时時穆农農司卓古吉缪繆简簡车車项項连連芦蘆麦麥褚娄婁窦竇戚岑景党黨宫宮费費卜冷晏席卫衛米柏宗"
)
