"""The field app (执勤端): the shell that a phone keeps, and what it needs to know to work without network.

The app itself is TypeScript (``web/frontend/src/field``). Here is what the server adds: the page and its service worker,
the bundle of declarations and open matters, and the reading of plates. Acts go through the API like everybody's.
"""
