#!/usr/bin/env python3
"""Makes the three faces of the mathematical font that the site ships from STIX Two Math (SIL Open Font License 1.1).

    pip install fonttools brotli && npm install @fontsource/stix-two-math
    python3 docs/fonts.py node_modules/@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2

A mathematical font keeps its italic and bold letters at code points of their own. Formulas ask for them there; drawings
and tables ask for an italic or a heavier face of plain letters. So beside the regular face there is an italic one, whose
plain letters are the italic ones, and a bold one, whose plain and italic letters are the bold ones: nothing is slanted
or thickened by the browser.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "public" / "fonts"
SIGNS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0±·×÷ˆ\u0302\u0303\u0304\u0305\u0307ΓΔΘΛΠΣΦΨΩαβγδεζηθικλμνξοπρςστυφχψωϕϵ‖†…′″ℎℓℝ←↑→↓↔↦⇒∀∂∃∇∈∉∋∌∏∑−∓∕∗∘√∝∞∣∥∩∪∫≈≠≡≤≥≪≫⊂⊃⊕⊗⊙⊤⋅⋮⋯⋰⋱⌈⌉⌊⌋⏞⏟⟨⟩"
)
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"


def alphabet(latin, greek):
    """Which code point holds each plain letter in one of the font's alphabets."""
    letters = {65 + i: latin + i for i in range(26)} | {97 + i: latin + 26 + i for i in range(26)}
    return letters | {ord(letter): greek + i for i, letter in enumerate(GREEK)}


ITALIC = alphabet(0x1D434, 0x1D6E2) | {ord("h"): 0x210E}
BOLD = alphabet(0x1D400, 0x1D6A8)
BOLD_ITALIC = alphabet(0x1D468, 0x1D71C)
ITALIC_POINTS = set(ITALIC.values())


def save(source, name, points, instead):
    """A face of these code points, where some have the glyphs of others."""
    font = TTFont(source)
    known = font.getBestCmap()
    glyphs = {point: known[instead.get(point, point)] for point in sorted(points) if instead.get(point, point) in known}
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap = {point: glyph for point, glyph in glyphs.items() if table.format == 12 or point < 0x10000}
    options = subset.Options(flavor="woff2", hinting=False, layout_features=["ssty", "ccmp", "mark"])
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=glyphs)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(OUT / name)
    print(f"{name}: {len(glyphs)} characters, {(OUT / name).stat().st_size} bytes")


def main():
    source = sys.argv[1]
    signs = {ord(sign) for sign in SIGNS}
    letters = set(ITALIC) & signs
    save(source, "math.woff2", signs | ITALIC_POINTS | set(BOLD[ord(letter)] for letter in "WbUV"), {})
    save(source, "math-italic.woff2", signs - set(range(0x2190, 0x22FF)) | {0x2212, 0x2202, 0x2207}, {point: ITALIC[point] for point in letters})
    bold = {point: BOLD[point] for point in letters}
    bold |= {ITALIC[point]: BOLD_ITALIC[point] for point in letters}
    save(source, "math-bold.woff2", set(bold) | set(range(0x30, 0x3A)) | {0x20, 0x302, 0x303, 0x2C6, 0x7E}, bold)


if __name__ == "__main__":
    main()
