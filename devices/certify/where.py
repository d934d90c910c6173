"""From what stands on the command line (`tcp:host:port`, `serial:/dev/…@9600`, `k=v`) to a driver's options. Pure."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping

Parameters = Mapping[str, str]
FORMS = "tcp:HOST:PORT, serial:PATH, serial:PATH@BAUD, http://…, https://…, unix:PATH or pcsc:READER"
TCP = re.compile(r"tcp:(?://)?(?P<host>[^:/@\s]+):(?P<port>\d{1,5})")
SERIAL = re.compile(r"serial:(?P<path>/[^@\s]+)(?:@(?P<baud>\d{3,7}))?")


def parameters(driver: Callable[..., object]) -> Parameters:
    """A driver's options and their types."""
    return {key: str(each.annotation) for key, each in inspect.signature(driver).parameters.items() if key != "name"}


def placed(at: str, takes: Parameters) -> tuple[dict[str, object], int]:
    """The options that lead to a transport, and the speed of a serial line; ValueError in one sentence."""
    if found := TCP.fullmatch(at):
        return network(found["host"], int(found["port"]), takes), 9600
    if found := SERIAL.fullmatch(at):
        return serial_line(found["path"], int(found["baud"] or 9600), found["baud"] is not None, takes)
    for start, option in (("http://", "url"), ("https://", "url"), ("unix:", "socket"), ("pcsc:", "reader")):
        if at.startswith(start) and option in takes and len(at) > len(start):
            return {option: at if option == "url" else at.removeprefix(start)}, 9600
    raise ValueError(f"--at {at}: no transport of this driver, which takes {', '.join(takes)}; write {FORMS}")


def network(host: str, port: int, takes: Parameters) -> dict[str, object]:
    """A TCP port in the driver's own words."""
    if takes.get("port") == "int":
        return {"host": host, "port": port}
    if "at" in takes:
        return {"at": f"tcp://{host}:{port}"}
    raise ValueError(f"--at tcp:{host}:{port}: this driver takes {', '.join(takes)}; write {FORMS}")


def serial_line(path: str, baud: int, told: bool, takes: Parameters) -> tuple[dict[str, object], int]:
    """A serial port in the driver's own words; its speed, where the driver takes one."""
    name = "port" if takes.get("port") == "str" else "at"
    if name not in takes:
        raise ValueError(f"--at serial:{path}: this driver speaks over no serial line; it takes {', '.join(takes)}")
    return {name: path, **({"baud": baud} if told and "baud" in takes else {})}, baud


def chosen(pairs: Iterable[str], takes: Parameters) -> dict[str, object]:
    """`k=v` as values of the driver's types; ValueError in one sentence."""
    options: dict[str, object] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or key not in takes:
            raise ValueError(f"--option {pair}: write key=value; this driver takes {', '.join(takes)}")
        options[key] = typed(pair, text, takes[key])
    return options


def typed(pair: str, text: str, kind: str) -> object:
    """The text as what the driver takes."""
    if kind == "bool":
        if text not in ("true", "false"):
            raise ValueError(f"--option {pair}: write true or false")
        return text == "true"
    try:
        return {"int": int, "float": float}.get(kind, str)(text)
    except ValueError:
        raise ValueError(f"--option {pair}: must be {'a whole number' if kind == 'int' else 'a number'}") from None
