"""A label for drawn parcels: a table code among lines of text, as evaluation and tests stick it on."""
import cv2
import numpy as np
import zxingcpp

from vision.scene.table import LabelPicture

PX_PER_MM = 8
SIZE_MM = (111, 171)


def drawn_label(text: str, code_mm: int = 50, yaw_deg: float = 0.0) -> LabelPicture:
    """A 111 x 171 mm label whose DataMatrix of that text measures code_mm."""
    paper = np.full((SIZE_MM[1] * PX_PER_MM, SIZE_MM[0] * PX_PER_MM), 255, np.uint8)
    for line in range(5):
        cv2.putText(paper, "SENDER RECEIVER 0123", (40, 90 + 60 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.6, (0,), 3)
    paper[440:620, 60:820:24] = 0
    small = np.array(zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix), scale=1, add_quiet_zones=False))
    side = code_mm * PX_PER_MM
    paper[114 * PX_PER_MM:][:side, 7 * PX_PER_MM:][:, :side] = cv2.resize(
        small, (side, side), interpolation=cv2.INTER_NEAREST)
    return LabelPicture(paper, SIZE_MM[0], SIZE_MM[1], yaw_deg)
