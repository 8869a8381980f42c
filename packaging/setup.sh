#!/bin/sh
# Finds a Python that is new enough and hands over to set_up.py; everything else is decided there.
# PYTHON=/path/to/python names one by hand.
set -eu
cd "$(dirname "$0")/.."

new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c "$new_enough" >/dev/null 2>&1; then
        exec "$candidate" packaging/set_up.py "$@"
    fi
done

found="no python3 at all"
if command -v python3 >/dev/null 2>&1; then
    found=$(python3 --version 2>&1 || true)
fi
echo "set-up: Python 3.11 or newer is needed, and here is $found." >&2
if [ -f /etc/debian_version ]; then
    echo "set-up: Install it with: apt-get install python3 python3-venv (Debian 12, Ubuntu 24.04 or newer)." >&2
else
    echo "set-up: Install it from your system's packages or from python.org." >&2
fi
echo "set-up: If it is there under another name, say PYTHON=/path/to/python make run." >&2
exit 1
