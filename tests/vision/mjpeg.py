"""A tiny MJPEG camera over HTTP on a free port of the loopback."""
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]


class MjpegServer:
    """Serves /NAME.mjpg from lists of pictures in turn, every_s apart; lost names hang up."""

    def __init__(self, pictures: dict[str, list[Picture]], every_s: float = 0.1) -> None:
        self.every_s, self.lost = every_s, set[str]()
        self.jpegs: dict[str, list[bytes]] = {}
        for name, shown in pictures.items():
            self.show(name, shown)
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, daemon=True)

    def show(self, name: str, pictures: list[Picture]) -> None:
        self.jpegs[name] = [cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes() for p in pictures]

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}/{name}.mjpg"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/").removesuffix(".mjpg")
                if name not in server.jpegs or name in server.lost:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                self.stream(name)

            def stream(self, name: str) -> None:
                turn = 0
                while name not in server.lost:
                    body = server.jpegs[name][turn % len(server.jpegs[name])]
                    turn += 1
                    head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(body)
                    try:
                        self.wfile.write(head + body + b"\r\n")
                    except OSError:
                        return
                    time.sleep(server.every_s)
                self.close_connection = True

            def log_message(self, *args: object) -> None:
                """Stay quiet."""

        return Handler


@contextmanager
def serving(pictures: dict[str, list[Picture]], every_s: float = 0.1) -> Iterator[MjpegServer]:
    """A running server, stopped at the end."""
    server = MjpegServer(pictures, every_s)
    server.thread.start()
    try:
        yield server
    finally:
        server.lost.update(server.jpegs)
        server.http.shutdown()
        server.http.server_close()
