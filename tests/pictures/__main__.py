"""Makes the pictures: `python -m tests.pictures FOLDER [SCENE ...]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Write pictures into a folder and tell their names."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.pictures.scenes import SCENES
    from tests.pictures.taking import RATIOS, Studio

    if not arguments or set(arguments[1:]) - set(SCENES):
        print(f"usage: python -m tests.pictures FOLDER [SCENE ...]\nscenes: {' '.join(SCENES)}")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    with Studio() as studio:
        for name in arguments[1:] or SCENES:
            for ratio in RATIOS:
                path = folder / (f"{name}.png" if ratio == 1 else f"{name}@{ratio}x.png")
                if not SCENES[name](studio, ratio).save(str(path)):
                    print(f"{path} cannot be written.", file=sys.stderr)
                    return 1
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
