"""What an overhead time-of-flight camera makes of a scene: depth along its axis in mm, with its noise and bias."""
import numpy as np

from vision.measure.depth import Depths
from vision.measure.rig import DepthCamera
from vision.scene.skin import look_at_net, net_of
from vision.scene.table import TableScene


def render_depth(scene: TableScene, camera: DepthCamera, noise_mm: float = 3.0, bias_mm: float = 0.0) -> Depths:
    """Depths (rows, columns) of table and parcels; 0 where the camera looks beside the floor."""
    view = camera.view()
    y, x = np.mgrid[0:camera.size_px[1], 0:camera.size_px[0]]
    flat = view.back_project(np.column_stack([x.ravel(), y.ravel()]).astype(np.float64), 0.0)
    depths = view.in_camera(np.column_stack([flat, np.zeros(len(flat))]))[:, 2].reshape(y.shape)
    for body in (scene.parcel, scene.second):
        if body is not None:
            lit = look_at_net(net_of(body.sheets()), view)
            near = view.in_camera(lit.point)[:, 2]
            depths[lit.row, lit.column] = np.minimum(depths[lit.row, lit.column], near)
    rng = np.random.default_rng([79, scene.seed, scene.frame])
    return np.asarray(depths + bias_mm + rng.normal(0, noise_mm, depths.shape), dtype=np.float32)
