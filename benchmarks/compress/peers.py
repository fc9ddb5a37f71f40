"""Sizes of one grey picture under lossless codecs, each at its smallest, each decoded again: `peers.py SHEET WIDTH HEIGHT`, SHEET one byte a pixel."""
import io
import json
import lzma
import sys

import oxipng
import pillow_jxl  # noqa: F401  (registers the codec)
from PIL import Image

sheet, width, height = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
pixels = open(sheet, "rb").read()
picture = Image.frombytes("L", (width, height), pixels)


def saved(kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def checked(name, data):
    back = Image.open(io.BytesIO(data)).convert("L").tobytes()
    if back != pixels:
        raise SystemExit(f"{name} does not give the picture back")
    return len(data)


packed = lzma.compress(pixels, preset=9 | lzma.PRESET_EXTREME)
assert lzma.decompress(packed) == pixels
print(
    json.dumps(
        {
            "PNG (oxipng, zopfli)": checked("PNG", oxipng.optimize_from_memory(saved("PNG", optimize=True), level=6, deflate=oxipng.Deflaters.zopfli(15))),
            "WebP": checked("WebP", saved("WEBP", lossless=True, quality=100, method=6)),
            "JPEG XL": checked("JPEG XL", saved("JXL", lossless=True, effort=9)),
            "xz": len(packed),
        }
    )
)
