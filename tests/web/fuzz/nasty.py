"""Texts, numbers, times and bytes that programs stumble over."""

from __future__ import annotations

from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

__all__ = ["digits", "for_header", "for_path", "for_text", "raw_bytes"]

WORDS = (
    "", " ", "\x00", "a\x00b", "\x7f", "\u202e鲁P12345", "e\u0301", "\u00e9", "𠮷野", "😀" * 50, "\u200b", "\ufeff", "\uffff",
    "\u2028", "\r\nX-Injected: 1", "A" * 5_000, "长" * 3_000, "9" * 400, "-1", "0", "00", "1e309", "NaN", "Infinity", "-0.0",
    "9223372036854775807", "9223372036854775808", "99999999999999999999", "１２３", "١٢٣", "½", "Ⅷ", "²", "٣.٤",
    "%00", "%s%n%x", "%", "\\", "../../../../etc/passwd", "..%2f", "/", "a/b", "//evil.example/", "https://evil.example/",
    "javascript:alert(1)", "' or 1=1--", "'; drop table matter; --", '"><script>alert(1)</script>', "{{7*7}}", "{% debug %}",
    "${7*7}", "null", "true", "[]", "{}", "undefined", "鲁P12345", "slip-1", "slip-1.AAAAAAAA", "a.b.c", ".", "..", "?", "#", "&",
    "streets.parking", "record", "reminded", "urban-1", "on", "streets.parking:write",
)  # fmt: skip
TIMES = (
    "0001-01-01", "9999-12-31", "2024-02-29", "2023-02-29", "2026-13-45", "0000-00-00", "-0001-01-01", "10000-01-01", "2026-W01",
    "2026-W53-7", "20261122", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59.999999Z", "2026-11-22T24:00:00Z", "2016-12-31T23:59:60Z", "2026-11-22T09:00:00+23:59",
    "2026-11-22T09:00", "1969-12-31T23:59:59Z", "2038-01-19T03:14:08Z", "2126-11-22T09:00:00Z", "2026-02-29T12:00",
    "0001-01-01T00:00", "9999-12-31T23:59", "-62135596800", "253402300800", "1e18",
)  # fmt: skip
"""Clocks of phones: year 1, the last year, leap days and leap seconds, days that are none."""

digits = st.integers(-(10**30), 10**30).map(str)
for_text = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(TIMES), digits, st.text(st.characters(codec="utf-8"), max_size=60),
    st.floats().map(str), st.datetimes().map(lambda d: d.isoformat()),
)  # fmt: skip
raw_bytes = st.one_of(st.binary(max_size=80), for_text.map(lambda t: t.encode("utf-8", "surrogatepass")))
for_path = raw_bytes.map(lambda b: quote_from_bytes(b[:2000], safe=""))
for_header = st.one_of(
    st.sampled_from([w for w in (*WORDS, *TIMES) if w.isprintable()]), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
).map(lambda t: t[:2000].encode().decode("latin-1").replace("\x7f", ""))  # fmt: skip
"""What a server hands on of a header: no control characters, bytes above ASCII as Latin-1."""
