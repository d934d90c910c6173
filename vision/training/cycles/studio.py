"""One scene in Cycles: builds what the plan says, renders a camera's part of the picture; needs bpy.

One unit is a decimetre. Pictures leave without distortion or noise; `sensor` adds those.
"""
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import bpy
import cv2
import numpy as np
from mathutils import Vector

from vision.measure.camera import Floats, Pinhole
from vision.measure.rig import Rig
from vision.training.cycles import papers
from vision.training.cycles.draw import stream
from vision.training.cycles.hand import limbs
from vision.training.cycles.plan import Plan
from vision.training.cycles.shapes import Body, Sheet, sheets

UNIT_MM = 100.0
TABLE_MM, THICK_MM, FLOOR_MM = 1100.0, 30.0, -760.0
ROUGH = {"card": 0.75, "white": 0.6, "black": 0.55, "glossy": 0.16}
SHEET_MM = 90.0
Colour = tuple[float, float, float]
Lamp = tuple[Floats, tuple[float, float], float, Colour]


@dataclass(frozen=True)
class Quality:
    """What a picture may cost."""
    samples: int = 2
    bounces: int = 1


def open_studio(quality: Quality) -> None:
    """An empty file with Cycles set up for one processor thread."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.use_persistent_data = True
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.compression = 0
    scene.view_settings.view_transform = "Standard"
    cycles = scene.cycles
    cycles.device, cycles.samples, cycles.use_adaptive_sampling = "CPU", quality.samples, False
    cycles.max_bounces = cycles.diffuse_bounces = quality.bounces
    cycles.glossy_bounces, cycles.transmission_bounces, cycles.caustics_reflective = 1, 0, False
    cycles.filter_width = 1.3
    cycles.sample_clamp_indirect = 4.0
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_input_passes, cycles.denoising_prefilter = "RGB_ALBEDO_NORMAL", "NONE"
    cycles.denoising_quality = "FAST"


def build(plan: Plan, rig: Rig, folder: Path) -> None:
    """Everything of the plan in place of what was there; folder takes the textures."""
    for collection in (bpy.data.objects, bpy.data.meshes, bpy.data.materials, bpy.data.images, bpy.data.lights,
                       bpy.data.worlds, bpy.data.cameras):
        for item in list(collection):
            collection.remove(item)
    _table(plan, rig, folder)
    for n, body in enumerate(plan.bodies):
        _parcel(body, folder, f"parcel{n}")
    if plan.hand_to_mm is not None:
        _arm(plan)
    _lamps(plan)
    _room(plan)


def _table(plan: Plan, rig: Rig, folder: Path) -> None:
    top = papers.table_top(plan.table, plan.split, plan.number)
    rough = {"rubber": 0.8, "steel": 0.38, "terrazzo": 0.45, "varnish": 0.3}.get(plan.table, 0.6)
    skin = _painted("table", _saved(top, folder / "table.png"), rough, metal=0.6 if plan.table == "steel" else 0.0)
    _plane("table", TABLE_MM, (0, 0, 0), skin)
    rng = stream(plan.split, plan.number, "table", 1)
    wall = _plain("legs", tuple(rng.uniform(0.05, 0.5, 3)), 0.6)
    _cuboid("slab", (TABLE_MM, TABLE_MM, THICK_MM), (0, 0, -THICK_MM / 2 - 0.5), wall)
    floor = rng.uniform(0.06, 0.5) * rng.normal(1, 0.12, 3)
    _plane("floor", 9000.0, (0, 0, FLOOR_MM), _plain("floor", tuple(np.clip(floor, 0.02, 0.8)), 0.5))
    for n in range(int(rng.integers(2, 6))):
        size, turn = rng.uniform(150, 700, 3), rng.uniform(0, 2 * np.pi)
        place = np.array([np.cos(turn), np.sin(turn)]) * rng.uniform(1100, 2300)
        _cuboid(f"clutter{n}", tuple(size), (*place, FLOOR_MM + size[2] / 2),
                _plain(f"clutter{n}", tuple(rng.uniform(0.02, 0.8, 3)), 0.6))
    for each in rig.tags:
        ink = np.repeat(papers.tag(each.id)[..., None], 3, axis=2).astype(np.float32) * 0.85 + 14
        name = f"tag{each.id}"
        skin = _painted(name, _saved(ink.astype(np.uint8), folder / f"{name}.png"), 0.6, crisp=True)
        _plane(name, each.side_mm * 1.25, (*each.centre_mm, 0.2), skin, each.angle_deg)
        if each.id in plan.covered:
            paper = _plain(f"sheet{each.id}", tuple(rng.uniform(0.3, 0.9, 3)), 0.7)
            _plane(f"sheet{each.id}", SHEET_MM, (*each.centre_mm, 1.0), paper, float(rng.uniform(0, 90)))


def _parcel(body: Body, folder: Path, name: str) -> None:
    for sheet in sheets(body):
        part = f"{name}-{sheet.name}"
        picture = _saved(_wrapped(body, sheet), folder / f"{part}.png")
        plastic = body.finish.endswith("_plastic")
        skin = _painted(part, picture, 0.22 if plastic else ROUGH[body.finish])
        _mesh(part, sheet.points, skin)


def _wrapped(body: Body, sheet: Sheet) -> papers.Picture:
    """The paper of one part, about a pixel per mm."""
    across = np.linalg.norm(np.diff(sheet.points, axis=1), axis=-1).sum(axis=1).max()
    down = np.linalg.norm(np.diff(sheet.points, axis=0), axis=-1).sum(axis=0).max()
    size = (max(8, int(across * 1.2)), max(8, int(down * 1.2)))
    paint = papers.paper(body.paper, body.split, body.seed, body.finish, size)
    rng = stream(body.split, body.seed, "paper", 1 + sum(sheet.name.encode()))
    if sheet.name in ("top", "skin") and (body.taped or body.shape == "tube") and body.shape != "polybag":
        papers.tape(paint, rng)
    if (sheet.name in ("top", "skin") and rng.random() < 0.6) or rng.random() < 0.15:
        papers.waybill(paint, rng)
    return np.asarray(np.clip(paint, 2, 252), np.uint8)


def _arm(plan: Plan) -> None:
    rng = stream(plan.split, plan.number, "hand")
    tones = ((0.75, 0.5, 0.38), (0.5, 0.3, 0.2), (0.85, 0.62, 0.5), (0.2, 0.11, 0.07))
    skin = _plain("hand", tones[int(rng.integers(0, len(tones)))], 0.55)
    sleeve = _plain("sleeve", tuple(rng.uniform(0.02, 0.7, 3)), 0.9)
    for n, (points, bare) in enumerate(limbs(rng, np.array(plan.hand_to_mm))):
        _mesh(f"limb{n}", points, skin if bare else sleeve)


def _lamps(plan: Plan) -> None:
    rng = stream(plan.split, plan.number, "light")
    for place, size, power, tint in _rig_of_lamps(plan.light, rng):
        lamp = bpy.data.lights.new("lamp", "AREA")
        lamp.shape, lamp.size, lamp.size_y = "RECTANGLE", size[0] / UNIT_MM, size[1] / UNIT_MM
        lamp.energy, lamp.color = power, tint
        item = bpy.data.objects.new("lamp", lamp)
        item.location = [v / UNIT_MM for v in place]
        item.rotation_mode = "QUATERNION"
        _aim(item, np.array(place), np.array([*rng.uniform(-150, 150, 2), 0.0]))
        bpy.context.collection.objects.link(item)


def _rig_of_lamps(name: str, rng: np.random.Generator) -> Iterator[Lamp]:
    """Place mm, size mm, watts and tint of every lamp of that rig."""
    red, green, blue = (float(v) for v in np.clip(rng.normal(1.0, 0.07, 3), 0.7, 1.2))
    around = float(rng.uniform(0, 2 * np.pi))
    spread = {"panel": [(0.2, 900, 900, 2100, 2600)], "bars": [(0.5, 1000, 120, 1900, 1500)] * 2,
              "window": [(2.0, 1300, 1300, 1300, 2300)], "spots": [(0.8, 60, 60, 2000, 1100)] * 3, "hall": [],
              "ring": [(0.1, 500, 500, 1800, 2600)], "dome": [], "lantern": [(0.9, 250, 250, 1700, 2400)] * 2}[name]
    for n, (lean, wide, deep, height, power) in enumerate(spread):
        turn = around + 2 * np.pi * n / len(spread) + rng.normal(0, 0.3)
        away = lean * 1000 * rng.uniform(0.7, 1.3)
        place = np.array([np.cos(turn) * away, np.sin(turn) * away, height * rng.uniform(0.9, 1.15)])
        yield place, (wide, deep), power * float(rng.uniform(0.8, 1.25)), (red, green, blue)


def _room(plan: Plan) -> None:
    light = papers.surroundings(plan.light, plan.split, plan.number)
    picture = bpy.data.images.new("room", light.shape[1], light.shape[0], float_buffer=True)
    picture.pixels.foreach_set(np.dstack([light, np.ones(light.shape[:2], np.float32)]).ravel())
    world = bpy.data.worlds.new("room")
    world.use_nodes = True
    nodes = world.node_tree.nodes
    around = nodes.new("ShaderNodeTexEnvironment")
    around.image = picture
    world.node_tree.links.new(around.outputs["Color"], nodes["Background"].inputs["Color"])
    world.cycles.sampling_method, world.cycles.sample_map_resolution = "MANUAL", 128
    bpy.context.scene.world = world


def _saved(picture: papers.Picture, path: Path) -> bpy.types.Image:
    cv2.imwrite(str(path), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return bpy.data.images.load(str(path))


def _plain(name: str, colour: Colour, rough: float) -> bpy.types.Material:
    skin = bpy.data.materials.new(name)
    skin.use_nodes = True
    shader = skin.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*(float(c) for c in colour), 1.0)
    shader.inputs["Roughness"].default_value = rough
    return skin


def _painted(name: str, picture: bpy.types.Image, rough: float, metal: float = 0.0,
             crisp: bool = False) -> bpy.types.Material:
    skin = _plain(name, (1, 1, 1), rough)
    nodes = skin.node_tree.nodes
    texture = nodes.new("ShaderNodeTexImage")
    texture.image, texture.interpolation = picture, "Closest" if crisp else "Linear"
    texture.extension = "EXTEND"
    shader = nodes["Principled BSDF"]
    shader.inputs["Metallic"].default_value = metal
    skin.node_tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    return skin


def _mesh(name: str, points: Floats, skin: bpy.types.Material) -> None:
    """A grid (rows, columns, 3) of points mm with its picture laid from upper left to lower right."""
    rows, columns = points.shape[:2]
    number = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]], axis=-1).reshape(-1, 4)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata((points.reshape(-1, 3) / UNIT_MM).tolist(), [], quads.tolist())
    v, u = np.meshgrid(np.linspace(1, 0, rows), np.linspace(0, 1, columns), indexing="ij")
    flat = np.stack([u, v], axis=-1).reshape(-1, 2)[quads.ravel()]
    mesh.uv_layers.new().data.foreach_set("uv", flat.ravel())
    mesh.shade_smooth()
    mesh.materials.append(skin)
    bpy.context.collection.objects.link(bpy.data.objects.new(name, mesh))


def _plane(name: str, side: float, place: tuple[float, float, float], skin: bpy.types.Material,
           turn: float = 0.0) -> None:
    """A square plane whose picture has its upper side away from the customer, turned counter-clockwise in degrees."""
    half = side / 2
    corners = np.array([[[-half, half, 0], [half, half, 0]], [[-half, -half, 0], [half, -half, 0]]], dtype=float)
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    _mesh(name, corners @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) + np.array(place, dtype=float), skin)


def _cuboid(name: str, size: tuple[float, ...], place: tuple[float, ...], skin: bpy.types.Material) -> None:
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=[v / UNIT_MM for v in place])
    item = bpy.context.object
    item.name, item.scale = name, [v / UNIT_MM for v in size]
    item.data.materials.append(skin)


def _aim(item: bpy.types.Object, place: Floats, target: Floats) -> None:
    item.rotation_quaternion = Vector((target - place).tolist()).to_track_quat("-Z", "Y")


def camera(view: Pinhole, margin_px: int) -> None:
    """The scene's camera as that pinhole with a margin around its picture."""
    wide, high = view.size_px[0] + 2 * margin_px, view.size_px[1] + 2 * margin_px
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit, lens.sensor_width = "HORIZONTAL", 36.0
    lens.lens = float(view.matrix[0, 0]) * 36.0 / wide
    lens.shift_x = (wide / 2 - (float(view.matrix[0, 2]) + margin_px + 0.5)) / wide
    lens.shift_y = ((float(view.matrix[1, 2]) + margin_px + 0.5) - high / 2) / wide
    lens.clip_start, lens.clip_end = 0.5, 500.0
    item = bpy.data.objects.new("camera", lens)
    turn = np.eye(4)
    turn[:3, :3] = view.rotation.T @ np.diag([1.0, -1.0, -1.0])
    turn[:3, 3] = view.centre() / UNIT_MM
    item.matrix_world = turn.T.tolist()
    bpy.context.collection.objects.link(item)
    scene = bpy.context.scene
    scene.camera = item
    scene.render.resolution_x, scene.render.resolution_y = wide, high


def shoot(part: tuple[int, int, int, int] | None, percent: int, path: Path) -> papers.Picture:
    """The part (left, top, right, bottom) of the picture, or all of it at a percentage of its size."""
    scene = bpy.context.scene
    render = scene.render
    render.resolution_percentage, render.filepath = percent, str(path)
    render.use_border = render.use_crop_to_border = part is not None
    if part is not None:
        left, top, right, bottom = part
        render.border_min_x, render.border_max_x = left / render.resolution_x, right / render.resolution_x
        render.border_min_y, render.border_max_y = 1 - bottom / render.resolution_y, 1 - top / render.resolution_y
    bpy.ops.render.render(write_still=True)
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)
