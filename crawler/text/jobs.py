"""Words that stand beside names, folded: jobs, newsrooms, accounts that are nobody's."""


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
# Who signs for no person, with other words too, and only alone.
NEWSROOMS = _words(
    "administrator webmaster staff team desk newsroom news editorial redaktion redaction redação "
    "redacao redacción redazione rédaction redactie redaksjonen redaktionen toimitus редакция "
    "редакція redakcja redakce agency agencies nachrichten noticias notizie новости agence "
    "agentur agencia agenzia agência агентство ajansı agentligi"
)
NOBODY = _words(
    "admin user guest unknown anonymous null undefined none nobody author authors autor press "
    "media test default root system"
)
PARTICLES = _words(
    "de da di do du del della der den des van von zu zur la le el al dos das bin ibn ben bint af "
    "av ter ten te y e i und qizi o'g'li öğli og'li kizi ugli qızı oğlu кызы оглы қизи ўғли"
)
# Words of titles, menus and labels that are written as names are.
COMMON = _words(
    "the a an of in on to for with at from how why what who when where is are this that these our "
    "your you it we more read photo photos video videos share related about all new latest top "
    "home page story stories next previous comments click here follow us subscribe copyright "
    "main key die der das ein eine und mehr für im am zum zur bei nach les un une los las una foto "
    "full bio publié le updated published minutes min reading time see view watch listen live "
    "мы все ещё читайте также подробнее смотрите фото видео"
)
