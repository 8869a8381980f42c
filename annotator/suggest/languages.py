"""Which language a text is in, guessed from its script and its commonest words.

Good for one thing: to say that a document is in another language than a suggester reads. No library, no model,
no dialects; where the signs are weak the answer is empty.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

NAMES = {
    "ar": "Arabic",
    "ca": "Catalan",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "mk": "Macedonian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sl": "Slovenian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "xx": "any language",
    "zh": "Chinese",
}
"""English names of the languages that a message may name."""

SAMPLE = 20_000
"""Code points that are looked at, from the beginning of the text."""

_COMMON = {
    "en": (
        "the of and to in is was for on that with as by at from it be are this which were has had have "
        "not but his her their an said will after would who about when been"
    ),
    "de": (
        "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an "
        "werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über wurde ich"
    ),
    "fr": (
        "le la les de des et à un une du en que qui dans pour pas par sur est au plus ne se ce il sont "
        "avec son ses cette été aux mais ou a elle l d nous leur"
    ),
    "es": (
        "el la los las de y en que a un una del se por con no para su al lo como más es pero sus fue ha "
        "este entre cuando muy sin sobre también ser hay"
    ),
    "it": (
        "il lo la gli le di e che a un una in del della dei per non con si da è al nel alla sono più come "
        "anche ma ha suo delle degli dal questo stato"
    ),
    "nl": (
        "de het een en van in is dat op te zijn met voor niet aan er om ook als bij maar door over uit "
        "naar heeft hij was werd nog worden deze die ze"
    ),
    "pt": (
        "o os as de e que a um uma em do da no na para com não se por mais dos das ao como foi mas ele "
        "pelo pela são seu sua ou quando muito nos já também"
    ),
}
_COMMON_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_WEIGHT = Counter(word for words in _COMMON_WORDS.values() for word in words)
_WORD = re.compile(r"[^\W\d_]+")
_UKRAINIAN, _RUSSIAN = frozenset("іїєґІЇЄҐ"), frozenset("ыэъёЫЭЪЁ")
_SCRIPTS = {
    "ARABIC": "ar",
    "HEBREW": "he",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "DEVANAGARI": "hi",
}
_OTHER_ARABIC = frozenset("پچژگکیٹڈڑںے")


def language_name(code: str) -> str:
    """Give the English name of a language code (`en`, `en-GB`), or the code itself."""
    return NAMES.get(base_language(code), code or "an unknown language")


def base_language(code: str) -> str:
    """Give the language of a code without region or script: `pt` for `pt-BR` and `PT_br`."""
    return re.split(r"[-_]", code.strip().lower())[0]


def guess_language(text: str) -> str:
    """Guess the language of a text: en, de, fr, es, it, nl, pt, ru, uk, ar, he, zh, ja, ko, th or hi.

    Looks at the first `SAMPLE` code points. Empty where the text is too short or looks like none of these.
    """
    sample = text[:SAMPLE]
    scripts = Counter(
        _script(character) for character in sample if not character.isascii() and character.isalpha()
    )
    latin = scripts["LATIN"] + sum(character.isascii() and character.isalpha() for character in sample)
    script, count = max(scripts.items(), key=lambda item: (item[1], item[0]), default=("LATIN", latin))
    if script == "LATIN" or count < latin:
        return _guess_latin(sample)
    if count < 8:
        return ""
    if script == "CYRILLIC":
        return _guess_cyrillic(sample)
    if script == "ARABIC" and sum(character in _OTHER_ARABIC for character in sample) * 50 > count:
        return ""
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if script == "CJK" and kana * 20 > scripts["CJK"]:
        return "ja"
    return _SCRIPTS.get(script, "")


def _script(character: str) -> str:
    return unicodedata.name(character, "").split(" ", 1)[0].removesuffix("-")


def _guess_cyrillic(sample: str) -> str:
    ukrainian = sum(character in _UKRAINIAN for character in sample)
    russian = sum(character in _RUSSIAN for character in sample)
    if ukrainian == russian:
        return ""
    return "uk" if ukrainian > russian else "ru"


def _guess_latin(sample: str) -> str:
    """Count common words; a word that several languages share counts for each by its share."""
    words = _WORD.findall(sample.lower())
    scores = dict.fromkeys(_COMMON_WORDS, 0.0)
    for word in words:
        for language, common in _COMMON_WORDS.items():
            if word in common:
                scores[language] += 1 / _WEIGHT[word]
    ranking = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    (best, most), (_, second) = ranking[0], ranking[1]
    if most < 3 or most < 0.1 * len(words) or most < 1.3 * second:
        return ""
    return best
