"""The echo server of row 13.

It prints its port and ends when its input ends. To the line "heap" it answers with what the process has in memory.
"""

import asyncio
import gc
import os
import socket
import ssl
import sys
import threading


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def echo(reader, writer):
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


def context():
    directory = os.environ["ECHO_CERTIFICATE"]
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(os.path.join(directory, "certificate.pem"), os.path.join(directory, "key.pem"))
    return made


def obey():
    for line in sys.stdin:
        if line.strip() == "heap":
            gc.collect()
            with open("/proc/self/statm") as file:
                print("heap", int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"), flush=True)
    os._exit(0)


async def serve(tls, streams):
    options = {"host": "127.0.0.1", "port": 0, "backlog": 1024, "ssl": context() if tls else None}
    if streams:
        server = await asyncio.start_server(echo, **options)
    else:
        server = await asyncio.get_running_loop().create_server(Echo, **options)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=obey, daemon=True).start()
    await server.serve_forever()
