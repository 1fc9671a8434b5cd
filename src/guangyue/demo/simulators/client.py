"""The public API as an outside program uses it: one token, acts under keys, photographs by tus."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

__all__ = ["Answer", "Citizen", "Client", "NoAnswerError"]

TIMEOUT = 20.0
Headers = list[tuple[str, str]]


class NoAnswerError(OSError):
    """The line failed; the same key may be sent again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said."""

    status: int
    said: dict[str, Any]

    @property
    def done(self) -> bool:
        """Whether it was carried out."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the successes

    @property
    def codes(self) -> list[str]:
        """The reasons of a refusal."""
        return [r.get("code", "") for r in self.said.get("reasons", [])] or [str(self.said.get("code", self.status))]


class Line:
    """A line to the product; one request, one connection.

    Args:
        root: the product's address.
    """

    def __init__(self, root: str) -> None:
        self._to = urlsplit(root)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Headers, bytes]:
        made = http.client.HTTPSConnection if self._to.scheme == "https" else http.client.HTTPConnection
        line = made(self._to.hostname or "", self._to.port, timeout=TIMEOUT)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, [(k.lower(), v) for k, v in answer.getheaders()], answer.read()
        except (OSError, http.client.HTTPException) as why:
            raise NoAnswerError(f"{type(why).__name__}: {why}") from None
        finally:
            line.close()


class Citizen(Line):
    """Somebody with a slip in the hand and a browser without JavaScript."""

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self._cookies: dict[str, str] = {}

    def object_to(self, number: str, plate: str, reason: str, key: str) -> bool:
        """Look up a slip and object; whether the portal took it.

        Raises:
            NoAnswerError: the line failed.
        """
        return self._sent("/p/", number=number, proof=plate) and self._sent("/p/act/object", q_reason=reason, key=key)

    def _sent(self, path: str, **said: str) -> bool:
        """A form as its page gives it, filled in and sent; a redirect says that it was taken."""
        page = self._page("GET", path, b"")[1]
        said["csrfmiddlewaretoken"] = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        return self._page("POST", path, urlencode(said).encode())[0] == 302  # noqa: PLR2004 - found

    def _page(self, method: str, path: str, body: bytes) -> tuple[int, str]:
        headers = {"Accept": "text/html", "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        status, told, text = self._ask(method, path, body, headers)
        for name, value in told:
            if name == "set-cookie":
                cookie, _, kept = value.partition(";")[0].partition("=")
                self._cookies[cookie] = kept
        return status, text.decode("utf-8", "replace")


class Client(Line):
    """One member of staff's phone.

    Args:
        root: the product's address.
        token: the API token of the account.
    """

    def __init__(self, root: str, token: str) -> None:
        super().__init__(root)
        self._token = {"Authorization": f"Bearer {token}"}

    def open(self, key: str, body: dict[str, Any]) -> Answer:
        """Open a matter."""
        return self._json("POST", "/api/matters", body, key)

    def act(self, matter: str, code: str, key: str, body: dict[str, Any]) -> Answer:
        """Act on one."""
        return self._json("POST", f"/api/matters/{matter}/actions/{code}", body, key)

    def matter(self, matter: str) -> Answer:
        """Look at one."""
        return self._json("GET", f"/api/matters/{matter}")

    def photograph(
        self, jpeg: bytes, which: str, taken_at: datetime, where: tuple[float, float], **said: object
    ) -> dict[str, Any]:
        """Upload a photograph; answers with the piece that an act names.

        Raises:
            NoAnswerError: the line failed, or the upload was refused.
        """
        digest = hashlib.sha256(jpeg).hexdigest()
        tus = {"Tus-Resumable": "1.0.0"}
        named = (
            f"sha256 {base64.b64encode(digest.encode()).decode()},filename {base64.b64encode(b'photo.jpg').decode()}"
        )
        begun = {"Upload-Length": str(len(jpeg)), "Upload-Metadata": named}
        status, headers, _ = self._ask("POST", "/evidence/uploads/", b"", self._token | tus | begun)
        place = urlsplit(dict(headers).get("location", "")).path
        if status != 201 or not place:  # noqa: PLR2004 - created
            raise NoAnswerError(f"upload refused: {status}")
        part = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        status, _, text = self._ask("PATCH", place, jpeg, self._token | tus | part)
        if status != 204:  # noqa: PLR2004 - stored
            raise NoAnswerError(f"upload refused: {status} {text[:120]!r}")
        return {
            "set": which, "sha256": digest, "taken_at": taken_at.isoformat(), "located": True, "lon": where[0],
            "lat": where[1], **said,
        }  # fmt: skip

    def _json(self, method: str, path: str, body: dict[str, Any] | None = None, key: str = "") -> Answer:
        headers = {"Accept": "application/json"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": key}
        text = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
        status, _, answer = self._ask(method, path, text, self._token | headers)
        try:
            said = json.loads(answer)
        except ValueError:
            said = {}
        return Answer(status, said if isinstance(said, dict) else {})
