# SPDX-License-Identifier: BSD-2-Clause
"""What end-to-end tests stand on: a folder, ports that are free, CoAP servers, and the command run in bounded time.

The demo's guests report to port 5683 of the loopback interface. Here they are copied with another port of four digits patched in, so tests
never meet each other, nor a server of the machine. Everything stays on loopback.
"""
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

SENT_PORT = b"127.0.0.1:5683"
RUN_SECONDS = 30
DYING_CODE = 99  # what the sanitizers are told to exit with, for their own choice is a code of ours
SERVERS = ["coap-server-notls", "coap-server-openssl", "coap-server-gnutls", "coap-server"]

GET, PUT = 1, 3
CHANGED, CONTENT, NOT_FOUND, BROKEN = 0x44, 0x45, 0x84, 0xA0
CON, NON, ACK, RST = 0, 1, 2, 3


def server_program():
    """Path of libcoap's server, or None."""
    return next((shutil.which(name) for name in SERVERS if shutil.which(name)), None)


def free_port():
    """A port of four digits that nobody on loopback has now; and the socket that holds it."""
    while True:
        holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            port = random.randrange(2000, 10000)
            holder.bind(("127.0.0.1", port))
            return port, holder
        except OSError:
            holder.close()


class Message:
    """A CoAP message (RFC 7252), as far as a test needs it."""

    def __init__(self, data):
        if len(data) < 4 or data[0] >> 6 != 1:
            raise ValueError("no CoAP")
        self.kind = data[0] >> 4 & 3
        self.code = data[1]
        self.number = data[2:4]
        end = 4 + (data[0] & 15)
        self.token = data[4:end]
        self.path = []
        self.payload = b""
        self.format = None
        option = 0
        while end < len(data):
            if data[end] == 0xFF:
                self.payload = data[end + 1:]
                break
            delta, size = data[end] >> 4, data[end] & 15
            end += 1
            delta, end = self._long(delta, data, end)
            size, end = self._long(size, data, end)
            option += delta
            value = data[end:end + size]
            end += size
            if option == 11:
                self.path.append(value.decode())
            elif option == 12:
                self.format = int.from_bytes(value, "big")

    @staticmethod
    def _long(value, data, end):
        if value == 13:
            return data[end] + 13, end + 1
        if value == 14:
            return int.from_bytes(data[end:end + 2], "big") + 269, end + 2
        return value, end


def packet(kind, code, number, token=b"", payload=b""):
    return bytes([0x40 | kind << 4 | len(token), code]) + number + token + (b"\xff" + payload if payload else b"")


def coap_get(port, path, seconds=2.0):
    """What a server has at a path: payload, or None."""
    options = b"".join(bytes([(0xB0 if i == 0 else 0) | len(part)]) + part.encode() for i, part in enumerate(path.strip("/").split("/")))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", port))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                client.send(packet(CON, GET, b"\x12\x34", b"t") + options)
                client.settimeout(0.2)
                answer = Message(client.recv(2048))
                return answer.payload if answer.code == CONTENT else None
            except (OSError, ValueError):
                time.sleep(0.05)
    raise TimeoutError(f"the server on port {port} does not answer")


class Responder(threading.Thread):
    """A server of one's own: keeps what arrives, and answers as `answer(message)` says: a list of (seconds to wait, bytes)."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.port, self.socket = free_port()
        self.socket.settimeout(0.05)
        self.answer = answer
        self.received = []
        self.arrived = threading.Event()
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.is_set():
            try:
                data, peer = self.socket.recvfrom(2048)
                message = Message(data)
            except (TimeoutError, socket.timeout, ValueError):
                continue
            if message.code in (GET, PUT):
                self.received.append(message)
                self.arrived.set()
                for pause, reply in self.answer(message):
                    self.over.wait(pause)
                    self.socket.sendto(reply, peer)

    def close(self):
        self.over.set()
        self.join()
        self.socket.close()


class RealServer:
    """libcoap's own server, which makes a resource of whatever is PUT."""

    def __init__(self, folder):
        self.log = open(os.path.join(folder, "server.log"), "wb")
        for _ in range(20):
            self.port, holder = free_port()
            holder.close()
            self.process = subprocess.Popen([server_program(), "-A", "127.0.0.1", "-p", str(self.port), "-d", "10"],
                                            stdout=self.log, stderr=subprocess.STDOUT)
            try:
                coap_get(self.port, "/", 3.0)
                if self.process.poll() is None:
                    return
            except TimeoutError:
                pass
            self.close()
            self.log = open(os.path.join(folder, "server.log"), "ab")
        raise RuntimeError("coap-server does not start")

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Result:
    def __init__(self, code, out, err, seconds):
        self.code, self.out, self.err, self.seconds = code, out, err, seconds


def environment():
    old = os.environ.get("ASAN_OPTIONS", "")
    both = f"exitcode={DYING_CODE}:{old}" if old else f"exitcode={DYING_CODE}"
    ub = os.environ.get("UBSAN_OPTIONS", "")
    return dict(os.environ, ASAN_OPTIONS=both, UBSAN_OPTIONS=f"exitcode={DYING_CODE}:{ub}" if ub else f"exitcode={DYING_CODE}")


class World:
    """One test's folder and everything that has to be ended with it."""

    def __init__(self, build, demo):
        self.build, self.demo = build, demo
        self.folder = tempfile.mkdtemp(prefix="callgate-e2e-")
        self.command = os.path.join(build, "callgate")
        self.ends = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for thing in self.ends:
            thing.close()
        shutil.rmtree(self.folder)

    def responder(self, answer):
        self.ends.append(Responder(answer))
        return self.ends[-1]

    def server(self):
        self.ends.append(RealServer(self.folder))
        return self.ends[-1]

    def nobody(self):
        """A port on which nobody listens, and nobody will."""
        port, holder = free_port()
        holder.close()
        return port

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as out:
            out.write(text if isinstance(text, bytes) else text.encode())
        return name

    def _patched(self, path, port):
        with open(path, "rb") as source:
            data = source.read()
        return data.replace(SENT_PORT, b"127.0.0.1:%d" % port)

    def guest(self, path, port):
        """A copy of a built guest that reports to `port`. One that does not report at all stays as it is."""
        return self.file(os.path.basename(path), self._patched(path, port))

    def policy(self, vm, port):
        return self.file(f"{vm}.policy.yaml", self._patched(os.path.join(self.demo, f"{vm}.policy.yaml"), port))

    def devices(self, *lines):
        return self.file("devices.yaml", "callgate_devices: 1\ndevices:\n" + "".join(f"  - {line}\n" for line in lines))

    def start(self, *args):
        return subprocess.Popen([self.command, "run", *args], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env=environment(), errors="replace")

    def wait(self, process, began):
        try:
            out, err = process.communicate(timeout=RUN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"did not end within {RUN_SECONDS} s; said so far:\n{out}{err}") from None
        if process.returncode == DYING_CODE or process.returncode < 0 or re.search(r"Sanitizer|runtime error:", err):
            raise AssertionError(f"died with {process.returncode}:\n{err}")
        return Result(process.returncode, out, err, time.monotonic() - began)

    def run(self, *args):
        began = time.monotonic()
        return self.wait(self.start(*args), began)
