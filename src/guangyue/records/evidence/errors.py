"""What the evidence store refuses: stable codes and sentences."""

from __future__ import annotations

from guangyue.law import Text
from guangyue.law.override import override

__all__ = ["EvidenceError"]

_SENTENCES: dict[str, Text] = {
    "evidence.empty": Text("文件是空的。", "The file is empty."),
    "evidence.too_large": Text(
        "文件超过{most}兆字节，请压缩或分段拍摄。",
        "The file is larger than {most} MiB; compress it or record in parts.",
    ),
    "evidence.digest": Text(
        "收到的文件与拍摄时的摘要不一致，可能在途中被改动；请从拍摄设备重新上传原件。",
        "What arrived differs from what was captured and may have been changed on the way; upload the original again.",
    ),
    "evidence.type": Text(
        "不接受这种文件。可上传：JPEG、PNG、WebP照片，MP4录像，M4A、MP3、WAV、AMR录音，PDF、OFD文件。",
        "This kind of file is not taken. Photos: JPEG, PNG, WebP; video: MP4; sound: M4A, MP3, WAV, AMR; papers: PDF, OFD.",
    ),
    "evidence.damaged": Text("文件已损坏，无法完整读取。", "The file is damaged and cannot be read to its end."),
    "evidence.bomb": Text(
        "文件展开后过大（{what}），为安全起见不予接收。",
        "Unpacked, the file would be too large ({what}); it is refused for safety.",
    ),
    "evidence.not_visible": Text(
        "没有这份证据，或者您无权查看。", "There is no such piece of evidence, or you may not see it."
    ),
    "evidence.missing": Text(
        "证据文件不在库中，请立即报告系统管理员。",
        "The bytes of this evidence are not in the store; tell the system administrator at once.",
    ),
    "evidence.altered": Text(
        "证据文件与入库时的摘要不一致，请立即报告系统管理员。",
        "The bytes of this evidence differ from what was stored; tell the system administrator at once.",
    ),
    "upload.busy": Text("同一文件正在上传。", "The same upload is running already."),
    "upload.offset": Text("续传位置不符，现为{offset}。", "The upload stands at {offset}, not where this part begins."),
    "upload.checksum": Text("这一段在传输中损坏，请重传。", "This part was damaged on the way; send it again."),
    "upload.longer": Text("收到的比申报的长。", "More arrived than was announced."),
    "upload.gone": Text(
        "上传已过期、已取消或已被拒绝，请重新开始。", "The upload has expired, was cancelled or refused; begin again."
    ),
    "upload.too_many": Text(
        "未完成的上传过多（{most}个），请先完成或取消。", "Too many unfinished uploads ({most}); finish or cancel some."
    ),
    "upload.header": Text("上传请求有误：{header}。", "The upload request is wrong: {header}."),
}


class EvidenceError(ValueError):
    """A file or an upload is refused.

    Attributes:
        code: stable, for programs.
        params: the values in the sentence.
        text: the sentence in both languages.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        self.text = _SENTENCES[code].format(**params)
        super().__init__(f"{code}: {self.text.en}")

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.params))


def _rebuild(code: str, params: dict[str, object]) -> EvidenceError:
    return EvidenceError(code, **params)
