"""A server of its own for browser tests: ``python -m tests.browser.field.serving module:function``.

Prepares the city with the named function, prints one JSON line (port, and what the function returned), then serves until
its standard input closes. It is a process of its own, in the role that production uses, because a browser must not share
a transaction with the test that drives it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the product logs is no answer, and nobody would empty the pipe
    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    module, _, function = sys.argv[1].partition(":")
    said = getattr(importlib.import_module(module), function)()
    connection.close()
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answers.write(json.dumps({"port": server.server_port, **said}) + "\n")
    answers.flush()
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
