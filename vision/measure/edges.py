"""Sub-pixel places of straight edges in a grey picture."""
import cv2
import numpy as np
import numpy.typing as npt

from vision.measure.camera import Floats

Gray = npt.NDArray[np.float32]
STEP_PX = 0.5
BAND_ROWS = 6


def across(start: Floats, end: Floats) -> Floats:
    """Unit normal (2,) of the segment, to its right in picture axes."""
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1e-9)
    return np.array([-along[1], along[0]])


def profiles(gray: Gray, points: Floats, normal: Floats, reach_px: float) -> Floats:
    """Grey values (N, M) along the normal (2,), or each along its own (N, 2), through points (N, 2), from -reach_px to
    +reach_px in STEP_PX."""
    way = np.arange(-reach_px, reach_px + STEP_PX / 2, STEP_PX)
    x = (points[:, :1] + normal[..., :1] * way).astype(np.float32)
    y = (points[:, 1:] + normal[..., 1:] * way).astype(np.float32)
    return np.asarray(cv2.remap(gray, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.float64)


def bands(gray: Gray, points: Floats, normals: Floats, wide_px: float, reach_px: float) -> Floats:
    """Profiles (N, M) along normals (N, 2), each the mean over wide_px along the edge: an edge stays, print that
    crosses it blurs."""
    aside = (np.arange(BAND_ROWS) - (BAND_ROWS - 1) / 2) * wide_px / BAND_ROWS
    spots = points[:, None] + (normals[:, ::-1] * np.array([1.0, -1.0]))[:, None] * aside[:, None]
    lines = profiles(gray, spots.reshape(-1, 2), np.repeat(normals, BAND_ROWS, axis=0), reach_px)
    return np.asarray(lines.reshape(len(points), BAND_ROWS, -1).mean(axis=1))


def step_centres(lines: Floats) -> tuple[Floats, Floats]:
    """Offsets (N,) px of the rising edge nearest the middle of each profile (N, M), and its contrast."""
    slope = np.clip(np.diff(lines, axis=1), 0, None)
    slope = np.where(slope >= 0.25 * slope.max(axis=1, keepdims=True), slope, 0.0)
    way = (np.arange(slope.shape[1]) - (slope.shape[1] - 1) / 2) * STEP_PX
    total = slope.sum(axis=1)
    return (slope * way).sum(axis=1) / np.maximum(total, 1e-9), total


def fit_line(points: Floats) -> tuple[Floats, Floats]:
    """Middle and unit direction of the best line through points (N, 2)."""
    middle = np.median(points, axis=0) if len(points) < 3 else points.mean(axis=0)
    return middle, np.linalg.svd(points - middle)[2][0]


def cross_point(first: tuple[Floats, Floats], second: tuple[Floats, Floats]) -> Floats:
    """Where two lines (middle, direction) meet."""
    share = np.linalg.solve(np.column_stack([first[1], -second[1]]), second[0] - first[0])
    return np.asarray(first[0] + share[0] * first[1])


def sharpen_quad(gray: Gray, corners: Floats) -> Floats:
    """Corners (4, 2) of a black square on white, from lines fitted to its four sides; as given if that fails."""
    lines = []
    for n in range(4):
        start, end = corners[n], corners[(n + 1) % 4]
        normal = across(start, end)
        outward = normal if normal @ (start + end - 2 * corners.mean(axis=0)) > 0 else -normal
        share = np.linspace(0.15, 0.85, 15)[:, None]
        points = start + (end - start) * share
        reach = min(2.5, float(np.linalg.norm(end - start)) * 0.1)
        offset, contrast = step_centres(profiles(gray, points, outward, reach))
        good = contrast > 0.5 * np.median(contrast)
        lines.append(fit_line((points + outward * offset[:, None])[good]))
    try:
        better = np.array([cross_point(lines[n - 1], lines[n]) for n in range(4)])
    except np.linalg.LinAlgError:
        return corners
    return better if float(np.abs(better - corners).max()) < 3.0 else corners
