"""Moving the focus with a tactile keypad: in reading order, or to the nearest neighbour in a direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtQuick import QQuickItem

WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def items(root: QQuickItem) -> Iterator[QQuickItem]:
    """Every item below that can be seen, in reading order."""
    for child in root.childItems():
        if child.isVisible() and child.opacity() > 0:
            yield child
            yield from items(child)


def stops(root: QQuickItem) -> list[QQuickItem]:
    """What the focus stops at, in reading order."""
    return [item for item in items(root) if item.isEnabled() and item.activeFocusOnTab()]


def place(item: QQuickItem) -> QRectF:
    """Where an item lies in the window."""
    return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))


def nearest(here: QRectF, others: Sequence[QRectF], way: tuple[int, int]) -> int | None:
    """Index of the nearest rectangle that way; sideways distance counts double. None when there is none."""
    found = [(cost, index) for index, other in enumerate(others) if (cost := _cost(here, other, way)) is not None]
    return min(found)[1] if found else None


def _cost(here: QRectF, other: QRectF, way: tuple[int, int]) -> float | None:
    dx, dy = way
    ahead = (other.center().x() - here.center().x()) * dx + (other.center().y() - here.center().y()) * dy
    if ahead <= 1 or not _beyond(here, other, way):
        return None
    if dx:
        aside = max(0.0, other.top() - here.bottom(), here.top() - other.bottom())
        off = abs(other.center().y() - here.center().y())
    else:
        aside = max(0.0, other.left() - here.right(), here.left() - other.right())
        off = abs(other.center().x() - here.center().x())
    return ahead + 2 * aside + off / 4


def _beyond(here: QRectF, other: QRectF, way: tuple[int, int]) -> bool:
    """Whether the other one starts after the middle of this one."""
    dx, dy = way
    if dx:
        edge = other.left() if dx > 0 else -other.right()
        return edge >= here.center().x() * dx
    edge = other.top() if dy > 0 else -other.bottom()
    return edge >= here.center().y() * dy


def step(root: QQuickItem, current: QQuickItem | None, forward: bool) -> None:
    """The next or previous stop, round and round."""
    chain = stops(root)
    if not chain:
        return
    if current in chain:
        at = (chain.index(current) + (1 if forward else -1)) % len(chain)
    else:
        at = 0 if forward else len(chain) - 1
    chain[at].forceActiveFocus(Qt.FocusReason.TabFocusReason)


def move(root: QQuickItem, current: QQuickItem | None, key: Qt.Key) -> None:
    """The neighbour in the arrow's direction; where there is none, the next in order."""
    chain = stops(root)
    if current not in chain:
        step(root, None, key in (Qt.Key.Key_Right, Qt.Key.Key_Down))
        return
    others = [item for item in chain if item is not current]
    found = nearest(place(current), [place(item) for item in others], WAYS[key])
    if found is None:
        step(root, current, key in (Qt.Key.Key_Right, Qt.Key.Key_Down))
    else:
        others[found].forceActiveFocus(Qt.FocusReason.TabFocusReason)
