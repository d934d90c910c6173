"""Drawn scenes with exact truth, for the bench, the tests and training."""
from vision.scene.table import LabelPicture, ParcelModel, TableScene, render

__all__ = ["LabelPicture", "ParcelModel", "TableScene", "render"]
