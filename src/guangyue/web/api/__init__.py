"""The API: the same acts as the pages, as JSON; one OpenAPI document derived from the declarations.

Staff come with a session or a bearer token. Every POST carries an ``Idempotency-Key``: the same key never acts twice and
answers the same. Refusals are problem documents (RFC 9457) with all reasons: code, field, sentence.
"""
