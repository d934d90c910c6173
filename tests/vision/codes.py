"""Frames in which somebody holds a code: 1080p, noisy, the code where and how it is wanted."""
import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

Picture = npt.NDArray[np.uint8]
FRAME_PX = (1920, 1080)


def held(text: str, symbology: zxingcpp.BarcodeFormat | None, turn_deg: float = 0.0,
         middle: tuple[int, int] = (960, 540), sigma: float = 4.0, seed: int = 0) -> Picture:
    """A grey desk with noise of `sigma`, and the code on white card around `middle` px; no code for None."""
    frame = np.full((FRAME_PX[1], FRAME_PX[0]), 120, np.uint8)
    if symbology is not None:
        drawn = np.asarray(zxingcpp.create_barcode(text, symbology).to_image(scale=3, add_quiet_zones=True))
        card = np.pad(drawn.reshape(drawn.shape[0], -1), 30, constant_values=255)
        height, width = card.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1.0)
        turn[:, 2] += np.array(middle) - (width / 2, height / 2)
        cv2.warpAffine(card, turn, FRAME_PX, dst=frame, borderMode=cv2.BORDER_TRANSPARENT)
    noise = np.random.default_rng(seed).normal(0, sigma, frame.shape)
    noisy = np.clip(frame + noise, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(noisy, cv2.COLOR_GRAY2BGR), np.uint8)
