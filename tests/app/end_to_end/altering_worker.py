#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A worker that lies: runs the true one and alters what it says. Tests give a copy of it as --worker; workers have no
environment, so that how it is to lie stands beside the copy, in "<copy>.alter": the word, a path, the true worker.

garbage     no protocol at all
announced   a record of 4 GB is announced and its bytes follow for ever
endless     every record of rows again and again: 10 GB of them
many        facts with 4,096 streams
touch       the file is written to while it is read, every time
touch-once  the same, the first time only (the path is made, and says that it has been done)
"""
import json
import os
import random
import socket
import struct
import subprocess
import sys

SOCKET, MEDIA = 3, 4  # the descriptors a worker finds (pipeline/worker/child.h)
PARENT_AT = 5 + 27  # where a request names the parent's process id
HEADER, ROWS, FACTS = 3, 4, 7  # types of records (pipeline/worker/protocol.h)


def read_exactly(source, size):
    parts = bytearray()
    while len(parts) < size:
        part = source.recv(min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def records(source):
    while prefix := read_exactly(source, 5):
        size, kind = struct.unpack("<IB", prefix)
        payload = read_exactly(source, size)
        if payload is None:
            return
        yield kind, payload


def framed(kind, payload):
    return struct.pack("<IB", len(payload), kind) + payload


def true_worker(program):
    """The true worker, and our end of its socket."""
    ours, theirs = socket.socketpair()

    def place():
        socket_copy, media_copy = os.dup2(theirs.fileno(), 50), os.dup2(MEDIA, 51)
        os.dup2(socket_copy, SOCKET)
        os.dup2(media_copy, MEDIA)

    subprocess.Popen([program, "--worker"], stdin=subprocess.DEVNULL, preexec_fn=place, close_fds=False)
    theirs.close()
    return ours


def touch(once=None):
    if once:
        try:
            os.close(os.open(once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
    with open(os.readlink(f"/proc/self/fd/{MEDIA}"), "ab") as file:
        file.write(b"\0")


def altered(how, kind, payload):
    """The records to send for one of the true worker's."""
    if how == "endless" and kind == ROWS:
        for _ in range(10 * 2**30 // max(len(payload), 1)):
            yield framed(kind, payload)
    if how == "many" and kind in (HEADER, FACTS):
        facts = json.loads(payload)
        for i in range(len(facts["streams"]), 4096):
            facts["streams"].append({**facts["streams"][0], "index": i})
        payload = json.dumps(facts).encode()
    yield framed(kind, payload)


def main():
    if "--zygote" in sys.argv:
        return  # no: one process for each file
    with open(f"{sys.argv[0]}.alter", encoding="utf-8") as file:
        how, once, program = file.read().split("\n")[:3]
    parent = socket.socket(fileno=SOCKET)
    request = read_exactly(parent, 5)
    request += read_exactly(parent, struct.unpack("<IB", request)[0])
    if how == "garbage":
        parent.sendall(random.Random(7).randbytes(1 << 16))
        return
    if how == "announced":
        parent.sendall(struct.pack("<IB", 0xFFFFFFFF, FACTS))
        while True:
            parent.sendall(b"\0" * (1 << 20))
    if how.startswith("touch"):
        touch(once if how == "touch-once" else None)
    child = true_worker(program)
    child.sendall(request[:PARENT_AT] + struct.pack("<i", os.getpid()) + request[PARENT_AT + 4:])
    for kind, payload in records(child):
        for record in altered(how, kind, payload):
            parent.sendall(record)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionResetError):
        pass  # the parent has had enough
