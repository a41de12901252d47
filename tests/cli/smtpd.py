"""A mail server on loopback that says its port, and writes each message it gets to a file: smtpd.py FILE"""
import asyncio
import sys

from aiosmtpd.smtp import SMTP


class Keep:
    def __init__(self, path):
        self.path = path

    async def handle_DATA(self, server, session, envelope):
        with open(self.path, "a", encoding="utf-8") as out:
            out.write(f"MAIL FROM {envelope.mail_from} TO {' '.join(envelope.rcpt_tos)}\n")
            out.write(envelope.content.decode("utf-8").replace("\r\n", "\n"))
        return "250 OK"


async def serve():
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(Keep(sys.argv[1]), hostname="localhost"), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(serve())
