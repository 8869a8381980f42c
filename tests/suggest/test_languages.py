"""Languages guessed from a few sentences."""

from __future__ import annotations

import pytest

from annotator.suggest.languages import base_language, guess_language, language_name

SAMPLES = {
    "en": "The ferry left the harbour at noon, and nobody on the quay had heard that it was the last one of the year.",
    "de": "Die Fähre hat den Hafen am Mittag verlassen, und niemand am Kai wusste, dass es die letzte des Jahres war.",
    "fr": "Le bac a quitté le port à midi, et personne sur le quai ne savait que c'était le dernier de l'année.",
    "es": "El barco salió del puerto al mediodía y nadie en el muelle sabía que era el último de los del año.",
    "it": "Il traghetto è partito dal porto a mezzogiorno e nessuno sul molo sapeva che era l'ultimo della stagione.",
    "nl": "De veerboot is om twaalf uur uit de haven vertrokken en niemand op de kade wist dat het de laatste was.",
    "pt": "O barco saiu do porto ao meio-dia e ninguém no cais sabia que era o último da estação, mas não foi assim.",
    "ru": "Паром ушёл из порта в полдень, и никто на причале не знал, что это был последний рейс в этом году.",
    "uk": "Пором вийшов із порту опівдні, і ніхто на причалі не знав, що це був останній рейс цього року.",
    "ar": "غادرت العبارة الميناء عند الظهر ولم يكن أحد على الرصيف يعرف أنها الأخيرة هذا العام.",
    "he": "המעבורת יצאה מהנמל בצהריים ואף אחד על הרציף לא ידע שזו האחרונה השנה.",
    "zh": "渡轮中午离开港口，码头上没有人知道这是今年的最后一班。",
    "ja": "フェリーは正午に港を出たが、それが今年の最後の便だとは埠頭の誰も知らなかった。",
    "ko": "여객선은 정오에 항구를 떠났고 부두의 누구도 그것이 올해의 마지막 배인 줄 몰랐다.",
    "th": "เรือข้ามฟากออกจากท่าเรือตอนเที่ยงและไม่มีใครบนท่ารู้ว่าเป็นเที่ยวสุดท้ายของปี",
    "hi": "नाव दोपहर को बंदरगाह से निकली और घाट पर किसी को नहीं पता था कि यह साल की आखिरी थी।",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert guess_language(SAMPLES[language]) == language


@pytest.mark.parametrize(
    "text", ["", "  \n", "12 345", "Oslo", "👩‍🚀🚀", "Łódź żółw gęś ćma", "سلام پارسی گچ پژواک گربه"]
)
def test_weak_signs_give_no_language(text: str) -> None:
    assert guess_language(text) == ""


def test_foreign_names_do_not_change_the_language() -> None:
    text = "The mayor of 東京 and Владимир met in the old town, and they spoke for an hour about the harbour."
    assert guess_language(text) == "en"


def test_a_code_is_read_without_its_region() -> None:
    assert [base_language(code) for code in ("en-GB", "PT_br", " de ", "")] == ["en", "pt", "de", ""]
    assert language_name("pt-BR") == "Portuguese"
    assert language_name("tlh") == "tlh"
