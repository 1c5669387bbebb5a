"""The name and direction of a language, by its BCP 47 tag."""

_NAMES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bn": "Bengali", "bs": "Bosnian",
    "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hy": "Armenian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "kaa": "Karakalpak", "kk": "Kazakh", "ko": "Korean",
    "ku": "Kurdish", "ky": "Kyrgyz", "mk": "Macedonian", "ms": "Malay", "nl": "Dutch",
    "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ru": "Russian", "sq": "Albanian",
    "sr": "Serbian", "sw": "Swahili", "tg": "Tajik", "tk": "Turkmen", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_SCRIPTS = {
    "Arab": "Arabic letters", "Cyrl": "Cyrillic", "Latn": "Latin", "Hans": "simplified",
    "Hant": "traditional",
}  # fmt: skip
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def language_name(tag: str | None) -> str:
    """Return the name of a language, with its script if the tag has one. Unknown tags stay."""
    base, *rest = (tag or "").split("-")
    scripts = [_SCRIPTS[each] for each in rest if each in _SCRIPTS]
    name = _NAMES.get(base, tag or "")
    return f"{name} ({scripts[0]})" if scripts else name


def direction(tag: str | None) -> str:
    """Return ``rtl`` or ``ltr``, or ``auto`` if the language is not known."""
    base, *rest = (tag or "").split("-")
    if not base:
        return "auto"
    return "rtl" if "Arab" in rest or (base in _RIGHT_TO_LEFT and not rest) else "ltr"
