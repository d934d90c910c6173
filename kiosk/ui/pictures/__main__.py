"""`python -m kiosk.ui.pictures` writes every scene anew beside the icons."""

from pathlib import Path

from kiosk.ui.pictures.scenes import SCENES, svg


def main() -> None:
    """Write the scenes."""
    for name in SCENES:
        (Path(__file__).parent / f"{name}.svg").write_text(svg(name), "utf-8")


if __name__ == "__main__":
    main()
