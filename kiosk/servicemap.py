"""What a person should bring when they come to mend a service: one table from device and fault to things. Pure.

Things have stable ids; their words are `bring.<id>` of the catalogues. What mends itself, or is mended by hand on the
spot, needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from devices.ports import FaultCode

#: For any device: what a fault (or a state, where a device reports none) calls for.
ANY: Mapping[str, tuple[str, ...]] = {
    FaultCode.DISCONNECTED: ("cables", "spare_device"),
    FaultCode.NO_RESPONSE: ("cables", "spare_device"),
    FaultCode.STALE_DATA: ("cables", "spare_device"),
    FaultCode.NO_POWER: ("power_supply", "cables"),
    FaultCode.PROTOCOL: ("service_laptop", "spare_device"),
    FaultCode.INTERNAL: ("service_laptop", "spare_device"),
    FaultCode.MISCONFIGURED: ("service_laptop",),
    FaultCode.UNSUPPORTED: ("service_laptop", "spare_device"),
    FaultCode.NOT_PAIRED: ("service_laptop",),
    FaultCode.NO_SERVICE: ("service_laptop",),
    FaultCode.OVERHEATED: ("spare_device",),
    FaultCode.OUTCOME_UNKNOWN: ("service_laptop",),
    FaultCode.COVER_OPEN: ("cabinet_key",),
    FaultCode.JAM: ("cabinet_key",),
    FaultCode.CUTTER_STUCK: ("cabinet_key",),
    FaultCode.PAUSED: ("cabinet_key",),
    FaultCode.NOT_TAKEN: ("cabinet_key",),
    FaultCode.DOOR_OPEN: ("cabinet_key",),
    FaultCode.DOOR_STUCK: ("cabinet_key", "lock_spares"),
    FaultCode.DOOR_FORCED: ("cabinet_key", "lock_spares"),
    FaultCode.NO_SENSOR: ("lock_spares",),
    FaultCode.BIN_FULL: ("cabinet_key", "parcel_bags"),
    FaultCode.CAMERA_DARK: ("lens_cloth", "lamp"),
    FaultCode.CAMERA_LOST: ("spare_camera", "cables"),
    FaultCode.CAMERA_TAMPERED: ("lens_cloth", "spare_camera"),
    FaultCode.CONSUMABLE_LOW: ("cabinet_key",),
    FaultCode.CONSUMABLE_OUT: ("cabinet_key",),
    FaultCode.MEDIA_UNKNOWN: ("spare_device",),
    "noDevice": ("service_laptop", "spare_device"),
}
#: What one device calls for on top of that, whatever its fault; `""` stands for the faults that are not named.
OF: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "receipt_printer": {FaultCode.CONSUMABLE_LOW: ("receipt_roll_80",), FaultCode.CONSUMABLE_OUT: ("receipt_roll_80",)},
    "label_printer": {FaultCode.CONSUMABLE_LOW: ("label_roll",), FaultCode.CONSUMABLE_OUT: ("label_roll",)},
    "payment": {"": ("terminal_support",)},
    "numbers": {FaultCode.CONSUMABLE_OUT: ("number_block",)},
    "table": {"parcel_left_behind": ("parcel_bags",)},
    "bank_host": {"": ("bank_support",)},
    "bank_desk": {"": ("bank_support",)},
    "pin_pad": {FaultCode.ACCESS_DENIED: ("sealed_pin_pad",)},
    "document_camera": {"": ("lens_cloth",)},
    "scale": {"": ("test_weight",)},
    "measurer": {"": ("lens_cloth",)},
    "scanner": {"": ("lens_cloth",)},
    "guard": {"": ("lens_cloth",)},
}
#: Where the general table does not hold: this device needs only what its own lines say.
OWN_ONLY = frozenset({"numbers", "table"})
#: What passes by itself, or is mended by the hands of whoever comes.
NOTHING = frozenset({
    FaultCode.BUSY, FaultCode.UNSTABLE, FaultCode.TIME_OUT, FaultCode.CANCELED, FaultCode.OVERLOAD,
    FaultCode.TARED,
    FaultCode.UNDERLOAD, FaultCode.NO_MEDIA, FaultCode.MEDIA_REMOVED, FaultCode.MEDIA_COLLISION,
    FaultCode.ACCESS_DENIED, FaultCode.NOT_LOGGED_IN, FaultCode.NO_ACQUIRER, FaultCode.DUPLICATE_JOB,
})  # fmt: skip
#: Faults after which a terminal is not the branch's to mend.
SUPPORT = frozenset({FaultCode.NO_ACQUIRER, FaultCode.NOT_LOGGED_IN})


def things(device: str, code: str) -> tuple[str, ...]:
    """What to bring for this fault of this device."""
    own = OF.get(device, {})
    if device in ("payment", "bank_host", "bank_desk") and code in SUPPORT:
        return own[""]
    if device == "pin_pad" and code in own:
        return own[code]
    if code in NOTHING or (device in OWN_ONLY and code not in own):
        return ()
    general = () if device in OWN_ONLY else ANY.get(code, ())
    return tuple(dict.fromkeys(own.get(code, own.get("", ()) if general else ()) + general))


def to_bring(faults: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Everything for these faults of devices (device, code), each thing once, in their order."""
    return tuple(dict.fromkeys(thing for device, code in faults for thing in things(device, code)))


def every_thing() -> frozenset[str]:
    """Every id that can be told."""
    lines = [*ANY.values(), *(line for table in OF.values() for line in table.values())]
    return frozenset(thing for line in lines for thing in line)
