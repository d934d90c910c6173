"""Papers, table tops and surroundings of the path-traced sets as pictures; the rasteriser knows none."""
import cv2
import numpy as np
import numpy.typing as npt

from vision.training.cycles.draw import stream

Picture = npt.NDArray[np.uint8]
Paint = npt.NDArray[np.float32]
CARD = (92.0, 134.0, 172.0)
TABLE_PX = 1300
INKS = ((40, 40, 46), (150, 60, 30), (35, 40, 170), (60, 120, 40), (20, 110, 200), (120, 30, 110))


def fractal(rng: np.random.Generator, rows: int, columns: int, octaves: tuple[int, ...], stretch: int = 1) -> Paint:
    """Noise of about unit scale as a sum of octaves; stretch draws it out along the rows."""
    total = np.zeros((rows, columns), np.float32)
    for n, cells in enumerate(octaves):
        coarse = rng.standard_normal((cells * stretch + 1, cells + 1)).astype(np.float32)
        total += cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC) * np.float32(0.75 ** n)
    return total / np.float32(np.sqrt(len(octaves)))


def paper(name: str, split: str, seed: int, finish: str, size_px: tuple[int, int]) -> Paint:
    """The whole wrapping of one parcel, columns x rows pixels of about one mm."""
    rng = stream(split, seed, "paper")
    columns, rows = size_px
    sheet = np.empty((rows, columns, 3), np.float32)
    if finish == "card":
        rng.uniform(size=3)  # cards drawn before the other finishes had painters of their own stay as they are
        sheet[:] = np.array(CARD) * rng.uniform(0.75, 1.2) + rng.normal(0, 4, 3)
        PAINTERS[name](sheet, rng)
    else:
        COATS[split](sheet, finish, rng)
    sheet *= (1 + 0.03 * fractal(rng, rows, columns, (4, 9, 60)))[..., None]
    return np.clip(sheet, 3, 250)


def _worded(sheet: Paint, finish: str, rng: np.random.Generator) -> None:
    """Black, white, glossy and plastic of the tuning split: one tone, half of them with words."""
    spans = {"white": (0.9, 1.0), "black": (0.6, 1.4), "glossy": (0.6, 1.1)}
    low, high = spans.get(finish, (0.9, 1.0))
    base = {"white": (236, 240, 241), "black": (22, 21, 20), "grey_plastic": (128, 124, 120),
            "white_plastic": (228, 230, 232), "black_plastic": (30, 28, 28), "pink_plastic": (150, 110, 215)}
    colour = base.get(finish, tuple(float(v) for v in rng.uniform(40, 220, 3)))
    sheet[:] = np.array(colour) * rng.uniform(low, high) + rng.normal(0, 4, 3)
    if rng.random() < 0.5:
        _motto(sheet, rng, INKS[int(rng.integers(0, len(INKS)))])


