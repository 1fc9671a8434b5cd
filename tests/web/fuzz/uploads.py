"""Resumable uploads: broken headers, wrong offsets, wrong sums, files of every broken kind, others' uploads."""

from __future__ import annotations

import base64
import hashlib
import uuid

from hypothesis import given
from hypothesis import strategies as st
from tests.web.fuzz.judge import Judge
from tests.web.fuzz.nasty import for_header
from tests.web.fuzz.pages import quietly
from tests.web.fuzz.pictures import files
from tests.web.fuzz.stage import Stage

__all__ = ["fuzz_uploads"]

PART = "uploads"
NUMBERS = st.one_of(
    st.integers(-2, 70 << 20).map(str), st.sampled_from(["", "0", "1e3", "01", "9" * 18, "9" * 30, "-0", "１", "0x10"])
)


def _headers(said: dict[str, str]) -> dict[str, str]:
    return {k: v.encode().decode("latin-1") for k, v in said.items()}


def fuzz_uploads(judge: Judge, stage: Stage, requests: int, chance: int) -> None:
    """About three requests to each upload: begin, a part or two, and something else."""

    @quietly(max(2, requests // 4), chance)
    @given(
        login=st.sampled_from(stage.logins), content=files, length=NUMBERS, true_length=st.integers(0, 3), offset=NUMBERS,
        true_offset=st.integers(0, 3), name=for_header, sha=st.integers(0, 3), sums=st.integers(0, 6), cut=st.integers(0, 400),
        other=st.sampled_from(["HEAD", "DELETE", "GET", "PUT", "OPTIONS", "PATCH"]), version=st.integers(0, 9), odd=for_header,
        stolen=st.integers(0, 9),
    )  # fmt: skip
    def send(login, content, length, true_length, offset, true_offset, name, sha, sums, cut, other, version, odd, stolen) -> None:  # fmt: skip
        client = stage.browser("")
        base = {"Tus-Resumable": "1.0.0" if version else odd}
        if stage.tokens[login]:
            base["Authorization"] = f"Bearer {stage.tokens[login]}"
        meta = [f"filename {base64.b64encode(name.encode()).decode()}"]
        if sha == 1:
            meta.append(f"sha256 {base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()}")
        if sha == 2:
            meta.append(f"sha256 {base64.b64encode(odd.encode()).decode()}")
        begin = base | {
            "Upload-Length": str(len(content)) if true_length else length,
            "Upload-Metadata": ",".join(meta) if sha < 3 else odd,
        }
        answer = judge.send(PART, client, "POST", "/evidence/uploads/", headers=_headers(begin))
        where = answer["Location"] if answer is not None and answer.status_code == 201 else ""
        if stolen == 0 and stage.uploads:
            where = stage.uploads[cut % len(stage.uploads)]
        if not where:
            where = f"/evidence/uploads/{uuid.UUID(int=cut)}"
        else:
            stage.uploads = [*stage.uploads[-50:], where]
        part, at = content[:cut], 0
        for body in (part, content[cut:]):
            patch = base | {"Upload-Offset": str(at) if true_offset else offset}
            if sums == 1:
                patch["Upload-Checksum"] = f"sha256 {base64.b64encode(hashlib.sha256(body).digest()).decode()}"
            if sums == 2:
                patch["Upload-Checksum"] = odd
            kind = "application/offset+octet-stream" if sums != 3 else odd or "x"
            judge.send(PART, client, "PATCH", where, body, content_type=kind, headers=_headers(patch))
            at += len(body)
        judge.send(PART, client, other, where, headers=_headers(base | {"Upload-Offset": offset}))

    send()
