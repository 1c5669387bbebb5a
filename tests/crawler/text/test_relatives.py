"""Languages that are close to known ones, and how the known ones are kept apart from them."""

import pytest

from crawler.text.language import detect

# Close relatives of languages with a profile, and such as share small words with one.
RELATIVES = [
    "I sculari di a scola nova anu piantatu un giardinu pè u paese, è ogni annu ci serà a festa.",
    "U sindacu hà dettu chì u ponte nantu à u fiume serà apertu, è ch'ellu ùn hè ancu finitu.",
    "Le alumnos del nove schola ha plantate un jardin pro le village, que es super le riviera.",
    "Los alumnos de la nueva escuela plantaron un xardín pa'l pueblu y agora tolos años recueyen "
    "mazanes nel prau que ta al llau del ríu.",
    "The bairns o the new schuil hae plantit a gairden for thair toun, an ilka year the aipples "
    "will be gaithert thare bi aw the faimilies.",
    "Di pikin dem for di new school don plant garden for dia village, and every year dem go pluck "
    "apple for there with all di family.",
    "Ua totoina e tamaiti o le aoga fou se togalaau mo le nuu, ma o le a faia i ai le fiafia i "
    "tausaga uma e tagata o le nuu.",
    "Yañı mektepniñ talebeleri köy içün bağça sastılar ve er yıl anda alma bayramı keçirilecek, "
    "dep ayttı köy reisi, bu pek büyük iş.",
    "Eni şkolanın üürenicileri küüyä deyni bir başça diktilär, hem her yıl orada alma yortusu "
    "olacek, dedi küüyün başı.",
    "نویں سکول دے بچیاں نے پنڈ وچ اک باغ لایا اے تے ہن ہر سال اوتھے سیب دا میلہ ہووے گا۔",
    "Полған на школаның пос садыжағы пар, аның тиң ағастары кічіг пала ла ӧзірер оңдайлығ.",
    "Učenici nove škole su tokom sedmice zasadili vrt, a ko je tamo bio, vidio je da je lijepo.",
]


@pytest.mark.parametrize("text", RELATIVES)
@pytest.mark.parametrize("hint", [None, "it", "es", "en", "tr", "ur", "hr"])
def test_a_relative_of_a_known_language_is_not_taken_for_it(hint: str | None, text: str) -> None:
    assert detect(text, hint) is None


def test_letters_that_a_language_lacks_speak_against_it() -> None:
    italian_words_among_others = "La kowy di wakya e la xyli o yawka di wikky e la joky, una kaxa."
    assert detect(italian_words_among_others) is None


# Croatian, Serbian and Bosnian share most words; Bosnian is believed where it is expected.
@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("Učenici škole su tokom sedmice zasadili vrt, a ko je bio, vidio je.", "bs", "bs"),
        ("Učenici nove škole zasadili su vrt za svoje mjesto, gdje će biti.", "bs", "bs"),
        ("Tko je tijekom tjedna priopćio da tisuću djece nema gdje biti?", "bs", "hr"),
        ("Tko je tijekom tjedna priopćio da tisuću djece nema gdje biti?", None, "hr"),
        ("Ko je tokom nedelje saopštio da hiljadu dece nema gde biti?", None, "sr-Latn"),
    ],
)
def test_a_relative_is_believed_where_it_is_expected(
    text: str, hint: str | None, expected: str
) -> None:
    language = detect(text, hint)
    assert language is not None
    assert language.tag == expected


HINDI = "नए विद्यालय के छात्रों ने अपने गाँव के लिए एक बगीचा लगाया और पुल वसंत में खुलेगा।"
# Without a profile: the first two share small words or letters with languages that have one.
HAWAIIAN = (
    "Ua kanu nā haumāna o ke kula hou i māla no ko lākou kauhale, a i kēia manawa e ʻohi ʻia nā "
    "hua o laila i kēlā me kēia makahiki. E wehe ʻia ke alahaka i ke kupulau."
)
AZERBAIJANI_IN_CYRILLIC = (
    "Јени мәктәбин шаҝирдләри кәндләри үчүн бағ салыблар вә инди орада һәр ил алма вә армуд "
    "јығылаҹаг. Јазда чајын үзәриндәки көрпү ачылаҹаг."
)
CHUVASH = (
    "Ялта ҫӗнӗ шкул уҫӑлнӑ, унта ачасем валли пысӑк сад пур, анчах кӗпер тӑвасса ҫуркунне кӑна "
    "пӗтерӗҫ, терӗ вӗрентекен."
)
# In other alphabets than the one that has a profile.
KAZAKH_IN_LATIN = (
    "Oqıǵa keshe túnde bolǵan. Jańa kópirdi el kóktemde ashpaq, al búgin mektep oqýshylary "
    "ózen jaǵasyna birneshe alma aǵashyn otyrǵyzdy."
)
KAZAKH_IN_ARABIC = (
    "مەكتەپ وقۋشىلارى كەشە وزەن جاعاسىنا الما اعاشىن وتىرعىزدى. ەلدىڭ كوپىرى كوكتەمدە "
    "اشىلادى، دەپ حابارلايدى مەكتەپ ديرەكتورى."
)
KYRGYZ_IN_ARABIC = (
    "مەكتەپتىن وقۇۇچۇلارى ايىلدا الما باعىن ۅستۉردۉ، اندا بالدار ۉچۉن ۅزۉنچۅ جول بار. "
    "كۅپۉرۅ جازىندا اچىلات، دەدى مۇعالىمدەر جانا اتا-ەنەلەر بۉگۉن چوڭ جىيىندا."
)


@pytest.mark.parametrize(
    "text",
    [
        *(HAWAIIAN, AZERBAIJANI_IN_CYRILLIC, HINDI, CHUVASH),
        *(KAZAKH_IN_LATIN, KAZAKH_IN_ARABIC, KYRGYZ_IN_ARABIC),
    ],
)
@pytest.mark.parametrize("hint", [None, "de", "it", "uk", "ko", "ar"])
def test_a_long_text_in_an_unknown_language_is_unknown_where_another_is_expected(
    hint: str | None, text: str
) -> None:
    assert detect(text, hint) is None
