"""Writes image files of all kinds and, as NAME.rgb, the pixels that Pillow decodes: rows of R, G, B bytes after
ImageOps.exif_transpose and convert('RGB'). For JPEG files whose names say "reduced" also those of smaller sizes by Image.draft, as
NAME.HALF.rgb and so on.

usage: python3 make_corpus.py FOLDER [RANDOM]   (Pillow 9.4 with libjpeg-turbo 2.1.5, numpy)
FOLDER gets the committed files; with RANDOM, that many JPEG and as many PNG files of random kinds and sizes instead.
"""
import io, os, random, struct, sys, zlib
import numpy as np
from PIL import Image, ImageOps

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def save(name, content, expected=None):
    with open(os.path.join(folder, name), 'wb') as f:
        f.write(content)
    if expected is None:
        try:
            expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert('RGB'))
        except OSError as e:
            print(name, e)
            return
    with open(os.path.join(folder, name.rsplit('.', 1)[0] + '.rgb'), 'wb') as f:
        f.write(np.ascontiguousarray(expected, np.uint8).tobytes())


def save_reduced(name, content):
    save(name, content)
    for part, times in {'half': 2, 'quarter': 4, 'eighth': 8}.items():
        image = Image.open(io.BytesIO(content))
        image.draft(image.mode, (image.width // times, image.height // times))
        with open(os.path.join(folder, name.rsplit('.', 1)[0] + '.%s.rgb' % part), 'wb') as f:
            f.write(np.asarray(image.convert('RGB')).tobytes())


def scene(w, h, seed, noise=12):
    """Colours that change smoothly, an edge and some noise."""
    r = np.random.RandomState(seed)
    y, x = np.mgrid[0:h, 0:w].astype(float)
    c = [128 + 120 * np.sin(x / (3 + 5 * k + seed % 7) + y / (9 - 2 * k) + seed) for k in range(3)]
    a = np.stack(c, 2) + r.randn(h, w, 3) * noise
    a[(x + 2 * y) % 23 < 6] = r.randint(0, 256, 3)
    return Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))


# ---- JPEG files that Pillow cannot write: any sampling, restarts, scans, colours; coefficients are random

ZIGZAG = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35,
          42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63]


def standard_tables():
    b = io.BytesIO()
    Image.new('RGB', (8, 8)).save(b, 'JPEG')
    d = b.getvalue()
    tables, at = {}, 2
    while d[at + 1] != 0xDA:
        length = d[at + 2] << 8 | d[at + 3]
        if d[at + 1] == 0xC4:
            p = at + 4
            while p < at + 2 + length:
                counts = list(d[p + 1:p + 17])
                n = sum(counts)
                tables[d[p]] = (counts, list(d[p + 17:p + 17 + n]))
                p += 17 + n
        at += 2 + length
    return tables


TABLES = standard_tables()


def codes(table):
    out, code, i = {}, 0, 0
    for length, n in enumerate(table[0], 1):
        for _ in range(n):
            out[table[1][i]] = (code, length)
            code, i = code + 1, i + 1
        code <<= 1
    return out


class Bits:
    def __init__(self):
        self.text = []

    def put(self, value, n):
        if n:
            self.text.append(format(value, '0%db' % n))

    def done(self):
        t = ''.join(self.text)
        t += '1' * (-len(t) % 8)
        return b''.join(bytes([int(t[i:i + 8], 2)]) + (b'\0' if t[i:i + 8] == '1' * 8 else b'') for i in range(0, len(t), 8))


def number(bits, v, table, prefix):
    n = abs(v).bit_length()
    bits.put(*table[prefix << 4 | n])
    bits.put(v if v > 0 else v + (1 << n) - 1, n)


def block(bits, c, last, dc, ac):
    number(bits, int(c[0]) - last, dc, 0)
    run = 0
    for v in c[1:]:
        if v == 0:
            run += 1
            continue
        while run > 15:
            bits.put(*ac[0xF0])
            run -= 16
        number(bits, int(v), ac, run)
        run = 0
    if run:
        bits.put(*ac[0])
    return int(c[0])


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack('>H', len(data) + 2) + data


