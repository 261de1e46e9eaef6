"""A web server on this machine whose paths are mirrors, good and bad, of some files."""

import gzip
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Mirror(BaseHTTPRequestHandler):
    """A mirror whose behaviour is the first part of the path; it notes what it was asked for."""

    def do_GET(self):
        self.server.requests.append(self.path)
        self.server.headers_received.append(self.headers)
        getattr(self, f"serve_{self.path.split('/')[1]}")()

    def log_message(self, *_):
        pass

    @property
    def name(self):
        return self.path.split("/")[-1]

    @property
    def body(self):
        return self.server.files[self.name]

    def start(self, length):
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def serve_ok(self):
        self.start(len(self.body))
        self.wfile.write(self.body)

    def serve_missing(self):
        self.send_error(404)

    def serve_broken(self):
        self.send_error(500)

    def serve_moved(self):
        self.send_response(302)
        self.send_header("Location", f"/ok/{self.name}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_elsewhere(self):
        """Send the client to a file of its own machine."""
        self.send_response(302)
        self.send_header("Location", "file:///etc/passwd")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_endless(self):
        self.send_response(200)
        self.end_headers()
        while not self.server.released.is_set():
            try:
                self.wfile.write(bytes(64 * 1024))
            except OSError:  # the client has given up, as it should
                break

    def serve_bomb(self):
        """Send a small file that is large when it is unpacked."""
        body = gzip.compress(bytes(10**7))
        self.start(len(body))
        self.wfile.write(body)

    def serve_truncated(self):
        self.start(len(self.body))
        self.wfile.write(self.body[:100])

    def serve_short(self):
        """Send a part as if it were all: the length says nothing."""
        self.start(100)
        self.wfile.write(self.body[:100])

    def serve_altered(self):
        self.start(len(self.body))
        self.wfile.write(self.body[:-1] + b"x")

    def serve_page(self):
        self.start(20)
        self.wfile.write(b"<html>Log in!</html>")

    def serve_silent(self):
        self.server.released.wait(20)

    def serve_stalls(self):
        self.start(len(self.body))
        self.wfile.write(self.body[:100])
        self.wfile.flush()
        self.server.released.wait(20)

    def serve_trickles(self):
        self.start(len(self.body))
        for byte in self.body:
            if self.server.released.wait(0.05):
                break
            try:
                self.wfile.write(bytes([byte]))
            except OSError:  # the client has given up, as it should
                break


@contextmanager
def serving(files):
    """Serve files, a dict of bytes by name, from a thread; give the server.

    It has the attributes `url`, `requests` (the paths, in order) and `headers_received`.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), Mirror)
    server.files, server.requests, server.headers_received = files, [], []
    server.released = threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