def _signed(sheet: Paint, finish: str, rng: np.random.Generator) -> None:
    """Those of the held-out split: a tone that runs to another, half of them with signs: arrows, rings, bands."""
    rows, columns = sheet.shape[:2]
    tones = {"white": ((214, 226, 238), (240, 238, 230)), "black": ((38, 26, 18), (14, 16, 24)),
             "grey_plastic": ((104, 112, 124), (150, 146, 138)), "white_plastic": ((206, 222, 232), (238, 232, 226)),
             "black_plastic": ((20, 26, 36), (44, 36, 30)), "pink_plastic": ((176, 96, 196), (132, 126, 230))}
    drawn = rng.uniform(30, 230, (2, 3))
    first, last = (np.array(tone) for tone in tones.get(finish, drawn))
    share = np.linspace(0, float(rng.uniform(0.4, 1.0)), columns, dtype=np.float32)[None, :, None]
    sheet[:] = (first * (1 - share) + last * share) * rng.uniform(0.85, 1.05)
    for _ in range(int(rng.integers(2, 7)) if rng.random() < 0.5 else 0):
        ink = tuple(float(v) for v in rng.uniform(20, 235, 3))
        x, y, reach = int(rng.integers(0, columns)), int(rng.integers(0, rows)), int(rng.integers(12, 40))
        match int(rng.integers(0, 3)):
            case 0:
                cv2.arrowedLine(sheet, (x, y + reach), (x, y - reach), ink, max(2, reach // 6), cv2.LINE_AA, 0, 0.5)
            case 1:
                cv2.circle(sheet, (x, y), reach, ink, max(2, reach // 5), cv2.LINE_AA)
            case _:
                cv2.rectangle(sheet, (x, y), (x + 3 * reach, y + reach // 3), ink, -1)


COATS = {"test": _signed, "tune": _worded}


def _fibre(sheet: Paint, rng: np.random.Generator) -> None:
    rows, columns = sheet.shape[:2]
    for _ in range(rows * columns // 900):
        x, y, turn = rng.uniform(0, columns), rng.uniform(0, rows), rng.uniform(0, np.pi)
        tip = (int(x + 6 * np.cos(turn)), int(y + 6 * np.sin(turn)))
        tone = tuple(float(v) for v in sheet[int(y) % rows, int(x) % columns] * rng.uniform(0.85, 1.12))
        cv2.line(sheet, (int(x), int(y)), tip, tone, 1, cv2.LINE_AA)


def _post(sheet: Paint, rng: np.random.Generator) -> None:
    rows, columns = sheet.shape[:2]
    ink = INKS[int(rng.integers(0, len(INKS)))]
    for y in range(int(rng.integers(20, 60)), rows, int(rng.integers(130, 260))):
        cv2.rectangle(sheet, (18, y), (max(30, columns - 18), y + int(rng.integers(6, 26))), ink, -1)
        for x in range(40, columns - 60, 150):
            cv2.ellipse(sheet, (x, y + 60), (34, 22), 0, 0, 360, ink, 4, cv2.LINE_AA)
    _motto(sheet, rng, ink)


def _motto(sheet: Paint, rng: np.random.Generator, ink: tuple[int, int, int]) -> None:
    rows, columns = sheet.shape[:2]
    for _ in range(int(rng.integers(1, 5))):
        word = "".join(chr(int(c)) for c in rng.integers(97, 122, int(rng.integers(4, 11))))
        spot = (int(rng.integers(0, max(1, columns - 80))), int(rng.integers(20, max(21, rows))))
        ink_px = np.zeros((rows, columns), np.uint8)
        cv2.putText(ink_px, word, spot, cv2.FONT_HERSHEY_COMPLEX, float(rng.uniform(0.6, 2.2)), (255,),
                    int(rng.integers(1, 5)), cv2.LINE_AA)
        share = ink_px[..., None].astype(np.float32) / 255
        sheet[:] = sheet * (1 - share) + np.array(ink, np.float32) * share


def _marbled(sheet: Paint, rng: np.random.Generator) -> None:
    rows, columns = sheet.shape[:2]
    field = np.sin(4 * fractal(rng, rows, columns, (3, 7, 15)))
    share = np.clip(field * 2, 0, 1)[..., None]
    sheet[:] = sheet * (1 - share) + np.array(INKS[int(rng.integers(0, len(INKS)))], np.float32) * share


def _maze(sheet: Paint, rng: np.random.Generator) -> None:
    pitch = int(rng.integers(22, 60))
    ink = tuple(float(v) for v in sheet[0, 0] * rng.uniform(0.35, 0.8))
    for y in range(0, sheet.shape[0], pitch):
        for x in range(0, sheet.shape[1], pitch):
            ends = ((x, y), (x + pitch, y + pitch)) if rng.random() < 0.5 else ((x + pitch, y), (x, y + pitch))
            cv2.line(sheet, *ends, ink, max(2, pitch // 9), cv2.LINE_AA)


def _halftone(sheet: Paint, rng: np.random.Generator) -> None:
    rows, columns = sheet.shape[:2]
    tone = fractal(rng, rows, columns, (2, 4))
    ink, pitch = INKS[int(rng.integers(0, len(INKS)))], int(rng.integers(9, 18))
    for y in range(0, rows, pitch):
        for x in range(0, columns, pitch):
            radius = int(pitch * 0.5 * float(np.clip(0.5 + 0.4 * tone[y, x], 0, 1)))
            if radius:
                cv2.circle(sheet, (x, y), radius, ink, -1, cv2.LINE_AA)


def _woven(sheet: Paint, rng: np.random.Generator) -> None:
    pitch = int(rng.integers(6, 16))
    sheet[::pitch] *= 0.8
    sheet[:, ::pitch] *= 0.85
    sheet[pitch // 2::pitch] *= 1.12


def _confetti(sheet: Paint, rng: np.random.Generator) -> None:
    for _ in range(sheet.shape[0] * sheet.shape[1] // 4000):
        x, y = rng.uniform(0, sheet.shape[1]), rng.uniform(0, sheet.shape[0])
        quad = cv2.boxPoints(((x, y), (float(rng.uniform(5, 22)), float(rng.uniform(3, 9))), float(rng.uniform(0, 90))))
        cv2.fillConvexPoly(sheet, quad.astype(np.int32), INKS[int(rng.integers(0, len(INKS)))], cv2.LINE_AA)


def _newsprint(sheet: Paint, rng: np.random.Generator) -> None:
    sheet[:] = np.array((190, 200, 204), np.float32)
    for y in range(8, sheet.shape[0], 7):
        for x in range(8, sheet.shape[1] - 40, 70):
            cv2.line(sheet, (x, y), (x + int(rng.integers(30, 62)), y), (90, 90, 92), 2)


PAINTERS = {"fibre": _fibre, "post": _post, "marbled": _marbled, "maze": _maze, "halftone": _halftone,
            "woven": _woven, "confetti": _confetti, "newsprint": _newsprint}


def tape(sheet: Paint, rng: np.random.Generator) -> None:
    """A strip of parcel tape along the middle of a face, in place."""
    rows, columns = sheet.shape[:2]
    tone = np.array([(150, 196, 214), (205, 208, 206), (60, 110, 150)][int(rng.integers(0, 3))], np.float32)
    half, share = int(rng.uniform(19, 30)), float(rng.uniform(0.35, 0.8))
    if rng.random() < 0.25:
        middle = columns // 2
        part = sheet[:, max(0, middle - half):middle + half]
    else:
        part = sheet[max(0, rows // 2 - half):rows // 2 + half]
    part[:] = part * (1 - share) + tone * share


def waybill(sheet: Paint, rng: np.random.Generator) -> None:
    """An address label with bars and lines of text somewhere on a face, in place."""
    rows, columns = sheet.shape[:2]
    wide, high = int(rng.uniform(80, 140)), int(rng.uniform(60, 110))
    if columns < wide + 8 or rows < high + 8:
        return
    x, y = int(rng.integers(2, columns - wide - 2)), int(rng.integers(2, rows - high - 2))
    part = sheet[y:y + high, x:x + wide]
    part[:] = rng.uniform(222, 246)
    for n in range(6, wide - 6, 3):
        part[6:6 + high // 4, n:n + int(rng.integers(1, 3))] = 20
    for line in range(high // 4 + 14, high - 6, 8):
        part[line:line + 2, 6:int(rng.uniform(wide * 0.4, wide - 6))] = 50


def table_top(name: str, split: str, number: int) -> Picture:
    """The table top, TABLE_PX square."""
    rng = stream(split, number, "table")
    side = TABLE_PX
    top = np.empty((side, side, 3), np.float32)
    top[:] = np.array(TABLE_TONES[name], np.float32) * rng.uniform(0.85, 1.15) + rng.normal(0, 4, 3)
    if name in ("laminate", "varnish"):
        rings = np.sin(fractal(rng, side, side, (2, 5), 4) * 9 + np.linspace(0, 60, side)[None, :])
        top *= (1 + 0.05 * rings + 0.03 * fractal(rng, side, side, (120,), 1))[..., None]
    elif name == "terrazzo":
        _chips(top, rng)
    elif name == "steel":
        top *= (1 + 0.04 * rng.standard_normal((1, side)) + 0.02 * fractal(rng, side, side, (3, 8)))[..., None]
    else:
        top *= (1 + 0.05 * fractal(rng, side, side, (6, 90, 300)))[..., None]
    return np.asarray(np.clip(top, 3, 250), np.uint8)


TABLE_TONES = {"laminate": (120, 150, 176), "rubber": (62, 60, 58), "steel": (150, 150, 148),
               "terrazzo": (176, 180, 182), "felt": (70, 96, 60), "stone": (110, 112, 118), "varnish": (60, 86, 120)}


def _chips(top: Paint, rng: np.random.Generator) -> None:
    for _ in range(1500):
        x, y = rng.uniform(0, top.shape[1], 2)
        box = ((float(x), float(y)), (float(rng.uniform(3, 11)), float(rng.uniform(3, 9))), float(rng.uniform(0, 90)))
        cv2.fillConvexPoly(top, cv2.boxPoints(box).astype(np.int32), tuple(float(v) for v in rng.uniform(90, 215, 3)))


def tag(number: int) -> Picture:
    """An AprilTag 36h11 with its quiet zone, one pixel per cell of a tenth of its quieted side."""
    family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_APRILTAG_36h11)
    black = cv2.aruco.generateImageMarker(family, number, 8)
    return np.asarray(cv2.copyMakeBorder(black, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(255,)), np.uint8)


def surroundings(light: str, split: str, number: int) -> Paint:
    """What shines from all around, rows from the floor up, columns around; 1 is as bright as white paper."""
    rng = stream(split, number, "light", 1)
    rows, columns = 64, 128
    height = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    level = {"hall": 0.75, "window": 0.28, "dome": 1.0, "panel": 0.3, "bars": 0.3}.get(light, 0.2)
    room = np.repeat((level * (0.55 + 0.45 * height))[..., None], columns, axis=1) * rng.uniform(0.85, 1.15, 3)
    room = np.repeat(room, 3, axis=2) if room.shape[2] == 1 else room
    room *= (1 + 0.25 * fractal(rng, rows, columns, (3, 6)))[..., None]
    for _ in range({"window": 2, "hall": 3}.get(light, 1)):
        at, wide = int(rng.integers(0, columns - 20)), int(rng.integers(6, 18))
        shine = rng.uniform(2, 7) * rng.uniform(0.8, 1.2, 3) if light == "window" else np.full(3, 1.2)
        room[34:52, at:at + wide] += shine
    return np.asarray(np.clip(room, 0.01, 20), np.float32)
