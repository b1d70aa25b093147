"""Whether leading bytes are an ONNX model's: it has no signature, so its first fields are walked."""

from __future__ import annotations

# Fields of a ModelProto and of its GraphProto, as keys (number * 8 + wire type): onnx.proto.
_MODEL = {0x08, 0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42, 0x72, 0xA2, 0xCA, 0xD2}
_GRAPH = {0x0A, 0x12, 0x2A, 0x52, 0x5A, 0x62, 0x6A, 0x72, 0x7A, 0x82}
_VERSION, _GRAPH_KEY = 0x08, 0x3A
_MAX_VERSION = 1 << 10
_PRODUCER = 0x12
_MAX_PRODUCER = 4096


def looks_onnx(head: bytes, size: int, *, hinted: bool) -> bool:
    """Say whether `head`, the first bytes of a file of `size`, starts an ONNX model; `hinted`: its name says so.

    A name alone is believed when the first field is one of a model's, so that a damaged model is called that.
    """
    seen: set[int] = set()
    at = 0
    while at < min(len(head) - 1, size):
        key = head[at]
        if key not in _MODEL or (key >= 0x80 and head[at + 1] != 1):
            return False
        at += 2 if key >= 0x80 else 1
        value, start = _varint(head, at)
        if value < 0:
            break
        if hinted:
            return True
        seen.add(key)
        if key == _VERSION and not 0 < value <= _MAX_VERSION:
            return False
        if key == _GRAPH_KEY:
            return start + value <= size and (start >= len(head) or not value or head[start] in _GRAPH)
        if key == _PRODUCER and (value > _MAX_PRODUCER or not _printable(head[start : start + value])):
            return False
        at = start if key in (_VERSION, 0x28) else start + value
    return _VERSION in seen and len(seen) > 1 and at <= size


def _printable(content: bytes) -> bool:
    """Say whether these bytes are text (which may be cut in a character): other protocol buffers have messages here."""
    return content.decode("utf-8", "ignore").isprintable()


def _varint(head: bytes, at: int) -> tuple[int, int]:
    """Return a varint and where it ends, -1 where `head` ends inside it."""
    value = 0
    for place in range(10):
        if at + place >= len(head):
            break
        byte = head[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    return -1, at
