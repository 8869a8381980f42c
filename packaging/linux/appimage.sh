#!/bin/sh
# Makes an AppImage of the frozen program, where appimagetool and its runtime are on the machine.
#
#   packaging/linux/appimage.sh        after `make installer`; writes dist/annotator-VERSION-x86_64.AppImage
set -eu
cd "$(dirname "$0")/../.."

if ! command -v appimagetool >/dev/null 2>&1; then
    echo "appimage: appimagetool is not on this machine." >&2
    exit 1
fi
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' annotator/__init__.py)
machine=$(uname -m)
folder=build/AppDir
rm -rf "$folder"
mkdir -p "$folder/usr/lib" "$folder/usr/share/metainfo" "$folder/usr/share/mime/packages"
cp -a build/frozen/annotator "$folder/usr/lib/annotator"
cp packaging/linux/annotator.xml "$folder/usr/share/mime/packages/"
cp build/deb/root/usr/share/metainfo/org.annotator.desktop.metainfo.xml "$folder/usr/share/metainfo/"
cp packaging/linux/annotator.desktop "$folder/annotator.desktop"
cp build/icons/256.png "$folder/annotator.png"
cat > "$folder/AppRun" <<'RUN'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/usr/lib/annotator/annotator" "$@"
RUN
chmod 755 "$folder/AppRun"
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
ARCH="$machine" VERSION="$version" appimagetool "$folder" "dist/annotator-$version-$machine.AppImage"