def jpeg(w, h, sampling, seed, restart=0, separate=False, adobe=None, jfif=False, ids=None, wide_tables=False, density=.1, junk=b''):
    r = np.random.RandomState(seed)
    n = len(sampling)
    ids = ids or list(range(1, n + 1))
    mh, mv = max(s[0] for s in sampling), max(s[1] for s in sampling)
    ux, uy = -(-w // (8 * mh)), -(-h // (8 * mv))
    quant = [np.clip(r.randint(1, 12) + np.arange(64) * r.randint(0, 3), 1, 255) for _ in range(2)]
    if wide_tables:
        quant[0][40:] = 300
    coefs = []
    for i, (sh, sv) in enumerate(sampling):
        c = np.zeros((uy * sv, ux * sh, 64), int)
        c[..., 0] = r.randint(-60, 60, c.shape[:2])
        mask = r.rand(*c.shape) < density * np.exp(-np.arange(64) / 20)
        mask[..., 0] = False
        natural = quant[min(i, 1)][np.argsort(ZIGZAG)]
        c[mask] = (r.randn(*c.shape) * 30 / natural)[mask]  # decoders differ where values leave 16 bits
        c[..., 0] = np.clip(c[..., 0], -900 // natural[0], 900 // natural[0])
        c[r.rand(*c.shape[:2]) < .2, 1:] = 0
        coefs.append(c)
    out = b'\xff\xd8'
    if jfif:
        out += segment(0xE0, b'JFIF\0\1\1\0\0\1\0\1\0\0')
    if adobe is not None:
        out += segment(0xEE, b'Adobe\0\x64\0\0\0\0' + bytes([adobe]))
    for i in range(2):
        if wide_tables and i == 0:
            out += segment(0xDB, b'\x10' + struct.pack('>64H', *quant[0]))
        else:
            out += segment(0xDB, bytes([i]) + bytes(int(v) for v in quant[i]))
    out += segment(0xC1 if wide_tables else 0xC0, struct.pack('>BHHB', 8, h, w, n) + b''.join(
        bytes([ids[i], sampling[i][0] << 4 | sampling[i][1], min(i, 1)]) for i in range(n)))
    for t, (counts, values) in TABLES.items():
        out += segment(0xC4, bytes([t]) + bytes(counts) + bytes(values))
    if restart:
        out += segment(0xDD, struct.pack('>H', restart))
    scans = [[i] for i in range(n)] if separate else [list(range(n))]
    for scan in scans:
        out += segment(0xDA, bytes([len(scan)]) + b''.join(bytes([ids[i], min(i, 1) * 0x11]) for i in scan) + b'\0\x3f\0')
        units = []
        for y in range(uy):
            for x in range(ux):
                units.append([(i, y * sampling[i][1] + v, x * sampling[i][0] + u)
                              for i in scan for v in range(sampling[i][1]) for u in range(sampling[i][0])])
        if len(scan) == 1:
            i = scan[0]
            sh, sv = sampling[i] if n > 1 else (1, 1)
            cw, ch = (-(-w * sh // mh), -(-h * sv // mv)) if n > 1 else (w, h)
            units = [[(i, y, x)] for y in range(-(-ch // 8)) for x in range(-(-cw // 8))]
        bits, last = Bits(), [0] * n
        for k, unit in enumerate(units):
            if restart and k and k % restart == 0:
                out += bits.done() + bytes([0xFF, 0xD0 + (k // restart - 1) % 8])
                bits, last = Bits(), [0] * n
            for i, y, x in unit:
                c = coefs[i][y, x][ZIGZAG]
                last[i] = block(bits, c, last[i], codes(TABLES[min(i, 1)]), codes(TABLES[0x10 | min(i, 1)]))
        out += bits.done() + junk
    return out + b'\xff\xd9'


# ---- PNG files of all kinds

def png(w, h, depth, colour, seed, interlaced=False, trns=None, colours=None, extra=b'', parts=1):
    r = np.random.RandomState(seed)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    most = min((1 << depth), colours or 1 << 16)
    y, x = np.mgrid[0:h, 0:w]
    a = np.stack([(x * (3 + c) + y * (5 - c) + r.randint(0, 1 + most // 8, (h, w))) % most for c in range(channels)], 2)
    passes = [(0, 0, 1, 1)] if not interlaced else \
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    raw = b''
    for x0, y0, dx, dy in passes:
        sub = a[y0::dy, x0::dx]
        if sub.shape[0] == 0 or sub.shape[1] == 0:
            continue
        above, step = None, max(channels * depth // 8, 1)
        for row in sub:
            flat = row.reshape(-1)
            if depth == 16:
                line = b''.join(struct.pack('>H', int(v)) for v in flat)
            else:
                t = ''.join(format(int(v), '0%db' % depth) for v in flat)
                t += '0' * (-len(t) % 8)
                line = bytes(int(t[i:i + 8], 2) for i in range(0, len(t), 8))
            above = above or bytes(len(line))
            f = int(r.randint(0, 5))
            raw += bytes([f]) + filtered(f, line, above, step)
            above = line
    chunks = chunk(b'IHDR', struct.pack('>IIBBBBB', w, h, depth, colour, 0, 0, int(interlaced))) + extra
    if colour == 3:
        chunks += chunk(b'PLTE', bytes(r.randint(0, 256, 3 * (colours or 1 << depth)).astype(np.uint8)))
    if trns is not None:
        chunks += chunk(b'tRNS', trns)
    z = zlib.compress(raw)
    for i in range(parts):
        chunks += chunk(b'IDAT', z[i * len(z) // parts:(i + 1) * len(z) // parts])
    return b'\x89PNG\r\n\x1a\n' + chunks + chunk(b'IEND', b'')


def filtered(f, line, above, step):
    out = []
    for i, v in enumerate(line):
        a, b, c = (line[i - step], above[i], above[i - step]) if i >= step else (0, above[i], 0)
        p = a + b - c
        pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
        paeth = a if pa <= pb and pa <= pc else b if pb <= pc else c
        out.append((v - [0, a, b, (a + b) >> 1, paeth][f]) & 255)
    return bytes(out)


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


def exif(orientation, order='>'):
    return (b'MM\0*' if order == '>' else b'II*\0') + struct.pack(order + 'IHHHIHHI', 8, 1, 0x0112, 3, 1, orientation, 0, 0)


def pillow(image, fmt, **kw):
    b = io.BytesIO()
    image.save(b, fmt, **kw)
    return b.getvalue()


# ---- GIF and BMP files that Pillow does not write

def gif_of(screen, at, background=None, transparent=None):
    d = bytearray(pillow(scene(11, 9, 4).quantize(16), 'GIF'))
    d[6:10] = struct.pack('<HH', *screen)
    i = d.index(b'\x2c', 13 + 3 * 2 ** ((d[10] & 7) + 1))
    d[i + 1:i + 5] = struct.pack('<HH', *at)
    if transparent is not None:
        d[i:i] = bytes([0x21, 0xF9, 4, 1, 0, 0, transparent, 0])
    return bytes(d)


def bmp(w, h, bits, seed, compression=0, top_down=False, masks=None, data=None):
    r = np.random.RandomState(seed)
    palette = bytes(r.randint(0, 256, 4 << bits).astype(np.uint8)) if bits <= 8 else b''
    stride = (w * bits + 31) // 32 * 4
    data = data or bytes(r.randint(0, 256, stride * h).astype(np.uint8))
    mask = struct.pack('<III', *masks) if masks else b''
    offset = 54 + len(palette) + len(mask)
    return b'BM' + struct.pack('<IHHIIiiHHIIiiII', offset + len(data), 0, 0, offset, 40, w, -h if top_down else h, 1, bits,
                               compression, len(data), 0, 0, 0, 0) + mask + palette + data


def random_files(count):
    r = random.Random(5)
    samplings = [[(1, 1)], [(2, 2)], [(1, 1)] * 3, [(2, 2), (1, 1), (1, 1)], [(2, 1), (1, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)],
                 [(4, 1), (1, 1), (1, 1)], [(4, 2), (1, 1), (1, 1)], [(4, 1), (2, 1), (4, 1)], [(2, 2), (2, 1), (1, 2)], [(1, 1), (2, 2), (1, 1)],
                 [(3, 1), (1, 1), (1, 1)], [(2, 2), (2, 2), (2, 2)], [(1, 4), (1, 1), (1, 1)],
                 [(1, 1)] * 4, [(2, 2), (1, 1), (1, 1), (2, 2)], [(4, 1), (2, 1), (2, 1)], [(1, 4), (1, 2), (1, 4)], [(1, 4), (1, 2), (1, 1)]]
    for k in range(count):
        w, h = r.randint(1, 67), r.randint(1, 53)
        if k % 8 == 0:
            w, h = r.randint(1, 9), r.randint(1, 9)
        s = r.choice(samplings)
        save('j%05d.jpg' % k, jpeg(w, h, s, k, restart=r.choice([0, 0, 1, 2, 3, 7, 40]), separate=r.random() < .3,
                                   adobe=r.choice([None, None, 0, 1, 2]), jfif=r.random() < .3,
                                   ids=r.choice([None, None, [82, 71, 66, 75][:len(s)], [0, 1, 2, 3][:len(s)]]),
                                   wide_tables=r.random() < .2, density=r.choice([0, .05, .2, .9])))
        colour, depth = r.choice([(0, 1), (0, 2), (0, 4), (0, 8), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8),
                                  (6, 16)])
        save('p%05d.png' % k, png(w, h, depth, colour, k, interlaced=r.random() < .5, parts=r.choice([1, 1, 3])))


def committed_files():
    grey_alpha = struct.pack('>H', 7)
    # JPEG
    for name, kw in {'420': dict(subsampling=2), '422': dict(subsampling=1), '444': dict(subsampling=0, quality=100),
                     'progressive': dict(progressive=True), 'progressive444': dict(progressive=True, subsampling=0, quality=98),
                     'optimized': dict(optimize=True, quality=30)}.items():
        save('jpeg-%s.jpg' % name, pillow(scene(37, 29, len(name)), 'JPEG', **{'quality': 90, **kw}))
    save('jpeg-grey.jpg', pillow(scene(21, 17, 1).convert('L'), 'JPEG', quality=85))
    save('jpeg-greyprogressive.jpg', pillow(scene(21, 17, 2).convert('L'), 'JPEG', progressive=True))
    save('jpeg-cmyk.jpg', pillow(scene(23, 18, 3).convert('CMYK'), 'JPEG', quality=90))
    save('jpeg-cmykprogressive.jpg', pillow(scene(23, 18, 3).convert('CMYK'), 'JPEG', progressive=True))
    for o in range(1, 9):
        save('jpeg-exif%d.jpg' % o, pillow(scene(19, 11, 7), 'JPEG', exif=b'Exif\0\0' + exif(o, '<' if o % 2 else '>')))
    for name, kw in {'440': dict(sampling=[(1, 2), (1, 1), (1, 1)]), '411': dict(sampling=[(4, 1), (1, 1), (1, 1)]),
                     '410': dict(sampling=[(4, 2), (1, 1), (1, 1)]), 'mixed': dict(sampling=[(2, 2), (2, 1), (1, 2)]),
                     'triple': dict(sampling=[(3, 1), (1, 1), (1, 1)]), 'quarter': dict(sampling=[(4, 1), (2, 1), (2, 1)]),
                     'coarseluma': dict(sampling=[(1, 1), (2, 2), (1, 1)]), 'greysampled': dict(sampling=[(2, 2)]),
                     'restart': dict(sampling=[(2, 2), (1, 1), (1, 1)], restart=2),
                     'restartgrey': dict(sampling=[(1, 1)], restart=1), 'separate': dict(sampling=[(2, 2), (1, 1), (1, 1)], separate=True),
                     'separaterestart': dict(sampling=[(2, 1), (1, 1), (1, 1)], separate=True, restart=3),
                     'rgbadobe': dict(sampling=[(1, 1)] * 3, adobe=0), 'rgbnames': dict(sampling=[(1, 1)] * 3, ids=[82, 71, 66]),
                     'ycckadobe': dict(sampling=[(2, 2), (1, 1), (1, 1), (2, 2)], adobe=2),
                     'widetables': dict(sampling=[(1, 1)] * 3, wide_tables=True), 'dense': dict(sampling=[(1, 1)] * 3, density=5),
                     'extraneous': dict(sampling=[(2, 2), (1, 1), (1, 1)], junk=b'\x12\x34\x56')}.items():
        save('jpeg-%s.jpg' % name, jpeg(35, 27, seed=len(name), **kw))
    for w, h in [(1, 1), (2, 1), (1, 2), (3, 2), (4, 5), (5, 3), (17, 1), (1, 17)]:
        save('jpeg-%dx%d.jpg' % (w, h), pillow(scene(w, h, w + h), 'JPEG', quality=90))
    for i, kw in enumerate([dict(subsampling=2), dict(subsampling=1), dict(subsampling=0), dict(progressive=True)]):
        save_reduced('jpeg-reduced%d.jpg' % i, pillow(scene(45, 37, 3, 3), 'JPEG', quality=88, **kw))
    save_reduced('jpeg-reducedgrey.jpg', pillow(scene(45, 37, 3, 3).convert('L'), 'JPEG'))
    save_reduced('jpeg-reducedcmyk.jpg', pillow(scene(45, 37, 3, 3).convert('CMYK'), 'JPEG'))
    save_reduced('jpeg-reduced440.jpg', jpeg(45, 37, [(1, 2), (1, 1), (1, 1)], 1))
    save_reduced('jpeg-reduced411.jpg', jpeg(45, 37, [(4, 1), (1, 1), (1, 1)], 2, restart=3))
    # PNG
    for colour, depth in [(0, 1), (0, 2), (0, 4), (0, 8), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16), (6, 8), (6, 16)]:
        save('png-%d-%d.png' % (colour, depth), png(13, 11, depth, colour, 8))
        save('png-%d-%d-interlaced.png' % (colour, depth), png(13, 11, depth, colour, 9, interlaced=True))
    save('png-1x1-interlaced.png', png(1, 1, 8, 2, 3, interlaced=True))
    save('png-3x2-interlaced.png', png(3, 2, 8, 6, 3, interlaced=True))
    save('png-parts.png', png(30, 20, 8, 2, 1, parts=5))
    save('png-transparentgrey.png', png(9, 9, 8, 0, 1, trns=grey_alpha))
    save('png-transparentrgb.png', png(9, 9, 8, 2, 1, trns=grey_alpha * 3))
    save('png-transparentpalette.png', png(9, 9, 4, 3, 1, trns=bytes([0, 80, 255])))
    save('png-shortpalette.png', png(9, 9, 8, 3, 1, colours=5))
    save('png-exif6.png', png(9, 5, 8, 2, 1, extra=chunk(b'eXIf', exif(6))))
    # GIF
    save('gif-plain.gif', pillow(scene(31, 23, 4).quantize(64), 'GIF'))
    save('gif-interlaced.gif', pillow(scene(31, 23, 5).quantize(64), 'GIF', interlace=True))
    save('gif-bilevel.gif', pillow(scene(31, 23, 5).convert('1'), 'GIF'))
    save('gif-grey.gif', pillow(scene(40, 33, 6, 40).convert('L'), 'GIF', interlace=False))
    save('gif-animated.gif', pillow(scene(15, 9, 1), 'GIF', save_all=True, append_images=[scene(15, 9, 2), scene(15, 9, 3)]))
    save('gif-fewcodes.gif', pillow(Image.new('P', (180, 160), 3), 'GIF'))
    save('gif-manycodes.gif', pillow(Image.fromarray(np.random.RandomState(1).randint(0, 256, (90, 70)).astype(np.uint8)), 'GIF'))
    save('gif-inside.gif', gif_of((15, 12), (2, 1)))
    save('gif-insidetransparent.gif', gif_of((15, 12), (2, 1), transparent=5))
    save('gif-outside.gif', gif_of((3, 3), (4, 2)))
    for size in [1, 3, 8]:
        save('gif-interlaced%d.gif' % size, pillow(scene(size, size, 5).quantize(16), 'GIF', interlace=True))
    # BMP
    for bits in [1, 4, 8, 16, 24, 32]:
        save('bmp-%d.bmp' % bits, bmp(13, 7, bits, bits))
    save('bmp-topdown.bmp', bmp(13, 7, 24, 1, top_down=True))
    save('bmp-565.bmp', bmp(13, 7, 16, 2, compression=3, masks=(0xF800, 0x7E0, 0x1F)))
    save('bmp-pillow.bmp', pillow(scene(20, 10, 3), 'BMP'))
    save('bmp-runs.bmp', bmp(8, 3, 8, 2, compression=1, data=bytes([8, 7, 0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 3, 9, 0, 0, 4, 1, 4, 200, 0, 1])))
    # TIFF and WebP
    for compression in [None, 'tiff_lzw', 'tiff_adobe_deflate', 'packbits']:
        save('tiff-%s.tif' % (compression or 'plain'), pillow(scene(19, 13, 3), 'TIFF', compression=compression))
    save('tiff-grey.tif', pillow(scene(19, 13, 3).convert('L'), 'TIFF'))
    save('tiff-palette.tif', pillow(scene(19, 13, 3).quantize(16), 'TIFF'))
    save('webp-lossless.webp', pillow(scene(19, 13, 3), 'WEBP', lossless=True))
    save('webp-lossy.webp', pillow(scene(24, 16, 3, 3), 'WEBP', quality=95))


if len(sys.argv) > 2:
    random_files(int(sys.argv[2]))
else:
    committed_files()
