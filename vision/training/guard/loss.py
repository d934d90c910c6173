"""What a good answer is: task-aligned assignment (Feng 2021), complete IoU (Zheng 2020), spots by their distance."""
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from vision.guard.detect import POINTS
from vision.guard.records import Kind

BEST = 8
"""Cells that learn one object."""
REACH = 10.0
"""Strides from a cell to the furthest edge of a box that it may learn; the coarsest stride learns all."""
RARE = torch.tensor([2.0 if kind in (Kind.PERSON_DOWN, Kind.PALLET_TRUCK) else 1.0 for kind in Kind])
"""Weight of a class where it is to be told; scenes have few of some."""
WEIGHTS = {"box": 5.0, "foot": 2.0, "nose": 1.0, "class": 1.0}


@dataclass(frozen=True, eq=False)
class Aims:
    """For each cell of a batch: row (B, A) it learns or -1; its fitness 0-1; classes (B, A, classes) left out."""
    row: Tensor
    fit: Tensor
    left_out: Tensor


def decoded(points: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Boxes (B, A, 4) of raw points (B, A, 8)."""
    edges = points[..., :4].clamp(min=0.01) * strides
    return torch.cat([centres - edges[..., :2], centres + edges[..., 2:]], dim=-1)


def plain_iou(one: Tensor, other: Tensor) -> Tensor:
    """Intersection over union of boxes (..., 4)."""
    low, high = torch.maximum(one[..., :2], other[..., :2]), torch.minimum(one[..., 2:], other[..., 2:])
    sides = (high - low).clamp(min=0)
    common = sides[..., 0] * sides[..., 1]
    return common / (_area(one) + _area(other) - common + 1e-6)


def _area(boxes: Tensor) -> Tensor:
    return (boxes[..., 2] - boxes[..., 0]) * (boxes[..., 3] - boxes[..., 1])


def complete_iou(one: Tensor, other: Tensor) -> Tensor:
    """Intersection over union less distance of centres and difference of shape; boxes (..., 4)."""
    iou = plain_iou(one, other)
    size, wanted = (one[..., 2:] - one[..., :2]).clamp(min=1e-3), (other[..., 2:] - other[..., :2]).clamp(min=1e-3)
    hull = torch.maximum(one[..., 2:], other[..., 2:]) - torch.minimum(one[..., :2], other[..., :2])
    apart = ((one[..., :2] + one[..., 2:] - other[..., :2] - other[..., 2:]) / 2).square().sum(dim=-1)
    shape = 4 / torch.pi ** 2 * (torch.atan(wanted[..., 0] / wanted[..., 1])
                                 - torch.atan(size[..., 0] / size[..., 1])).square()
    with torch.no_grad():
        share = shape / (1 - iou + shape + 1e-6)
    return iou - apart / (hull.square().sum(dim=-1) + 1e-6) - share * shape


def aims(logits: Tensor, boxes: Tensor, rows: Tensor, centres: Tensor, strides: Tensor) -> Aims:
    """Which cell learns which row, by its score times the fourth power of its overlap.

    Logits (B, A, classes), boxes (B, A, 4), rows (B, G, 10) padded with class -1.
    """
    kind, wanted, real = rows[..., 0].long().clamp(min=0), rows[..., 1:5], rows[..., 0] >= 0
    offered = real & (rows[..., 9] == 0)
    x, y, stride = centres[:, 0], centres[:, 1], strides[:, 0]
    left, top, right, bottom = (wanted[..., n, None] for n in range(4))
    ways = [x - left, y - top, right - x, bottom - y]
    least = torch.minimum(torch.minimum(ways[0], ways[1]), torch.minimum(ways[2], ways[3]))
    most = torch.maximum(torch.maximum(ways[0], ways[1]), torch.maximum(ways[2], ways[3]))
    inside = least > 0
    near = (most < REACH * stride) | (stride == stride.max())
    finest = stride.min()
    home = ((x - (left + right) / 2).abs() <= finest / 2 + 1e-3) & ((y - (top + bottom) / 2).abs() <= finest / 2 + 1e-3)
    home = home & (stride == finest)
    fits = (inside & near | home) & offered[..., None]
    iou = plain_iou(boxes[:, None], wanted[:, :, None])
    sure = logits.sigmoid().gather(2, kind[:, None].expand(-1, logits.shape[1], -1)).transpose(1, 2)
    fitness = (sure + 1e-3) * (iou + 1e-2).square().square() * fits
    best = fitness.topk(min(BEST, fitness.shape[2]), dim=2)
    chosen = torch.zeros_like(fitness).scatter(2, best.indices, best.values)
    top, row = chosen.max(dim=1)
    scale = iou.mul(fits).amax(dim=2) / fitness.amax(dim=2).clamp(min=1e-9)
    fit = top * scale.gather(1, row)
    left_out = ((inside & (real & (rows[..., 9] > 0))[..., None]).float().transpose(1, 2)
                @ functional.one_hot(kind, len(Kind)).float()) > 0
    return Aims(torch.where(top > 0, row, -1), fit.clamp(0, 1), left_out)


def loss_of(answer: Tensor, rows: Tensor, centres: Tensor, strides: Tensor) -> Tensor:
    """Loss of a batch: answer (B, 8 + classes, A), rows (B, G, 10)."""
    points, logits = answer[:, :POINTS].transpose(1, 2), answer[:, POINTS:].transpose(1, 2)
    boxes = decoded(points, centres, strides)
    with torch.no_grad():
        aim = aims(logits, boxes, rows, centres, strides)
    learns = aim.row >= 0
    target = rows.gather(1, aim.row.clamp(min=0)[..., None].expand(-1, -1, rows.shape[2]))
    soft = functional.one_hot(target[..., 0].long().clamp(min=0), len(Kind)) * (aim.fit * learns)[..., None]
    counted = ~(aim.left_out & (soft == 0))
    total = soft.sum().clamp(min=1.0)
    plain = functional.binary_cross_entropy_with_logits(logits, soft, reduction="none")
    away = (logits.sigmoid().detach() - soft).abs()
    heavy = torch.where(soft > 0, RARE, 0.75 * away ** 1.5 * 2)
    loss = WEIGHTS["class"] * (plain * heavy * counted).sum() / total
    weight, target = aim.fit[learns].clamp(min=0.1), target[learns]
    overlap = complete_iou(boxes[learns], target[:, 1:5])
    loss = loss + WEIGHTS["box"] * ((1 - overlap) * weight).sum() / total
    spots = (points[..., 4:] * strides).unflatten(-1, (2, 2)) + centres[:, None]
    size = (target[:, 3:5] - target[:, 1:3]).clamp(min=4).prod(dim=-1).sqrt()
    for n, name in enumerate(("foot", "nose")):
        wanted = target[:, 5 + 2 * n:7 + 2 * n]
        off = ((spots[learns][:, n] - wanted.nan_to_num()) / size[:, None]).abs().sum(dim=-1)
        told = ~wanted.isnan().any(dim=-1)
        smooth = functional.smooth_l1_loss(off, torch.zeros_like(off), reduction="none", beta=0.05)
        loss = loss + WEIGHTS[name] * (smooth * weight * told).sum() / total
    return loss
