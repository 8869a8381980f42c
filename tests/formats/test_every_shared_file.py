"""Every file that some machines have beside the checkout is read, those with known counts to the number, or told.

What the data's own README says of a file stands here as numbers: documents, spans, relations, and how many things of
it are refused, each with a reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from annotator.formats import detect, sources_in
from annotator.formats.packed import Unpacking
from annotator.model.errors import FormatError
from annotator.model.record import Problem, Record
from tests.formats.samples import SHARED, is_here, read_all, refused

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not on this machine")

COUNTS = [
    ("articles/000_f9530f5110897cd7.txt", "text", (1, 0, 0), 0),
    ("cjk/thai_ner_1.5_val.txt", "text", (1, 0, 0), 0),
    ("conll/sec_FIN3.txt", "conll", (3, 318, 0), 0),
    ("conll/wnut17_dev.conll", "conll", (1, 836, 0), 0),
    ("docbin/made_tweets_ents.spacy", "docbin", (521, 244, 0), 2),
    ("docbin/tweets_demo.spacy", "docbin", (1, 1, 0), 0),
    ("doccano/export_examples/relation_extraction.jsonl", "doccano", (1, 4, 3), 0),
    ("doccano/export_examples/sequence_labeling.jsonl", "doccano", (3, 4, 0), 0),
    ("doccano/export_examples/text_classification.jsonl", "doccano", (3, 0, 0), 0),
    ("doccano/import_examples/relation_extraction.jsonl", "doccano", (1, 4, 3), 0),
    ("doccano/import_examples/sequence_labeling.jsonl", "doccano", (3, 3, 0), 0),
    ("doccano/import_examples/text_classification.jsonl", "doccano", (3, 0, 0), 0),
    ("doccano/import_tests/example.txt", "text", (1, 0, 0), 0),
    ("doccano/import_tests/intent/example.jsonl", "doccano", (4, 2, 0), 1),
    ("doccano/import_tests/relation_extraction/example.jsonl", "doccano", (1, 4, 3), 0),
    ("doccano/import_tests/seq2seq/example.json", "doccano", (2, 0, 0), 2),
    ("doccano/import_tests/seq2seq/example.jsonl", "doccano", (2, 0, 0), 2),
    ("doccano/import_tests/sequence_labeling/example.conll", "conll", (1, 2, 0), 0),
    ("doccano/import_tests/sequence_labeling/example.jsonl", "doccano", (2, 1, 0), 1),
    ("doccano/import_tests/sequence_labeling/example_overlapping.jsonl", "doccano", (1, 1, 0), 0),
    ("doccano/import_tests/sequence_labeling/labeling.invalid.conll", "conll", (1, 5, 0), 0),
    ("doccano/import_tests/sequence_labeling/labeling.trailing.conll", "conll", (1, 2, 0), 0),
    ("doccano/import_tests/text_classification/example.json", "doccano", (3, 0, 0), 1),
    ("doccano/import_tests/text_classification/example.jsonl", "doccano", (3, 0, 0), 0),
    ("doccano/import_tests/text_classification/example_fasttext.txt", "text", (1, 0, 0), 0),
    ("labelstudio/authored_full_shape_cp.json", "label-studio", (2, 4, 3), 0),
    ("labelstudio/converter/test_export_csv/csv_test.json", "label-studio", (2, 0, 0), 0),
    ("labelstudio/converter/test_export_csv/csv_test2.json", "label-studio", (1, 0, 0), 0),
    ("labelstudio/converter/test_export_csv/csv_test_history.json", "label-studio", (1, 0, 0), 0),
    ("labelstudio/converter/test_export_json_min/data.json", "label-studio", (0, 0, 0), 1),
    ("labelstudio/converter/test_export_json_min/data_repeater.json", "label-studio", (0, 0, 0), 1),
    ("labelstudio/lsf_e2e_alice_parentid.json", "label-studio", (1, 3, 0), 0),
    ("labelstudio/template_relation_extraction.json", "label-studio", (1, 4, 3), 0),
    ("labelstudio/template_relation_legacy_completions.json", "label-studio", (1, 4, 3), 0),
    ("nasty/brat/bad_lines.ann", "brat", (1, 2, 0), 13),
    ("nasty/brat/crlf_counted_with_cr.ann", "brat", (1, 3, 0), 0),
    ("nasty/brat/discontinuous.ann", "brat", (1, 3, 2), 0),
    ("nasty/brat/everything.ann", "brat", (1, 6, 2), 0),
    ("nasty/conll/bad_sequences.conll", "conll", (1, 6, 0), 2),
    ("nasty/conll/hash_tokens.conll", "conll", (1, 2, 0), 0),
    ("nasty/conll/iob1_vs_iob2.conll", "conll", (1, 4, 0), 0),
    ("nasty/conll/label_hyphens.conll", "conll", (1, 2, 0), 0),
    ("nasty/conll/ws_separator_lines.conll", "conll", (1, 4, 0), 0),
    ("nasty/docbin/inflate_bomb_300mb.spacy", "docbin", (0, 0, 0), 1),
    ("nasty/docbin/random_bytes.spacy", "docbin", (0, 0, 0), 1),
    ("nasty/docbin/truncated.spacy", "docbin", (0, 0, 0), 1),
    ("nasty/doccano/emoji_offsets_codepoints.jsonl", "doccano", (1, 2, 0), 0),
    ("nasty/doccano/emoji_offsets_utf16.jsonl", "doccano", (1, 1, 0), 0),
    ("nasty/doccano/mixed_schemas.jsonl", "doccano", (8, 6, 1), 1),
    ("nasty/labelstudio/mixed.json", "label-studio", (6, 4, 1), 4),
    ("nasty/labelstudio/truncated.json", "label-studio", (0, 0, 0), 2),
    ("nasty/parquet/hf_tokens_ner_tags_ints.parquet", "parquet", (1, 0, 0), 1),
    ("nasty/parquet/no_text_column.parquet", "parquet", (1, 0, 0), 0),
    ("nasty/parquet/truncated.parquet", "parquet", (0, 0, 0), 1),
    ("nasty/prodigy/20000_docs.jsonl", "prodigy", (20000, 20000, 0), 0),
    ("nasty/prodigy/2000_relations.jsonl", "prodigy", (1, 5000, 2000), 0),
    ("nasty/prodigy/answers.jsonl", "prodigy", (6, 6, 0), 0),
    ("nasty/prodigy/bad_spans.jsonl", "prodigy", (14, 4, 0), 19),
    ("nasty/prodigy/broken_line_middle.jsonl", "prodigy", (4, 4, 0), 1),
    ("nasty/prodigy/non_objects.jsonl", "prodigy", (2, 2, 0), 10),
    ("nasty/prodigy/overlap_nested_dup.jsonl", "prodigy", (6, 12, 0), 0),
    ("nasty/prodigy/relations_odd.jsonl", "prodigy", (12, 35, 9), 6),
    ("nasty/prodigy/u2028_raw_in_string.jsonl", "prodigy", (2, 2, 0), 0),
    ("nasty/prodigy/unicode_ok.jsonl", "prodigy", (3, 14, 0), 0),
    ("nasty/prodigy/unknown_fields_roundtrip.jsonl", "prodigy", (1, 1, 0), 0),
    ("nasty/txt/control_chars.txt", "text", (1, 0, 0), 0),
    ("nasty/txt/crlf_bom.txt", "text", (1, 0, 0), 0),
    ("nasty/txt/emoji_zwj_astral.txt", "text", (1, 0, 0), 0),
    ("nasty/txt/invalid_utf8.txt", "text", (0, 0, 0), 1),
    ("nasty/txt/rtl_mix.txt", "text", (1, 0, 0), 0),
    ("nasty/txt/single_line_5mb.txt", "text", (1, 0, 0), 0),
    ("nasty/txt/utf16le_bom.txt", "text", (1, 0, 0), 0),
    ("nasty/txt/zero_bytes.txt", "text", (0, 0, 0), 1),
    ("prodigy/drugs_eval.jsonl", "prodigy", (500, 362, 0), 0),
    ("prodigy/drugs_patterns.jsonl", "prodigy", (0, 0, 0), 1),
    ("prodigy/fashion_brands_training.jsonl", "prodigy", (1235, 527, 0), 0),
    ("prodigy/patterns_disable_bio_rel.jsonl", "prodigy", (0, 0, 0), 1),
    ("prodigy/recipes_annotated_news_headlines-ORG-PERSON-LOCATION-ner.jsonl", "prodigy", (373, 303, 0), 0),
    ("prodigy/recipes_bio_events.jsonl", "prodigy", (129, 422, 0), 0),
    ("prodigy/recipes_plot_summaries.jsonl", "prodigy", (200, 0, 0), 0),
    ("prodigy/rel_component_dev60.jsonl", "prodigy", (60, 193, 111), 0),
    ("prodigy/tweets_demo.jsonl", "prodigy", (1, 1, 0), 0),
    ("rtl/arabic_wojood_sample_val.txt", "conll", (1, 470, 0), 0),
    ("scale/moby_dick.txt", "text", (1, 0, 0), 0),
    ("nasty/parquet/truncated.parquet", "parquet", (0, 0, 0), 1),
    ("parquet/news_headlines_spans.parquet", "parquet", (373, 303, 0), 0),
    ("parquet/sotu_texts.parquet", "parquet", (233, 0, 0), 0),
]
OTHERS = (
    [
        path.relative_to(SHARED).as_posix()
        for path in sorted(SHARED.rglob("*"))
        if path.is_file() and path.relative_to(SHARED).as_posix() not in {name for name, *_ in COUNTS}
    ]
    if SHARED.is_dir()
    else []
)


def counts(records: list[Record]) -> tuple[int, int, int]:
    return (
        len(records),
        sum(len(record.spans) for record in records),
        sum(len(record.relations) for record in records),
    )


def check(records: list[Record], problems: list[Problem], path: Path) -> None:
    """Hold what is true of anything that was read; no sign stands for what could not be decoded."""
    is_in_file = "\ufffd".encode() in path.read_bytes()
    for record in records:
        assert record.text.strip()
        assert is_in_file or "\ufffd" not in record.text
        for span in record.spans:
            ends = [end for fragment in span.fragments for end in fragment]
            assert ends == sorted(ends)
            assert ends[-1] <= len(record.text)
        assert all(max(each.head, each.child) < len(record.spans) for each in record.relations)
    assert all(problem.file and problem.message for problem in problems)


@pytest.mark.parametrize(("name", "format_name", "expected", "refusals"), COUNTS)
def test_counts_are_as_they_are_known(
    name: str, format_name: str, expected: tuple[int, int, int], refusals: int
) -> None:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    found = detect(path)
    assert found.name == format_name
    if not is_here(found):
        pytest.skip(f"what reads {format_name} is not installed")
    records, problems = read_all(found, path)
    check(records, problems, path)
    assert (counts(records), len(refused(problems))) == (expected, refusals)


@pytest.mark.parametrize("name", OTHERS)
def test_any_other_file_is_read_or_told(name: str) -> None:
    path = SHARED / name
    try:
        found = detect(path)
    except FormatError as error:
        told = error.what, error.todo
        found = None
    if found is None:
        assert all(told)
        return
    if not is_here(found):
        pytest.skip(f"what reads {found.name} is not installed")
    records, problems = read_all(found, path)
    check(records, problems, path)
    assert records or problems or found.types is not None


@pytest.mark.parametrize(
    ("folder", "documents"), [("brat/materials", 60), ("nasty/brat", 4), ("conll", 4), ("prodigy", 2498)]
)
def test_whole_folders_are_read(folder: str, documents: int) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"{folder} is not on this machine")
    paths = [path for path in sources_in(SHARED / folder) if path.name != "LICENSE"]
    assert sum(len(read_all(detect(path), path)[0]) for path in paths) == documents


def test_odd_names_within_an_archive(tmp_path: Path) -> None:
    archive = SHARED / "nasty" / "filenames.tar.gz"
    if not archive.exists():
        pytest.skip("the archive is not on this machine")
    with Unpacking() as unpacking:
        paths = sources_in(archive, unpacking=unpacking)
        assert {path.name for path in paths} == {"file name with spaces.txt", "no_extension", "emoji😀.txt"}
        for path in paths:
            (record,), problems = read_all(detect(path), path)
            assert (record.source, problems) == (path.name, [])
