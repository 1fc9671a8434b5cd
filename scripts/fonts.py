"""Cuts the papers' fonts from the full Noto Serif SC: the characters that names, places and law use, nothing else.

Usage: fonts.py FOLDER_OF_TTF TARGET. The font is under the SIL Open Font License; its licence is copied beside it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools import subset

WEIGHTS = {"NotoSerifSC_400Regular.ttf": "NotoSerifSC-Regular.ttf", "NotoSerifSC_700Bold.ttf": "NotoSerifSC-Bold.ttf"}
RARE = "䶮堃喆珺翀赟昇旻玥淼骉犇羴猋叒炘煊垚垕芃芈翊祎祺婳媞嫄姮妘妤钘铱镕锳锜镔颢颀顼飏飒骐骦骧鲲鹍鹮麒麟龑龢龘禤谿眭郄逄缪璟璠璿瑀瑄瑢瑨珮珅玙玚玏"
"""Characters of names that lie outside the national standard of 1980."""


def wanted() -> set[int]:
    """GB 2312, ASCII, full-width forms, punctuation, rare names."""
    national = "".join(
        bytes((high, low)).decode("gb2312", "ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)
    )
    extra = "".join(
        map(chr, [*range(0x20, 0x7F), *range(0x2010, 0x2028), *range(0x3000, 0x3020), *range(0xFF01, 0xFF5F)])
    )
    return {ord(c) for c in national + extra + RARE + "·—…“”‘’〇〔〕【】《》①②③④⑤⑥⑦⑧⑨⑩×°±≤≥￥"}


def main() -> int:
    """Cut both weights."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for full, small in WEIGHTS.items():
        options = subset.Options(layout_features=["*"], notdef_outline=True, name_IDs=["*"])
        font = subset.load_font(str(next(source.rglob(full))), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=wanted())
        cutter.subset(font)
        subset.save_font(font, str(target / small), options)
    licence = next(source.rglob("LICENSE_FONT"), None)
    if licence:
        shutil.copy(licence, target / "OFL.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
