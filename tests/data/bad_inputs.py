# ruff: noqa
# fmt: off
"""Generator of hostile, broken and unusual model files, run at test time: marker and canary paths are absolute.

Writes OUT/cases/<id>/ (one dropped folder a case), OUT/canary/ (files outside every dropped folder: their content
seen anywhere means that something outside was read), OUT/markers/ (a payload that ran leaves <id>.executed here)
and OUT/expected.json. Payloads only create an empty marker file; bombs are bounded.

expected outcome vocabulary
  error  clear error that names the file and the cause; nothing is compared, no verdict is given
  warn   opens; the report carries a visible warning of that cause; the verdict is still right
  ok     opens with no complaint
(a list means either is acceptable).  For every case, whatever the outcome: no code executed, nothing
read or written outside the dropped folder, <= 10 s, <= 1 GiB extra memory, the process survives.
"""
from __future__ import annotations

import argparse
import io
import json
import os
import pickle
import shutil
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np

GiB = 1 << 30
MiB = 1 << 20
CASES: list[dict] = []
CANARY_TEXT = b"CANARY-OUTSIDE-THE-FOLDER-" * 8
CANARY_FLOAT = 76543.25         # never used inside a case

ALWAYS = ["code_executed", "hang_over_10s", "rss_over_1GiB", "read_outside_folder",
          "write_outside_folder", "crash", "traceback_shown_to_user"]


def case(id, fmt, what, expect, cause, cls, open=None, refs=(), verdict=None, ui=None, big=False,
         posix=False):
    """Decorator: the function gets (dir: Path, ctx: Ctx) and writes the files."""
    def deco(fn):
        CASES.append(dict(id=id, format=fmt, what=what, expect=expect, cause=cause, cls=cls,
                          open=open, refs=list(refs), verdict=verdict, ui=ui, big=big, posix=posix,
                          fn=fn))
        return fn
    return deco


class Ctx:
    def __init__(self, root: Path):
        self.root = root
        self.markers = root / "markers"
        self.canary = root / "canary"


# ----------------------------------------------------------------------------------------------
# safetensors
# ----------------------------------------------------------------------------------------------
def st_bytes(header, data=b"", n=None, pad=True):
    h = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode()
    if pad and not isinstance(header, bytes):
        h += b" " * (-len(h) % 8)
    return struct.pack("<Q", len(h) if n is None else n) + h + data


def f32(*v):
    return np.array(v, "<f4").tobytes()


def st_ok(tensors: dict, metadata=None):
    """tensors: name -> (dtype, shape, bytes)"""
    hdr, off, blob = {}, 0, b""
    if metadata is not None:
        hdr["__metadata__"] = metadata
    for k, (dt, shape, raw) in tensors.items():
        hdr[k] = {"dtype": dt, "shape": list(shape), "data_offsets": [off, off + len(raw)]}
        off += len(raw)
        blob += raw
    return st_bytes(hdr, blob)


W4 = ("F32", [2, 2], f32(1, 2, 3, 4))


def st(id, what, expect, cause, cls, blob, refs=(), verdict=None, ui=None, name="model.safetensors", **kw):
    def fn(d, c):
        (d / name).write_bytes(blob() if callable(blob) else blob)
    case(id, "safetensors", what, expect, cause, cls, open=name, refs=refs, verdict=verdict, ui=ui, **kw)(fn)


E = lambda dt, shape, a, b: {"dtype": dt, "shape": shape, "data_offsets": [a, b]}  # noqa: E731
SPEC = "safetensors README 'Format'"

st("st_empty_file", "0-byte file", "error", "file is empty", "malformed", b"", ["rust: HeaderTooSmall"])
st("st_hdrlen_u64max", "header length 2^64-1", "error", "header length exceeds 100 MB limit", "bomb",
   b"\xff" * 8 + b"{}", ["rust test_header_too_large"])
st("st_hdrlen_100MB_plus1", "header length 100,000,001 in a tiny file", "error", "header length exceeds limit",
   "bomb", st_bytes({"w": E("F32", [1], 0, 4)}, f32(1), n=100_000_001), ["rust MAX_HEADER_SIZE=100_000_000"])
st("st_hdrlen_past_eof", "header length 1000 in a 70-byte file", "error", "header runs past end of file", "malformed",
   st_bytes({"w": E("F32", [1], 0, 4)}, f32(1), n=1000), ["attacks/safetensors_abuse_attempt_1.py"])
st("st_not_json", "header is not JSON", "error", "header is not valid JSON", "malformed",
   st_bytes(b"{not json at all}"), ["rust test_invalid_header_not_json"])
st("st_header_is_array", "header is a JSON array", "error", "header is not a JSON object", "malformed", st_bytes(b"[]"))
st("st_header_utf8_bad", "invalid UTF-8 in header", "error", "header is not UTF-8", "malformed",
   st_bytes(b'{"\xff\xfe":{}}'), ["rust test_invalid_header_non_utf8"])
st("st_header_bom", "header starts with a UTF-8 BOM", "error", "header must begin with '{'", "malformed",
   st_bytes(b"\xef\xbb\xbf" + json.dumps({"w": E("F32", [1], 0, 4)}).encode(), f32(1)))
st("st_header_leading_space", "header begins with a space", ["error", "warn"], "header must begin with '{'", "malformed",
   st_bytes(b'  {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', f32(1)), [SPEC,
   "rust test_whitespace_leading_padded_header"])
st("st_lone_surrogate", r"tensor name is a JSON escape \ud800 (lone surrogate)", "error", "name is not valid Unicode",
   "malformed", st_bytes(rb'{"a\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', f32(1)))
DUP_A = b'"w":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}'
DUP_B = b'"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
st("st_dup_key", "tensor 'w' declared twice: first U8[4], then F32[1] on the same bytes", "error",
   "duplicate tensor name 'w'", "verdict", st_bytes(b"{" + DUP_A + b"," + DUP_B + b"}", f32(1)),
   [SPEC + ": duplicate keys disallowed, 'not all parsers may respect this'", "xz.aliyun.com/news/92700"],
   verdict="a reader that keeps the first and one that keeps the last see different tensors")
st("st_dup_key_escaped", r"duplicate after JSON unescape: 'w' and '\u0077'", "error", "duplicate tensor name 'w'",
   "verdict", st_bytes(b"{" + DUP_A + b"," + DUP_B.replace(b'"w"', rb'"\u0077"') + b"}", f32(1)))
st("st_dup_metadata", "__metadata__ given twice", "error", "duplicate key '__metadata__'", "verdict",
   st_bytes(b'{"__metadata__":{"v":"1"},"__metadata__":{"v":"2"},' + DUP_B + b"}", f32(1)))
st("st_unknown_field", "entry with an extra field 'offset'", ["error", "warn"], "unknown field", "malformed",
   st_bytes({"w": dict(E("F32", [1], 0, 4), offset=99)}, f32(1)))
st("st_overlap_partial", "ranges overlap by 4 bytes", "error", "tensors overlap", "verdict",
   st_bytes({"a": E("F32", [2], 0, 8), "b": E("F32", [2], 4, 12)}, f32(1, 2, 3)))
st("st_overlap_1e4", "10,000 tensors all on the same 160 KB (memory amplification 1.5 GiB)", "error",
   "tensors overlap", "bomb",
   lambda: st_bytes({f"w{i}": E("F32", [200, 200], 0, 160000) for i in range(10000)}, b"\0" * 160000),
   ["attacks/safetensors_abuse_attempt_3.py"])
st("st_zero_size_shared", "zero-size tensor at the same offset as a real one (allowed)", "ok", "", "valid-edge",
   st_bytes({"z": E("F32", [0, 5], 0, 0), "w": E("F32", [1], 0, 4)}, f32(1)), ["huntr F002 zero-size offset"])
st("st_truncated", "file ends 6 bytes early", "error", "file is truncated", "malformed",
   st_bytes({"a": E("F32", [4], 0, 16)}, f32(1, 2, 3, 4)[:-6]))


def _poly():
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        z.writestr(zipfile.ZipInfo("archive/data.pkl"), PKL_MARK_PLACEHOLDER)
    raw = b.getvalue()
    return st_bytes({"w": E("F32", [1], 0, 4), "pad": E("U8", [len(raw)], 4, 4 + len(raw))}, f32(1) + raw)


PKL_MARK_PLACEHOLDER = b"\x80\x02}."
st("st_polyglot_zip", "valid safetensors that is also a valid ZIP (zip hidden in a U8 tensor)", ["warn", "ok"],
   "file is also a ZIP; read as safetensors", "verdict", _poly, ["Trail of Bits: polyglots"],
   verdict="must be read by its leading bytes, never by zipfile.is_zipfile()")
st("st_shape_wrap_to_4", "shape whose product wraps 2^64 to 1 element", "error", "shape overflows", "bomb",
   st_bytes({"w": E("F32", [(1 << 62) + 1, 4], 0, 16)}, f32(1, 2, 3, 4)))
st("st_shape_negative", "shape [-1, 4]", "error", "negative dimension", "malformed",
   st_bytes({"w": E("F32", [-1, 4], 0, 16)}, f32(1, 2, 3, 4)))
st("st_shape_float", "shape [2.5]", "error", "dimension is not an integer", "malformed",
   st_bytes({"w": E("F32", [2.5], 0, 8)}, f32(1, 2)))
st("st_shape_bool", "shape [true]", "error", "dimension is not an integer", "malformed",
   st_bytes(b'{"w":{"dtype":"F32","shape":[true],"data_offsets":[0,4]}}', f32(1)))
st("st_shape_string", "shape ['2']", "error", "dimension is not an integer", "malformed",
   st_bytes({"w": E("F32", ["2"], 0, 8)}, f32(1, 2)))
st("st_shape_over_u64", "dimension 2^64", "error", "dimension out of range", "malformed",
   st_bytes({"w": E("F32", [1 << 64], 0, 4)}, f32(1)))
st("st_int_5000_digits", "offset is a 5,000-digit integer", "error", "number out of range", "bomb",
   st_bytes(b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,' + b"9" * 5000 + b"]}}", f32(1)),
   ["Python int->str limit 4300 digits raises ValueError"])
st("st_offsets_reversed", "data_offsets [8,0]", "error", "end before start", "malformed",
   st_bytes({"w": E("F32", [2], 8, 0)}, f32(1, 2)))
st("st_offsets_negative", "data_offsets [-4,0]", "error", "negative offset", "malformed",
   st_bytes({"w": E("F32", [1], -4, 0)}, f32(1)))
st("st_offsets_past_eof", "data_offsets reach past the end", "error", "tensor runs past end of file", "malformed",
   st_bytes({"w": E("F32", [1000], 0, 4000)}, f32(1)))
st("st_size_mismatch", "shape says 3 floats, range says 8 bytes", "error", "size does not match shape and dtype",
   "malformed", st_bytes({"w": E("F32", [3], 0, 8)}, f32(1, 2)), ["rust test_invalid_info"])
st("st_new_dtypes", "F8_E4M3, F8_E5M2, F8_E8M0, BF16, C64, F4 tensors (valid in 0.8)", ["ok", "warn"],
   "dtype shown; compared or reported 'not comparable'", "valid-edge",
   st_ok({"a": ("F8_E4M3", [4], bytes(4)), "b": ("F8_E5M2", [4], bytes(4)), "c": ("F8_E8M0", [4], bytes(4)),
          "d": ("BF16", [2], bytes(4)), "e": ("C64", [1], bytes(8)), "f": ("F4", [8], bytes(4))}))
st("st_metadata_nonstring", "__metadata__ value is a number", "error", "metadata values must be strings", "malformed",
   st_bytes({"__metadata__": {"a": 1}, "w": E("F32", [1], 0, 4)}, f32(1)), [SPEC])
st("st_metadata_html", "__metadata__ holds HTML/script and a 200 KB value", "ok", "", "ui",
   st_bytes({"__metadata__": {"<b>k</b>": "<script>alert(1)</script><img src=x onerror=alert(1)>",
                              "long": "A" * 200_000}, "w": E("F32", [1], 0, 4)}, f32(1)),
   ui="metadata shown as literal text, long value cut with a note")
st("st_deep_json", "100,000 nested '[' inside metadata", "error", "header nests too deeply", "bomb",
   st_bytes(b'{"__metadata__":' + b"[" * 100_000 + b"]" * 100_000 + b"}"), ["serde_json recursion limit 128"])
st("st_1e5_tensors", "100,000 empty tensors (5.6 MB header)", "ok", "", "bomb",
   lambda: st_bytes({f"t{i:06d}": E("U8", [0], 0, 0) for i in range(100_000)}),
   ui="list stays responsive; opens in < 10 s")
st("st_1e6_tensors", "1,000,000 empty tensors (~58 MB header, below the 100 MB limit)", ["ok", "warn", "error"],
   "too many tensors, or opens in < 30 s", "bomb",
   lambda: st_bytes(b"{" + b",".join(b'"t%06d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}' % i
                                     for i in range(1_000_000)) + b"}"), big=True)
st("st_no_tensors", "valid header '{}' with no tensors", ["warn", "error"], "file holds no tensors", "verdict",
   st_bytes(b"{}      "), ["rust test_empty"], verdict="'nothing differs' must never read as 'matches'")
st("st_only_metadata", "only __metadata__", ["warn", "error"], "file holds no tensors", "verdict",
   st_bytes({"__metadata__": {"format": "pt"}}))
st("st_scalar_0d", "0-d tensor", "ok", "", "valid-edge", st_ok({"s": ("F32", [], f32(3))}), [SPEC])
st("st_empty_tensor", "tensor with shape [0,5] only", ["ok", "warn"], "tensor holds no values", "valid-edge",
   st_ok({"e": ("F32", [0, 5], b"")}), verdict="similarity of an empty tensor is undefined, not 0 or 1")
st("st_rank_100", "tensor of rank 100 (numpy max is 64)", ["ok", "warn", "error"], "rank above numpy's 64", "valid-edge",
   st_ok({"w": ("F32", [1] * 100, f32(1))}))

NAMES = {
    "html_img": ('<img src="file:///etc/passwd"><b>w</b>', "rich text in QLabel / HTML report"),
    "html_script": ('</td></tr></table><script>alert(1)</script>', "script in the HTML report"),
    "html_attr": ('" onmouseover="alert(1)" x="', "breaks out of an HTML attribute"),
    "html_remote_img": ('<img src="http://127.0.0.1:9/x.png">', "offline promise: must open no socket"),
    "html_unc": ('<img src="//attacker/share/x.png">', "Windows: UNC fetch leaks the NTLM hash"),
    "md": ("![x](http://127.0.0.1:9/x.png) [a](javascript:alert(1)) `|` **b**", "markdown report"),
    "bidi": ("weight\u202egnp.exe\u202c", "right-to-left override (Trojan Source CVE-2021-42574)"),
    "bidi_isolate": ("a\u2066b\u2067c", "unbalanced isolates"),
    "zero_width": ("la\u200byer.wei\u200dght", "zero-width space / joiner"),
    "homoglyph": ("l\u0430yer.weight", "Cyrillic a"),
    "newline": ("w\nPASS: all tensors match\n", "forged report line"),
    "cr_tab": ("w\r\tX", "carriage return and tab"),
    "ansi": ("\x1b[2J\x1b[31mFAIL", "terminal escape in logs"),
    "nul": ("w\x00x", "NUL in a name"),
    "csv_eq": ("=cmd|' /C calc'!A0", "CSV formula injection"),
    "csv_at": ("@SUM(1+1)*cmd|' /C calc'!A0", "CSV formula injection"),
    "csv_tab": ("\t=1+1", "CSV formula behind a tab"),
    "traversal": ("../../../../var/evil", "per-tensor export writes outside"),
    "abs_path": ("/var/evil", "per-tensor export writes outside"),
    "win_reserved": ("CON", "reserved file name on Windows"),
    "win_colon": ("a:b", "NTFS alternate stream"),
    "empty": ("", "empty name"),
    "dunder": ("__proto__", "JS report prototype pollution"),
    "percent": ("%s%n%(x)s{0.__class__}", "format-string"),
    "long_1MB": ("A" * MiB, "1 MB name"),
    "long_word": ("W" * 5000, "5,000 characters without a break"),
    "combining": ("w" + "\u0301" * 2000, "2,000 combining accents (Zalgo)"),
    "mnemonic": ("&File &Open", "Qt eats '&' as a mnemonic"),
    "shell": ("$(touch x);`touch y`|z", "shell metacharacters"),
}
for _k, (_n, _w) in NAMES.items():
    st(f"st_name_{_k}", f"tensor name: {_w}", ["ok", "warn"] if _k in ("long_word", "percent", "mnemonic", "dunder", "md",
       "shell", "abs_path", "traversal", "win_reserved", "win_colon", "homoglyph", "csv_eq", "csv_at", "html_img",
       "html_script", "html_attr", "html_remote_img", "html_unc", "long_1MB") else "warn",
       "unusual tensor name (shown escaped)", "ui",
       (lambda n=_n: st_ok({n: W4, "plain": W4})),
       ui="name shown literally with controls escaped; HTML/CSV/JSON/Markdown reports escaped; no fetch; no file written")
st("st_case_collision", "'Layer.weight' and 'layer.weight' in one file", "warn", "names differ only in case", "verdict",
   st_ok({"Layer.weight": W4, "layer.weight": ("F32", [2, 2], f32(9, 9, 9, 9))}),
   verdict="both kept apart in table, cache and exports (case-insensitive file systems)")
st("st_nfc_nfd", "the same name in NFC and NFD", "warn", "names look identical", "verdict",
   st_ok({"caf\u00e9": W4, "cafe\u0301": ("F32", [2, 2], f32(9, 9, 9, 9))}))

nan = np.array([0x7FC00000, 0x7FC00001, 0xFFC00000, 0x7F800001], "<u4").tobytes()   # quiet, payload, neg, signalling
st("st_all_nan", "all NaN, four different payloads", "warn", "tensor contains NaN", "verdict",
   st_ok({"w": ("F32", [2, 2], nan)}), verdict="similarity 'undefined'; never 'identical' by NaN-skipping, never a crash")
st("st_inf", "+Inf and -Inf", "warn", "tensor contains Inf", "verdict",
   st_ok({"w": ("F32", [2, 2], f32(float("inf"), float("-inf"), 1, 2))}), verdict="Inf-Inf must not print NaN as a score")
st("st_f16_max_overflow", "F16 65504 x 4: sum of squares overflows in half precision", "ok", "", "verdict",
   st_ok({"w": ("F16", [4], np.array([65504] * 4, "<f2").tobytes())}), verdict="accumulate in float64")
st("st_f32_huge", "3e38 values: dot product overflows float32", "ok", "", "verdict",
   st_ok({"w": ("F32", [4], f32(3e38, 3e38, 3e38, -3e38))}), verdict="cosine must stay finite (scale or float64)")
st("st_f64_huge", "1e308 values: dot product overflows even float64", ["ok", "warn"], "values overflow", "verdict",
   st_ok({"w": ("F64", [2], np.array([1e308, 1e308], "<f8").tobytes())}), verdict="cosine must be 1.0 (scale by max) or 'undefined'")
st("st_denormal", "all denormal (1e-45..1e-40)", ["ok", "warn"], "denormal values", "verdict",
   st_ok({"w": ("F32", [4], np.array([1, 2, 3, 70000], "<u4").tobytes())}), verdict="not flushed to zero: torch.set_flush_denormal must be off")
st("st_all_zero", "all zeros", "warn", "all zero: cosine undefined", "verdict",
   st_ok({"w": ("F32", [4], f32(0, 0, 0, 0))}), verdict="0/0 must read 'undefined', never 1.0 or NaN")
st("st_constant", "constant tensor (std 0): correlation undefined", ["ok", "warn"], "constant", "verdict",
   st_ok({"w": ("F32", [4], f32(5, 5, 5, 5))}))
st("st_i64_beyond_2_53", "I64 2^53 and 2^53+1: equal after a cast to float64", "ok", "", "verdict",
   st_ok({"a": ("I64", [2], np.array([2**53, 2**53 + 1], "<i8").tobytes())}), verdict="integers compared as integers")
st("st_lfs_pointer", "Git LFS pointer text instead of weights", "error", "Git LFS pointer, weights not downloaded", "malformed",
   b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a" * 16 + b"\nsize 1353142000\n")
st("st_is_really_gguf", "GGUF content renamed .safetensors", "error", "content is GGUF, not safetensors", "malformed",
   b"GGUF" + struct.pack("<IQQ", 3, 0, 0))
st("st_gzip", "gzip of a safetensors file", "error", "file is gzip-compressed", "malformed",
   lambda: b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zlib.compress(st_ok({"w": W4}))[2:-4] + bytes(8))


@case("st_sparse_8GiB", "safetensors", "valid 8 GiB tensor of zeros in a sparse file (4 KB on disk)", ["ok", "warn", "error"],
      "streams in bounded memory", "bomb", open="model.safetensors", big=True)
def _(d, c):
    n = 8 * GiB
    b = st_bytes({"w": E("F32", [n // 4], 0, n)})
    with open(d / "model.safetensors", "wb") as f:
        f.write(b)
        f.truncate(len(b) + n)


@case("fs_fifo", "filesystem", "model.safetensors is a named pipe: open() blocks forever", "error", "not a regular file",
      "io", open="model.safetensors", posix=True)
def _(d, c):
    os.mkfifo(d / "model.safetensors")


@case("fs_directory", "filesystem", "model.safetensors is a directory", "error", "is a directory", "io", open="model.safetensors")
def _(d, c):
    (d / "model.safetensors").mkdir()


@case("fs_dev_zero", "filesystem", "model.safetensors -> /dev/zero (endless read)", "error", "link leaves the folder / not a regular file",
      "io", open="model.safetensors", posix=True)
def _(d, c):
    (d / "model.safetensors").symlink_to("/dev/zero")


@case("fs_symlink_out", "filesystem", "model.safetensors is a symlink to a file outside the folder", "error",
      "link leaves the folder", "escape", open="model.safetensors", posix=True)
def _(d, c):
    (d / "model.safetensors").symlink_to(os.path.relpath(c.canary / "secret.safetensors", d))




@case("fs_symlink_dangling", "filesystem", "dangling symlink", "error", "file not found", "io", open="model.safetensors", posix=True)
def _(d, c):
    (d / "model.safetensors").symlink_to("nowhere")






@case("fs_mixed_formats", "filesystem", "folder with model.safetensors AND pytorch_model.bin holding different weights", "warn",
      "several checkpoints: which one is judged is named", "verdict", open=".",
      verdict="the report names the file judged and its hash; never a silent choice")
def _(d, c):
    (d / "model.safetensors").write_bytes(st_ok({"w": W4}))
    (d / "pytorch_model.bin").write_bytes(pt_zip({"w": T("0", 4, [2, 2])}, {"0": f32(9, 9, 9, 9)}))


@case("fs_odd_names", "filesystem", "folder and file names with RTL override, newline, quotes", ["ok", "warn"], "file name shown escaped", "ui", open=".", posix=True)
def _(d, c):
    s = d / "a\u202eb\nPASS"
    s.mkdir()
    (s / "m'\"<b>.safetensors").write_bytes(st_ok({"w": W4}))


@case("fs_2000_files", "filesystem", "folder with 2,000 tiny safetensors files", ["ok", "warn"], "many files", "bomb", open=".")
def _(d, c):
    b = st_ok({"w": W4})
    for i in range(2000):
        (d / f"m{i:04d}.safetensors").write_bytes(b)


# ----------------------------------------------------------------------------------------------
# sharded index
# ----------------------------------------------------------------------------------------------
def index_case(id, what, expect, cause, cls, index, shards=None, refs=(), verdict=None, extra=None, posix=False):
    def fn(d, c):
        b = index(d, c) if callable(index) else index
        (d / "model.safetensors.index.json").write_bytes(b if isinstance(b, bytes) else json.dumps(b).encode())
        for k, v in (shards if shards is not None else {"s1.safetensors": {"a": W4}, "s2.safetensors": {"b": W4}}).items():
            (d / k).write_bytes(v if isinstance(v, bytes) else st_ok(v))
        if extra:
            extra(d, c)
    case(id, "index", what, expect, cause, cls, open="model.safetensors.index.json", refs=refs, verdict=verdict, posix=posix)(fn)


IDX = lambda m, **k: {"metadata": {"total_size": 32}, "weight_map": m, **k}  # noqa: E731
OK_MAP = {"a": "s1.safetensors", "b": "s2.safetensors"}
index_case("idx_valid", "valid two-shard index", "ok", "", "valid-edge", IDX(OK_MAP))
index_case("idx_traversal", "weight_map -> ../../canary/secret.safetensors", "error", "shard path leaves the folder", "escape",
           IDX({"a": "s1.safetensors", "secret": "../../canary/secret.safetensors"}))
index_case("idx_absolute", "weight_map -> absolute path", "error", "shard path is absolute", "escape",
           lambda d, c: IDX({"a": "s1.safetensors", "secret": str(c.canary / "secret.safetensors")}))
index_case("idx_symlink_shard", "shard s2 is a symlink to a file outside", "error", "link leaves the folder", "escape",
           IDX({"a": "s1.safetensors", "secret": "s2.safetensors"}), {"s1.safetensors": {"a": W4}}, posix=True,
           extra=lambda d, c: (d / "s2.safetensors").symlink_to(os.path.relpath(c.canary / "secret.safetensors", d)))
index_case("idx_url", "weight_map -> http://127.0.0.1:9/x.safetensors", "error", "shard name is not a plain file name", "escape",
           IDX({"a": "http://127.0.0.1:9/x.safetensors"}), {})
index_case("idx_missing_shard", "s2 is not there", "error", "missing shard s2.safetensors", "malformed", IDX(OK_MAP),
           {"s1.safetensors": {"a": W4}})
index_case("idx_tensor_not_in_shard", "index lists 'b' in s1, s1 does not hold it", "error", "tensor 'b' is not in s1.safetensors", "verdict",
           IDX({"a": "s1.safetensors", "b": "s1.safetensors"}), {"s1.safetensors": {"a": W4}})
index_case("idx_extra_shard", "an unlisted shard s3 lies beside the listed ones", "warn", "file not in the index", "verdict", IDX(OK_MAP),
           {"s1.safetensors": {"a": W4}, "s2.safetensors": {"b": W4}, "s3.safetensors": {"c": W4}})
index_case("idx_dup_key", "weight_map has 'a' twice, to s1 and s2", "error", "duplicate key 'a'", "verdict",
           b'{"metadata":{"total_size":32},"weight_map":{"a":"s1.safetensors","a":"s2.safetensors","b":"s2.safetensors"}}',
           {"s1.safetensors": {"a": W4}, "s2.safetensors": {"b": W4, "a": ("F32", [2, 2], f32(9, 9, 9, 9))}})
index_case("idx_map_is_list", "weight_map is a list", "error", "weight_map is not an object", "malformed", IDX(["s1.safetensors"]))
index_case("idx_map_missing", "no weight_map", "error", "no weight_map", "malformed", {"metadata": {}})
index_case("idx_map_empty", "weight_map is {}", ["error", "warn"], "index lists no tensors", "verdict", IDX({}))
index_case("idx_shard_dot", "shard name '.'", "error", "not a file", "malformed", IDX({"a": "."}))
index_case("idx_shard_empty", "shard name ''", "error", "not a file", "malformed", IDX({"a": ""}))
index_case("idx_shard_self", "shard is the index itself", "error", "not a safetensors file", "malformed",
           IDX({"a": "model.safetensors.index.json"}))
index_case("idx_shard_nul", "shard name with NUL", "error", "invalid file name", "malformed", IDX({"a": "s1\0.safetensors"}))
index_case("idx_shard_case", "index says S1.safetensors, file is s1.safetensors", ["error", "warn"], "missing shard (case differs)", "malformed",
           IDX({"a": "S1.safetensors", "b": "s2.safetensors"}))
index_case("idx_total_size", "total_size is wrong", "warn", "total_size does not match", "malformed",
           {"metadata": {"total_size": 999}, "weight_map": OK_MAP})
index_case("idx_bom", "index with a UTF-8 BOM", ["error", "ok", "warn"], "BOM", "malformed",
           b"\xef\xbb\xbf" + json.dumps(IDX(OK_MAP)).encode())
index_case("idx_deep_json", "100,000 nested arrays", "error", "nests too deeply", "bomb", b"[" * 100_000)
index_case("idx_shard_corrupt", "s2 is truncated", "error", "s2.safetensors is truncated", "malformed", IDX(OK_MAP),
           {"s1.safetensors": {"a": W4}, "s2.safetensors": st_ok({"b": W4})[:-3]})




# ----------------------------------------------------------------------------------------------
# pickle assembler and PyTorch zip
# ----------------------------------------------------------------------------------------------
class G:                                   # GLOBAL module name
    def __init__(self, m, n): self.m, self.n = m, n


class R:                                   # callable(*args)
    def __init__(self, f, *a): self.f, self.a = f, a


class NEW:                                 # cls.__new__(cls, *args)
    def __init__(self, f, *a): self.f, self.a = f, a


class B:                                   # BUILD obj with state
    def __init__(self, o, s): self.o, self.s = o, s


class Pers:                                # persistent id
    def __init__(self, t): self.t = t


class Raw:                                 # raw opcodes
    def __init__(self, b): self.b = b


class Put:                                 # value + memoise
    def __init__(self, v, i): self.v, self.i = v, i


class Get:
    def __init__(self, i): self.i = i


class SetItems:                            # obj then SETITEMS
    def __init__(self, o, d): self.o, self.d = o, d


def pk(x):
    o = pickle
    if isinstance(x, Raw): return x.b
    if x is None: return o.NONE
    if x is True: return o.NEWTRUE
    if x is False: return o.NEWFALSE
    if isinstance(x, int):
        if 0 <= x < 256: return o.BININT1 + bytes([x])
        if -2**31 <= x < 2**31: return o.BININT + struct.pack("<i", x)
        b = pickle.encode_long(x)
        return o.LONG1 + bytes([len(b)]) + b
    if isinstance(x, float): return o.BINFLOAT + struct.pack(">d", x)
    if isinstance(x, str):
        b = x.encode("utf-8", "surrogatepass")
        return o.BINUNICODE + struct.pack("<I", len(b)) + b
    if isinstance(x, tuple): return o.MARK + b"".join(map(pk, x)) + o.TUPLE
    if isinstance(x, list): return o.EMPTY_LIST + o.MARK + b"".join(map(pk, x)) + o.APPENDS
    if isinstance(x, dict):
        return o.EMPTY_DICT + o.MARK + b"".join(pk(k) + pk(v) for k, v in x.items()) + o.SETITEMS
    if isinstance(x, G): return o.GLOBAL + x.m.encode() + b"\n" + x.n.encode() + b"\n"
    if isinstance(x, R): return pk(x.f) + pk(tuple(x.a)) + o.REDUCE
    if isinstance(x, NEW): return pk(x.f) + pk(tuple(x.a)) + o.NEWOBJ
    if isinstance(x, B): return pk(x.o) + pk(x.s) + o.BUILD
    if isinstance(x, Pers): return pk(x.t) + o.BINPERSID
    if isinstance(x, Put): return pk(x.v) + o.LONG_BINPUT + struct.pack("<I", x.i)
    if isinstance(x, Get): return o.LONG_BINGET + struct.pack("<I", x.i)
    if isinstance(x, SetItems):
        return pk(x.o) + o.MARK + b"".join(pk(k) + pk(v) for k, v in x.d.items()) + o.SETITEMS
    raise TypeError(type(x))


def pkl(x, proto=2):
    return pickle.PROTO + bytes([proto]) + pk(x) + pickle.STOP


OD = G("collections", "OrderedDict")


def T(key, numel, size, stride=None, offset=0, st="FloatStorage", loc="cpu"):
    if stride is None:
        stride, acc = [], 1
        for s in reversed(size):
            stride.insert(0, acc)
            acc *= max(s, 1)
    return R(G("torch._utils", "_rebuild_tensor_v2"), Pers(("storage", G("torch", st), key, loc, numel)),
             offset, tuple(size), tuple(stride), False, R(OD))


def zinfo(name, comp=zipfile.ZIP_STORED):
    z = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    z.compress_type = comp
    z.external_attr = 0o600 << 16
    return z


def pt_zip(obj, records, prefix="archive", version=b"3\n", byteorder=b"little", comp=zipfile.ZIP_STORED, extra=(), raw_pkl=None):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        z.writestr(zinfo(f"{prefix}/data.pkl"), pkl(obj) if raw_pkl is None else raw_pkl)
        if byteorder is not None:
            z.writestr(zinfo(f"{prefix}/byteorder"), byteorder)
        for k, v in records.items():
            z.writestr(zinfo(f"{prefix}/data/{k}", comp), v)
        for k, v in extra:
            z.writestr(zinfo(k), v)
        z.writestr(zinfo(f"{prefix}/version"), version)
    return b.getvalue()


def evil_obj(c: Ctx, id):
    return R(G("builtins", "open"), str(c.markers / f"{id}.executed"), "w")


def evil_pickle(c, id):
    return pkl({"w": evil_obj(c, id)})


def pt(id, what, expect, cause, cls, blob, refs=(), verdict=None, name="model.pt", **kw):
    def fn(d, c):
        (d / name).write_bytes(blob(c) if callable(blob) else blob)
    case(id, "pytorch", what, expect, cause, cls, open=name, refs=refs, verdict=verdict, **kw)(fn)


D4 = {"0": f32(1, 2, 3, 4)}
pt("pt_exec_zip", "zip checkpoint whose pickle calls open()", "error", "pickle asks to call builtins.open; refused", "exec",
   lambda c: pt_zip({"w": evil_obj(c, "pt_exec_zip")}, {}), ["CWE-502"])
pt("pt_exec_reduce_in_key", "code hidden in a dict key behind valid tensors", "error", "pickle asks to call builtins.open; refused", "exec",
   lambda c: pt_zip(None, D4, raw_pkl=pickle.PROTO + b"\x02" + pk({"w": T("0", 4, [2, 2])}) + pickle.MARK +
                    pk(evil_obj(c, "pt_exec_reduce_in_key")) + pk(1) + pickle.SETITEMS + pickle.STOP))
pt("pt_exec_extra_pkl", "benign data.pkl plus an evil archive/evil.pkl member", ["ok", "warn"], "unexpected member evil.pkl", "exec",
   lambda c: pt_zip({"w": T("0", 4, [2, 2])}, D4, extra=[("archive/evil.pkl", evil_pickle(c, "pt_exec_extra_pkl"))]))
pt("pt_exec_raw_pickle", "plain pickle saved as .pt", "error", "pickle asks to call builtins.open; refused", "exec",
   lambda c: evil_pickle(c, "pt_exec_raw_pickle"))
pt("pt_exec_bin_ext", "plain pickle saved as pytorch_model.bin", "error", "refused", "exec",
   lambda c: evil_pickle(c, "pt_exec_bin_ext"), ["picklescan CVE-2025-10155 (extension tricks)"], name="pytorch_model.bin")
pt("pt_exec_proto4", "protocol-4 pickle with STACK_GLOBAL", "error", "refused", "exec",
   lambda c: pt_zip(None, {}, raw_pkl=b"\x80\x04" + pk("builtins") + pk("open") + b"\x93" +
                    pk((str(c.markers / "pt_exec_proto4.executed"), "w")) + b"R."))
pt("pt_exec_broken_tail", "payload runs, then the pickle breaks (scanners report 'invalid')", "error", "refused", "exec",
   lambda c: pickle.PROTO + b"\x02" + pk(evil_obj(c, "pt_exec_broken_tail")) + b"\xff\xff", ["nullifAI broken pickle"])
pt("pt_exec_ext_opcode", "pickle EXT1 / INST opcodes", "error", "unsupported pickle opcode", "exec",
   lambda c: pickle.PROTO + b"\x02(" + pk(str(c.markers / "pt_exec_ext_opcode.executed")) + pk("w") + b"ibuiltins\nopen\n.")


def legacy(obj, keys, datas, magic=0x1950A86A20F9469CFC6C, proto=1001):
    b = pickle.encode_long(magic)
    o = pickle.PROTO + b"\x02" + pickle.LONG1 + bytes([len(b)]) + b + pickle.STOP
    o += pkl(proto) + pkl({"protocol_version": 1001, "little_endian": True,
                           "type_sizes": {"short": 2, "int": 4, "long": 4}})
    o += pkl(obj) + pkl(keys)
    for n, raw in datas:
        o += struct.pack("<q", n) + raw
    return o


def TL(key, numel, size, st="FloatStorage"):
    t = T(key, numel, size, st=st)
    p = t.a[0]
    t.a = (Pers(p.t + (None,)),) + t.a[1:]
    return t


pt("pt_legacy_numel_lie", "legacy: storage header says 2^40 elements, file holds 4", "error", "truncated / size mismatch", "bomb",
   legacy({"w": TL("0", 4, [2, 2])}, ["0"], [(1 << 40, f32(1, 2, 3, 4))]))
pt("pt_legacy_numel_huge", "legacy: pickle declares a 2^38-element storage (1 TiB)", "error", "declared size exceeds file", "bomb",
   legacy({"w": TL("0", 1 << 38, [2, 2])}, ["0"], [(1 << 38, f32(1))]))
pt("pt_legacy_truncated", "legacy: data cut short", "error", "truncated", "malformed",
   legacy({"w": TL("0", 4, [2, 2])}, ["0"], [(4, f32(1, 2)[:5])]))


@case("pt_tar_exec", "pytorch", "ancient tar-format checkpoint whose pickle calls open()", "error",
      "tar checkpoints are not supported", "exec", open="model.pt", refs=["CVE-2025-32434 (weights_only bypass via tar, fixed 2.6)"])
def _(d, c):
    import tarfile
    with tarfile.open(d / "model.pt", "w") as t:
        for n, b in (("storages", pkl(0)), ("tensors", pkl(0)), ("pickle", evil_pickle(c, "pt_tar_exec"))):
            ti = tarfile.TarInfo(n)
            ti.size = len(b)
            t.addfile(ti, io.BytesIO(b))


pt("pt_torchscript", "TorchScript archive (constants.pkl + code/)", "error", "TorchScript program, not a checkpoint", "exec",
   lambda c: pt_zip({"w": T("0", 4, [2, 2])}, D4, extra=[("archive/constants.pkl", pkl(())),
             ("archive/code/__torch__.py", b"class M(Module):\n  def forward(self):\n    return 1\n")]))
pt("pt_zip_bomb", "deflated storage record: 1.5 MB -> 1.5 GiB of zeros", ["error", "warn"], "compressed record expands 1000x", "bomb",
   lambda c: pt_zip({"w": T("0", 3 << 27, [3 << 27])}, {"0": bytes(3 << 29)}, comp=zipfile.ZIP_DEFLATED),
   ["safetensors attacks/torch_dos_create.py", "CWE-409"])
pt("pt_storage_record_short", "storage declares 64 floats, record holds 4: mmap reads the neighbouring zip bytes", "error",
   "record size does not match the storage", "verdict", pt_zip({"w": T("0", 64, [8, 8])}, D4),
   ["HF pytorch-mmap-weightsonly-poc"], verdict="mmap=True returns bytes of other records as weights")
pt("pt_view_oob", "tensor view reaches past its storage", "error", "tensor reaches past its storage", "malformed",
   pt_zip({"w": T("0", 4, [100, 100])}, D4))
pt("pt_view_offset_oob", "storage_offset 2^62", "error", "tensor reaches past its storage", "malformed",
   pt_zip({"w": T("0", 4, [2, 2], offset=1 << 62)}, D4))
pt("pt_negative_stride", "stride (-2,1)", "error", "negative stride", "malformed", pt_zip({"w": T("0", 4, [2, 2], [-2, 1])}, D4))
pt("pt_stride0_bomb", "1 float expanded by stride 0 to 2^40 elements (4 TiB when touched)", "error", "expanded view far larger than its storage", "bomb",
   pt_zip({"w": T("0", 1, [1 << 20, 1 << 20], [0, 0])}, {"0": f32(1)}))
pt("pt_stride0_3GiB", "1 float expanded by stride 0 to 805M elements (3 GiB float32, 6 GiB float64 when touched)", ["error", "warn"],
   "expanded view far larger than its storage", "bomb", pt_zip({"w": T("0", 1, [3 << 14, 1 << 14], [0, 0])}, {"0": f32(1)}))
pt("pt_stride0_small", "1 float expanded to 2x2 (legal)", ["ok", "warn"], "expanded view", "valid-edge",
   pt_zip({"w": T("0", 1, [2, 2], [0, 0])}, {"0": f32(1)}))
pt("pt_alias_amplify", "2,000 names for one 4 MiB storage (8 GiB logical)", ["ok", "warn"], "tensors share one storage", "bomb",
   lambda c: pt_zip({f"w{i}": T("0", MiB, [1024, 1024]) for i in range(2000)}, {"0": bytes(4 * MiB)}, comp=zipfile.ZIP_DEFLATED),
   verdict="hash / compare each storage once")
pt("pt_transposed", "tensor stored as a transposed view", "ok", "", "verdict", pt_zip({"w": T("0", 6, [3, 2], [1, 3])}, {"0": f32(1, 2, 3, 4, 5, 6)}),
   verdict="compare logical values, not storage order")
pt("pt_overlapping_window", "overlapping strides (unfold view)", ["ok", "warn"], "overlapping view", "valid-edge",
   pt_zip({"w": T("0", 4, [3, 2], [1, 1])}, D4))
pt("pt_missing_record", "data/0 is missing", "error", "record data/0 is missing", "malformed", pt_zip({"w": T("0", 4, [2, 2])}, {}))
pt("pt_record_traversal", "storage key '../../../canary/secret.bin'", "error", "invalid storage key", "escape",
   pt_zip({"w": T("../../../canary/secret.bin", 4, [2, 2])}, D4))
pt("pt_zip_traversal_member", "extra member ../../evil.txt", ["ok", "warn", "error"], "unsafe member name", "escape",
   pt_zip({"w": T("0", 4, [2, 2])}, D4, extra=[("../../evil.txt", b"x")]))
pt("pt_zip_no_data_pkl", "zip without data.pkl", "error", "no data.pkl", "malformed", pt_zip({}, D4).replace(b"data.pkl", b"dota.pkl"))
pt("pt_keras_as_pt", "some other zip renamed .pt", "error", "not a PyTorch checkpoint", "malformed",
   lambda c: (lambda b: (_zadd(b, [("hello.txt", b"x")]), b.getvalue())[1])(io.BytesIO()))


def zip_dup(c):
    import warnings
    b = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(b, "w") as z:
            z.writestr(zinfo("archive/data.pkl"), pkl({"w": T("0", 4, [2, 2])}))
            z.writestr(zinfo("archive/byteorder"), b"little")
            z.writestr(zinfo("archive/data/0"), f32(1, 2, 3, 4))
            z.writestr(zinfo("archive/data/0"), f32(9, 9, 9, 9))
            z.writestr(zinfo("archive/version"), b"3\n")
    return b.getvalue()


pt("pt_zip_dup_member", "two members named archive/data/0 with different bytes", "error", "duplicate zip member", "verdict", zip_dup,
   ["parser differential zipfile / miniz"], verdict="zipfile keeps the last, miniz finds either")
pt("pt_zip_case_member", "members archive/data/0 and ARCHIVE/DATA/0", ["error", "warn"], "member names differ only in case", "verdict",
   pt_zip({"w": T("0", 4, [2, 2])}, D4, extra=[("ARCHIVE/DATA/0", f32(9, 9, 9, 9))]))


def zip_patch_crc(c):
    b = bytearray(pt_zip({"w": T("0", 4, [2, 2])}, D4))
    i = b.index(f32(1, 2, 3, 4))
    b[i:i + 4] = f32(42)           # data changed, CRC not
    return bytes(b)


pt("pt_zip_bad_crc", "one weight changed, CRC-32 in the zip no longer matches", "error", "checksum mismatch in data/0", "verdict", zip_patch_crc,
   ["picklescan CVE-2025-10156 (CRC)"], verdict="torch ignores the CRC: bit rot opens silently")


def zip_flag(c, flag):
    b = bytearray(pt_zip({"w": evil_obj(c, "pt_zip_flag")}, {}))
    i = b.index(b"PK\x01\x02")
    b[i + 8] |= flag
    return bytes(b)


pt("pt_zip_flag", "central-directory flag bit 0x1 set (scanner says 'encrypted', torch loads)", "error", "refused", "exec",
   lambda c: zip_flag(c, 1), ["CVE-2025-1945 picklescan"])


def zip_name_mismatch(c):
    b = bytearray(pt_zip({"w": evil_obj(c, "pt_zip_name_mismatch")}, {}))
    i = b.index(b"archive/data.pkl")            # local header name
    b[i:i + 16] = b"archive/data.txt"
    return bytes(b)


pt("pt_zip_name_mismatch", "local header name differs from the central directory", "error", "zip headers disagree", "exec", zip_name_mismatch,
   ["CVE-2025-1944 picklescan"])
pt("pt_zip_prepended", "10 KB of junk before the zip (self-extractor style)", ["error", "warn"], "data before the zip", "verdict",
   b"MZ" + bytes(10238) + pt_zip({"w": T("0", 4, [2, 2])}, D4))
pt("pt_zip_in_zip_offset", "safetensors header in front of a zip (polyglot)", ["error", "warn"], "data before the zip", "verdict",
   st_ok({"w": W4}) + pt_zip({"w": T("0", 4, [2, 2])}, {"0": f32(9, 9, 9, 9)}))
pt("pt_byteorder_forged", "byteorder says big, data is little", ["warn", "ok"], "big-endian checkpoint", "verdict", pt_zip({"w": T("0", 4, [2, 2])}, D4, byteorder=b"big"),
   ["HF truncated-storage-byteorder"], verdict="values are what torch yields; the report says 'big-endian'")
pt("pt_version_huge", "version record 999999", ["error", "warn"], "unknown file version", "malformed", pt_zip({"w": T("0", 4, [2, 2])}, D4, version=b"999999\n"))
pt("pt_sparse_csr_invalid", "sparse CSR whose crow_indices claim 2^20 non-zeros, 1 stored", "error", "invalid sparse tensor", "verdict",
   pt_zip({"w": R(G("torch._utils", "_rebuild_sparse_tensor"), R(G("torch.serialization", "_get_layout"), "torch.sparse_csr"),
                  (T("0", 2, [2], st="LongStorage"), T("1", 1, [1], st="LongStorage"), T("2", 1, [1]), (1, 4)))},
          {"0": np.array([0, 1 << 20], "<i8").tobytes(), "1": np.array([0], "<i8").tobytes(), "2": f32(1)}),
   ["HF poc-torch-weights-only-sparse-oob"], verdict="opens under weights_only, SIGSEGV on first use")
pt("pt_sparse_coo_huge_dense", "valid sparse COO of shape 2^20 x 2^20: to_dense() needs 4 TiB", ["error", "warn"], "sparse tensor too large to densify", "bomb",
   pt_zip({"w": R(G("torch._utils", "_rebuild_sparse_tensor"), R(G("torch.serialization", "_get_layout"), "torch.sparse_coo"),
                  (T("0", 2, [2, 1], st="LongStorage"), T("1", 1, [1]), (1 << 20, 1 << 20), True))},
          {"0": np.array([5, 5], "<i8").tobytes(), "1": f32(1)}))
pt("pt_meta_tensor", "meta tensor (shape without data)", ["error", "warn"], "tensor has no data", "verdict",
   pt_zip({"w": R(G("torch._utils", "_rebuild_meta_tensor_no_storage"), G("torch", "float32"), (4, 4), (4, 1), False)}, {}),
   verdict="'no data' is not 'equal'")
pt("pt_cuda_location", "storages saved on cuda:7", "ok", "", "valid-edge", pt_zip({"w": T("0", 4, [2, 2], loc="cuda:7")}, D4),
   verdict="map_location='cpu'")
pt("pt_weird_location", "storage location 'xyz:evil'", ["ok", "error"], "unknown device", "malformed", pt_zip({"w": T("0", 4, [2, 2], loc="xyz:evil")}, D4))
pt("pt_bytearray_bomb", "weights_only allows bytearray(N): N = 1.5e9 in a 100-byte pickle", "error", "pickle asks for builtins.bytearray(1500000000)", "bomb",
   pt_zip({"w": R(G("builtins", "bytearray"), 1_500_000_000)}, {}), ["torch _get_allowed_globals() has builtins.bytearray"])
pt("pt_tensor_ctor_bomb", "weights_only allows torch.FloatTensor(N): N = 2^42", "error", "allocation refused", "bomb",
   pt_zip({"w": R(G("torch", "FloatTensor"), 1 << 42)}, {}))
pt("pt_long1_bomb", "1,000 x 255-byte integers multiplied into sizes (huge ints)", ["error", "warn"], "not a tensor", "bomb",
   pt_zip({"w": [int.from_bytes(b"\x7f" * 250, "little")] * 1000}, {}))
pt("pt_frame_bomb", "protocol-4 FRAME / BYTEARRAY8 declaring 2^60 bytes", "error", "truncated pickle", "bomb",
   pt_zip(None, {}, raw_pkl=b"\x80\x05\x96" + struct.pack("<Q", 1 << 60) + b"x."))
pt("pt_binunicode_len", "BINUNICODE declares 4 GB, 5 bytes follow", "error", "truncated pickle", "bomb",
   pt_zip(None, {}, raw_pkl=b"\x80\x02X\xff\xff\xff\xffhello."))
_lol = Put([1.0] * 10, 0)
_prog = pk(_lol)
for _i in range(1, 10):
    _prog += pk(Put([Get(_i - 1)] * 10, _i))
pt("pt_self_ref", "dict that contains itself (endless flatten)", ["error", "warn"], "object refers to itself", "bomb",
   pt_zip(None, D4, raw_pkl=b"\x80\x02" + pickle.EMPTY_DICT + pickle.LONG_BINPUT + struct.pack("<I", 1) + pk("self") +
          pk(Get(1)) + pickle.SETITEM + pk("w") + pk(T("0", 4, [2, 2])) + pickle.SETITEM + b"."))
pt("pt_flatten_collision", "{'a.b': X, 'a': {'b': Y}} collide when flattened", ["error", "warn"], "two tensors flatten to 'a.b'", "verdict",
   pt_zip({"a.b": T("0", 4, [2, 2]), "a": {"b": T("1", 4, [2, 2])}}, {"0": f32(1, 2, 3, 4), "1": f32(9, 9, 9, 9)}))
pt("pt_nonstring_keys", "int, tuple and bytes-like keys", ["ok", "warn"], "key is not a string", "valid-edge",
   pt_zip({1: T("0", 4, [2, 2]), (2, 3): T("0", 4, [2, 2]), None: T("0", 4, [2, 2])}, D4))
pt("pt_key_int_vs_str", "keys 1 and '1' hold different tensors", ["warn", "error"], "two keys print alike", "verdict",
   pt_zip({1: T("0", 4, [2, 2]), "1": T("1", 4, [2, 2])}, {"0": f32(1, 2, 3, 4), "1": f32(9, 9, 9, 9)}))
pt("pt_odict_shadow_items", "OrderedDict whose instance attribute 'items'/'keys'/'values' is a class: d.items() is empty, d['w'] is not", "error",
   "state dict hides its content", "verdict",
   pt_zip(B(SetItems(R(OD), {"w": T("0", 4, [2, 2])}), {"items": OD, "keys": OD, "values": OD}), D4),
   verdict="iterate with dict.items(d), never d.items()")
pt("pt_bool_nonbinary", "BoolStorage bytes 0,1,2,255", ["warn", "error"], "non-canonical bool bytes", "verdict",
   pt_zip({"m": T("0", 4, [4], st="BoolStorage")}, {"0": bytes([0, 1, 2, 255])}))
pt("pt_unknown_class", "checkpoint names a project class my.Model (common, harmless)", ["error", "warn"], "needs class my.Model; refused", "malformed",
   pt_zip({"model": NEW(G("my.pkg", "Model")), "w": T("0", 4, [2, 2])}, D4))
pt("pt_numpy_scalar", "checkpoint holds a numpy scalar (common in training files)", ["ok", "warn", "error"], "needs numpy scalar; skipped", "malformed",
   pt_zip({"best": R(G("numpy.core.multiarray", "scalar"), R(G("numpy", "dtype"), "f8", False, True), Raw(b"U\x08" + bytes(8))), "w": T("0", 4, [2, 2])}, D4))
pt("pt_no_tensors", "dict without tensors", ["warn", "error"], "file holds no tensors", "verdict", pt_zip({"epoch": 3}, {}))
pt("pt_requires_grad_hooks", "backward_hooks slot holds a dict with a function", ["ok", "warn", "error"], "unexpected hooks", "exec",
   pt_zip({"w": R(G("torch._utils", "_rebuild_tensor_v2"), Pers(("storage", G("torch", "FloatStorage"), "0", "cpu", 4)), 0, (2, 2), (2, 1), False,
                  SetItems(R(OD), {1: G("torch._utils", "_rebuild_parameter")}))}, D4))
pt("pt_name_bidi_html", "tensor names with <img>, RTL override, newline", "warn", "unusual tensor name", "ui",
   pt_zip({"<img src=x>": T("0", 4, [2, 2]), "a\u202eb": T("0", 4, [2, 2]), "c\nPASS": T("0", 4, [2, 2])}, D4))
pt("pt_surrogate_name", "lone surrogate in a tensor name (cannot be written as UTF-8)", ["warn", "error"], "name is not valid Unicode", "ui",
   pt_zip({"a\ud800": T("0", 4, [2, 2])}, D4))
pt("pt_lfs_pointer", "Git LFS pointer named pytorch_model.bin", "error", "Git LFS pointer", "malformed",
   b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a" * 16 + b"\nsize 1353142000\n", name="pytorch_model.bin")


# ----------------------------------------------------------------------------------------------
# HDF5
# ----------------------------------------------------------------------------------------------
def h5(id, what, expect, cause, cls, refs=(), verdict=None, name="model.h5", posix=False):
    def deco(fn):
        def wrap(d, c):
            import h5py
            with h5py.File(d / name, "w", libver=("v110", "v114") if id in ("h5_vds", "h5_swmr_flag") else None) as f:
                fn(f, d, c, h5py)
        case(id, "hdf5", what, expect, cause, cls, open=name, refs=refs, verdict=verdict, posix=posix)(wrap)
        return fn
    return deco


def h5post(id, what, expect, cause, cls, patch, refs=(), verdict=None, name="model.h5"):
    def fn(d, c):
        import h5py
        with h5py.File(d / name, "w") as f:
            g = f.create_group("model_weights")
            g["w"] = np.arange(4, dtype="<f4").reshape(2, 2)
            g["b"] = np.arange(2, dtype="<f4")
        b = patch(bytearray((d / name).read_bytes()))
        (d / name).write_bytes(bytes(b))
    case(id, "hdf5", what, expect, cause, cls, open=name, refs=refs, verdict=verdict)(fn)


def _notimes(h5py):
    pl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    pl.set_obj_track_times(False)
    return pl


KERAS = "CVE-2026-1669 / keras safe_get_h5_dataset"


@h5("h5_valid", "valid Keras-style weights", "ok", "", "valid-edge")
def _(f, d, c, h5py):
    f.create_group("model_weights")["w"] = np.arange(4, dtype="<f4")


@h5("h5_external_link", "model_weights is an ExternalLink to ../../canary/secret.h5", "error", "external link refused", "escape", [KERAS, "keras PR 22900"])
def _(f, d, c, h5py):
    f["model_weights"] = h5py.ExternalLink("../../canary/secret.h5", "/")




@h5("h5_external_link_fifo", "ExternalLink to a named pipe in the folder (open blocks)", "error", "external link refused", "io", posix=True)
def _(f, d, c, h5py):
    os.mkfifo(d / "pipe.h5")
    f["model_weights"] = h5py.ExternalLink("pipe.h5", "/")


@h5("h5_external_storage", "dataset whose raw bytes live in ../../canary/secret.bin", "error", "external storage refused", "escape", [KERAS])
def _(f, d, c, h5py):
    f.create_dataset("w", shape=(50,), dtype="u1", external=[(str(c.canary / "secret.bin"), 0, 50)])


@h5("h5_vds", "virtual dataset mapping ../../canary/secret.h5", "error", "virtual dataset refused", "escape", [KERAS, "keras #22976"])
def _(f, d, c, h5py):
    lay = h5py.VirtualLayout(shape=(4,), dtype="<f4")
    lay[:] = h5py.VirtualSource(str(c.canary / "secret.h5"), "secret", shape=(4,))
    f.create_virtual_dataset("w", lay)


@h5("h5_soft_link_loop", "soft links a->b->a", ["error", "warn"], "link loop", "malformed")
def _(f, d, c, h5py):
    f["a"] = h5py.SoftLink("/b")
    f["b"] = h5py.SoftLink("/a")
    f["w"] = np.arange(4, dtype="<f4")


@h5("h5_soft_link_dangling", "soft link to nothing", ["error", "warn"], "dangling link", "malformed")
def _(f, d, c, h5py):
    f["a"] = h5py.SoftLink("/nowhere")
    f["w"] = np.arange(4, dtype="<f4")


@h5("h5_hardlink_cycle", "group that contains itself (endless walk)", ["error", "warn"], "group contains itself", "bomb")
def _(f, d, c, h5py):
    g = f.create_group("g")
    g["self"] = g
    g["w"] = np.arange(4, dtype="<f4")


@h5("h5_hardlink_dag", "30 groups, each linking twice to the next (2^30 paths)", ["error", "warn"], "too many paths", "bomb")
def _(f, d, c, h5py):
    gs = [f.create_group(f"g{i}") for i in range(31)]
    for a, b in zip(gs, gs[1:]):
        a["x"] = b
        a["y"] = b
    gs[-1]["w"] = np.arange(4, dtype="<f4")


@h5("h5_shape_bomb", "dataset of 2^40 floats with no stored chunk (4 TiB on read)", "error", "declares 4 TiB, stores 0 bytes", "bomb", ["CVE-2026-0897", "keras #22975"])
def _(f, d, c, h5py):
    f.create_dataset("w", shape=(1 << 40,), dtype="<f4", chunks=(1 << 20,), fillvalue=1.0)


@h5("h5_gzip_bomb", "1.5 GiB of zeros gzip'd to 1.5 MB", ["error", "warn", "ok"], "expands 1000x; streamed or refused", "bomb", ["CWE-409"])
def _(f, d, c, h5py):
    ds = f.create_dataset("w", shape=(3 << 27,), dtype="<f4", chunks=(1 << 22,), compression="gzip", compression_opts=9)
    z = np.zeros(1 << 22, "<f4")
    raw = zlib.compress(z.tobytes(), 9)
    for i in range(0, 3 << 27, 1 << 22):
        ds.id.write_direct_chunk((i,), raw)


@h5("h5_one_huge_chunk", "one 1 GiB chunk: reading a single element inflates all of it", ["error", "warn"], "chunk larger than the budget", "bomb")
def _(f, d, c, h5py):
    n = 1 << 28
    ds = f.create_dataset("w", shape=(n,), dtype="<f4", chunks=(n,), compression="gzip")
    co = zlib.compressobj(9)
    z = bytes(1 << 24)
    ds.id.write_direct_chunk((0,), b"".join([co.compress(z) for _ in range(n * 4 >> 24)]) + co.flush())




@h5("h5_chunk_garbage", "gzip chunk of random bytes", "error", "corrupt chunk", "malformed")
def _(f, d, c, h5py):
    ds = f.create_dataset("w", shape=(1024,), dtype="<f4", chunks=(1024,), compression="gzip")
    ds.id.write_direct_chunk((0,), b"\x13\x37" * 50)


@h5("h5_fletcher_bad", "fletcher32 checksum does not match", "error", "checksum mismatch", "verdict")
def _(f, d, c, h5py):
    ds = f.create_dataset("w", shape=(4,), dtype="<f4", chunks=(4,), fletcher32=True)
    ds.id.write_direct_chunk((0,), f32(1, 2, 3, 4) + b"\0\0\0\0")


@h5("h5_missing_chunks", "chunked dataset with half its chunks never written (read as fill value 0)", ["warn", "error"], "chunks missing", "verdict",
    verdict="missing chunks read as zeros: say so")
def _(f, d, c, h5py):
    ds = f.create_dataset("w", shape=(2048,), dtype="<f4", chunks=(1024,))
    ds[:1024] = 1


@h5("h5_fill_only", "contiguous dataset never written: every value is the fill value", ["warn", "error"], "no data stored", "verdict")
def _(f, d, c, h5py):
    f.create_dataset("w", shape=(1024,), dtype="<f4", fillvalue=0.5)






@h5("h5_null_and_scalar", "null dataspace (Empty) and scalar datasets", ["ok", "warn"], "dataset without values", "valid-edge")
def _(f, d, c, h5py):
    f["e"] = h5py.Empty("f4")
    f["s"] = np.float32(3)
    f["w"] = np.arange(4, dtype="<f4")


@h5("h5_odd_dtypes", "compound, enum, opaque, vlen, string, reference, bool and time datasets", ["ok", "warn"], "dataset kind not comparable", "valid-edge")
def _(f, d, c, h5py):
    f["compound"] = np.zeros(2, [("a", "f4"), ("b", "i4")])
    f["vlen"] = np.array([np.arange(3), np.arange(5)], dtype=h5py.vlen_dtype("i4"))
    f["str"] = ["a", "b"]
    f["opaque"] = np.zeros(2, "V8")
    f["ref"] = np.array([f.ref], dtype=h5py.ref_dtype)
    f["bool"] = np.array([True, False])
    f["cplx"] = np.zeros(2, "c8")
    f["w"] = np.arange(4, dtype="<f4")










@h5("h5_many_groups", "20,000 groups in the root", ["ok", "warn"], "many objects", "bomb")
def _(f, d, c, h5py):
    for i in range(20000):
        f.create_group(f"g{i:05d}")
    f["w"] = np.arange(4, dtype="<f4")


@h5("h5_names", "dataset names with HTML, RTL override, newline, '.'-like and invalid UTF-8", "warn", "unusual name", "ui")
def _(f, d, c, h5py):
    for n in ("<b>w</b>", "a\u202eb", "c\nPASS", "...", " "):
        f[n] = np.arange(4, dtype="<f4")
    h5py.h5d.create(f.id, b"bad\xff\xfeutf8", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((1,)), _notimes(h5py))


@h5("h5_keras_lambda", "Keras model_config with a Lambda layer carrying marshalled bytecode", ["ok", "warn"], "config holds code (Lambda); not run", "exec", ["CVE-2024-3660", "CVE-2025-9905"])
def _(f, d, c, h5py):
    f.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda",
        "config": {"name": "l", "function": ["4wEAAAAAAAAA\n", None, None], "function_type": "lambda"}}]}})
    f.attrs["keras_version"] = "2.15.0"
    f.attrs["backend"] = "tensorflow"
    f.create_group("model_weights")["w"] = np.arange(4, dtype="<f4")


@h5("h5_config_huge", "model_config attribute that is deeply nested JSON", ["ok", "warn"], "config not readable", "bomb")
def _(f, d, c, h5py):
    f.attrs["model_config"] = "[" * 30_000
    f["w"] = np.arange(4, dtype="<f4")


h5post("h5_truncated", "file cut to half", "error", "truncated", "malformed", lambda b: b[:len(b) // 2])
h5post("h5_superblock_version", "superblock version 200", "error", "not a valid HDF5 file", "malformed", lambda b: b[:8] + bytes([200]) + b[9:])
h5post("h5_eof_lie", "superblock says the file is 2^60 bytes long", "error", "truncated", "malformed", lambda b: b[:40] + struct.pack("<Q", 1 << 60) + b[48:])
h5post("h5_offset_size_0", "superblock 'size of offsets' = 0", "error", "not a valid HDF5 file", "malformed", lambda b: b[:13] + b"\0" + b[14:])
h5post("h5_signature_only", "only the 8-byte signature", "error", "truncated", "malformed", lambda b: b[:8])
h5post("h5_userblock_junk", "512 bytes of text in front (user block not declared)", ["error", "ok", "warn"], "data before the HDF5 signature", "verdict", lambda b: b"X" * 512 + b)


@case("h5_heap_size_lie", "hdf5", "one byte changed in a global-heap object size: reading the string dataset loops for ever inside HDF5 2.0.0",
      ["warn", "error"], "corrupt file / string data skipped", "bomb", open="model.h5", refs=["found here by mutation, h5py 3.16.0"])
def _(d, c):
    import h5py
    with h5py.File(d / "model.h5", "w") as f:
        f["s"] = ["x", "yy"]
        f["w"] = np.arange(4, dtype="<f4")
    b = bytearray((d / "model.h5").read_bytes())
    b[b.index(b"GCOL") + 24] = 0xFF
    (d / "model.h5").write_bytes(bytes(b))


def fuzz(seed, n):
    def p(b):
        r = np.random.default_rng(seed)
        for i in r.integers(8, len(b), n):
            b[int(i)] = int(r.integers(0, 256))
        return b
    return p


for _s, _n in ((1, 3), (2, 10), (3, 30), (4, 100), (5, 300), (6, 3), (7, 10), (8, 30)):
    h5post(f"h5_fuzz_{_s}", f"{_n} random bytes changed (seed {_s})", ["error", "warn", "ok"], "corrupt file", "malformed", fuzz(_s, _n), ["HDF5 fuzz CVEs 2018-2025"])


@case("h5_swmr_flag", "hdf5", "file left 'open for writing' by a killed writer (consistency flag set)", ["error", "warn"],
      "file was not closed properly", "io", open="model.h5")
def _(d, c):
    import h5py
    with h5py.File(d / "model.h5", "w", libver="latest") as f:
        f["w"] = np.arange(4, dtype="<f4")
    b = bytearray((d / "model.h5").read_bytes())
    b[11] |= 0x05                       # superblock v3 file consistency flags: write access + SWMR
    # v2/v3 superblock checksum (lookup3) must be right for HDF5 to look at the flags
    b[44:48] = struct.pack("<I", lookup3(bytes(b[:44])))
    (d / "model.h5").write_bytes(bytes(b))


def lookup3(k: bytes, init=0):
    """Jenkins lookup3 (hashlittle), used by HDF5 metadata checksums."""
    M = 0xFFFFFFFF
    rot = lambda x, n: ((x << n) | (x >> (32 - n))) & M  # noqa: E731
    a = b = c = (0xDEADBEEF + len(k) + init) & M
    i, n = 0, len(k)
    while n > 12:
        x, y, z = struct.unpack_from("<III", k, i)
        a, b, c = (a + x) & M, (b + y) & M, (c + z) & M
        a = ((a - c) & M) ^ rot(c, 4); c = (c + b) & M
        b = ((b - a) & M) ^ rot(a, 6); a = (a + c) & M
        c = ((c - b) & M) ^ rot(b, 8); b = (b + a) & M
        a = ((a - c) & M) ^ rot(c, 16); c = (c + b) & M
        b = ((b - a) & M) ^ rot(a, 19); a = (a + c) & M
        c = ((c - b) & M) ^ rot(b, 4); b = (b + a) & M
        i += 12
        n -= 12
    if n == 0:
        return c
    x, y, z = struct.unpack("<III", k[i:].ljust(12, b"\0"))
    a, b, c = (a + x) & M, (b + y) & M, (c + z) & M
    c = ((c ^ b) - rot(b, 14)) & M
    a = ((a ^ c) - rot(c, 11)) & M
    b = ((b ^ a) - rot(a, 25)) & M
    c = ((c ^ b) - rot(b, 16)) & M
    a = ((a ^ c) - rot(c, 4)) & M
    b = ((b ^ a) - rot(a, 14)) & M
    c = ((c ^ b) - rot(b, 24)) & M
    return c


# ----------------------------------------------------------------------------------------------
# .keras
# ----------------------------------------------------------------------------------------------
def h5_blob(h5py, fill=None):
    b = io.BytesIO()
    with h5py.File(b, "w") as f:
        (fill or (lambda f, h: f.create_group("layers/dense/vars").__setitem__("0", np.arange(4, dtype="<f4"))))(f, h5py)
    return b.getvalue()


SEQ = {"module": "keras", "class_name": "Sequential", "config": {"name": "s", "layers": []}, "registered_name": None}


def keras_case(id, what, expect, cause, cls, members, refs=(), verdict=None):
    def fn(d, c):
        import h5py
        with zipfile.ZipFile(d / "model.keras", "w") as z:
            for n, v, *rest in members(c, h5py):
                zi = zinfo(n, rest[0] if rest else zipfile.ZIP_STORED)
                if len(rest) > 1:
                    zi.external_attr = rest[1]
                z.writestr(zi, v)
    case(id, "keras", what, expect, cause, cls, open="model.keras", refs=refs, verdict=verdict)(fn)


META = ("metadata.json", json.dumps({"keras_version": "3.8.0", "date_saved": "2025-01-01@00:00:00"}))
keras_case("keras_valid", "valid archive", "ok", "", "valid-edge", lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", h5_blob(h))])
keras_case("keras_symlink_member", "assets/x is a symlink to /etc", ["error", "warn", "ok"], "link in archive", "escape",
           lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", h5_blob(h)), ("assets/x", b"/etc", zipfile.ZIP_STORED, 0o120777 << 16)])
keras_case("keras_bomb", "model.weights.h5 deflated: 1 MB -> 1 GiB of zeros", "error", "member expands 1000x", "bomb",
           lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", bytes(GiB), zipfile.ZIP_DEFLATED)], ["CWE-409", "keras #23010"])
keras_case("keras_config_bomb", "config.json deflated: 256 MiB of spaces", "error", "config too large", "bomb",
           lambda c, h: [META, ("config.json", b" " * (256 * MiB), zipfile.ZIP_DEFLATED), ("model.weights.h5", h5_blob(h))])
keras_case("keras_no_weights", "no model.weights.h5", "error", "no weights in the archive", "malformed", lambda c, h: [META, ("config.json", json.dumps(SEQ))])
keras_case("keras_npz_and_h5", "both model.weights.h5 and model.weights.npz, different values", ["error", "warn"], "two weight files", "verdict",
           lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", h5_blob(h)), ("model.weights.npz", npz_bytes({"w": np.ones(4)}))])
keras_case("keras_inner_extlink", "inner HDF5 has an ExternalLink to the canary", "error", "external link refused", "escape",
           lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", h5_blob(h, lambda f, hh: f.__setitem__("layers", hh.ExternalLink(str(c.canary / "secret.h5"), "/"))))], [KERAS])
keras_case("keras_inner_shape_bomb", "inner HDF5 shape bomb", "error", "declares 4 TiB", "bomb",
           lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", h5_blob(h, lambda f, hh: f.create_dataset("layers/d/vars/0", shape=(1 << 40,), dtype="<f4", chunks=(1 << 20,))))], ["CVE-2026-0897"])
keras_case("keras_dup_weights", "two members named model.weights.h5", "error", "duplicate zip member", "verdict",
           lambda c, h: [META, ("config.json", json.dumps(SEQ)), ("model.weights.h5", h5_blob(h)), ("model.weights.h5", h5_blob(h, lambda f, hh: f.__setitem__("w", np.ones(4, "<f4"))))])


# ----------------------------------------------------------------------------------------------
# GGUF
# ----------------------------------------------------------------------------------------------
def gs(s):
    b = s if isinstance(s, bytes) else s.encode()
    return struct.pack("<Q", len(b)) + b


def kv(k, t, raw):
    return gs(k) + struct.pack("<I", t) + raw


def ti(name, dims, typ, off):
    return gs(name) + struct.pack("<I", len(dims)) + b"".join(struct.pack("<Q", x) for x in dims) + struct.pack("<IQ", typ, off)


def gguf(kvs=(), tis=(), data=b"", magic=b"GGUF", version=3, nt=None, nk=None, align=32, pad=True):
    b = magic + struct.pack("<I", version) + struct.pack("<QQ", len(tis) if nt is None else nt, len(kvs) if nk is None else nk)
    b += b"".join(kvs) + b"".join(tis)
    if pad:
        b += b"\0" * (-len(b) % align)
    return b + data


KARCH = kv("general.architecture", 8, gs("llama"))


def gg(id, what, expect, cause, cls, blob, refs=(), verdict=None, **kw):
    def fn(d, c):
        (d / "model.gguf").write_bytes(blob() if callable(blob) else blob)
    case(id, "gguf", what, expect, cause, cls, open="model.gguf", refs=refs, verdict=verdict, **kw)(fn)


D32 = f32(*range(8))
TG = "llama.cpp tests/test-gguf.cpp"
gg("gguf_empty", "0 bytes", "error", "file is empty", "malformed", b"")
gg("gguf_bad_magic", "magic 'FUGG'", "error", "not a GGUF file", "malformed", gguf(magic=b"FUGG"), [TG])
gg("gguf_version_1", "version 1 (pre-release layout)", "error", "unsupported version 1", "malformed", gguf(version=1), [TG])
gg("gguf_big_endian_valid", "big-endian file (version byte-swapped)", ["ok", "warn", "error"], "big-endian", "valid-edge",
   b"GGUF" + struct.pack(">IQQ", 3, 0, 0) + bytes(8))
gg("gguf_nkv_max", "n_kv = 2^64-1", "error", "key count exceeds the file", "bomb", gguf(nk=2**64 - 1), [TG, "CVE-2024-25664"])
gg("gguf_ntensors_max", "n_tensors = 2^64-1", "error", "tensor count exceeds the file", "bomb", gguf(nt=2**64 - 1), [TG, "CVE-2024-23605"])
gg("gguf_ntensors_1e9", "n_tensors = 1e9 with one present", "error", "tensor count exceeds the file", "bomb", gguf([KARCH], [ti("w", [8], 0, 0)], D32, nt=10**9))
gg("gguf_key_len_max", "key length 2^64-1", "error", "string runs past end of file", "bomb", gguf([struct.pack("<Q", 2**64 - 1) + b"abc" + struct.pack("<I", 8)]), [TG, "CVE-2024-25665 / CVE-2024-21802"])
gg("gguf_array_str_huge", "array of strings with 2^40 elements", "error", "array runs past end of file", "bomb", gguf([gs("k") + struct.pack("<IIQ", 9, 8, 2**40)], pad=False))
gg("gguf_array_1e6_valid", "valid array of 1,000,000 uint8 (slow in Python readers)", ["ok", "warn"], "", "bomb", lambda: gguf([gs("k") + struct.pack("<IIQ", 9, 0, 10**6) + bytes(10**6)], [ti("w", [8], 0, 0)], D32))
gg("gguf_array_nested", "3,000 nested arrays (RecursionError)", "error", "nests too deeply", "bomb", gguf([gs("k") + struct.pack("<I", 9) + struct.pack("<IQ", 9, 1) * 3000 + struct.pack("<IQ", 0, 1) + b"\1"]), ["llama.cpp PR 28880"])
gg("gguf_kv_empty_key", "empty key", ["error", "warn"], "empty key", "malformed", gguf([kv("", 4, struct.pack("<I", 1))], [ti("w", [8], 0, 0)], D32), [TG])
gg("gguf_bool_7", "bool value 7", ["warn", "error", "ok"], "non-canonical bool", "malformed", gguf([kv("b", 7, b"\x07")], [ti("w", [8], 0, 0)], D32))
gg("gguf_dup_key", "key 'a' twice", ["error", "warn"], "duplicate key 'a'", "verdict", gguf([kv("a", 4, struct.pack("<I", 1)), kv("a", 4, struct.pack("<I", 2))], [ti("w", [8], 0, 0)], D32), [TG])
gg("gguf_dup_tensor", "tensor 'w' twice with different data", "error", "duplicate tensor 'w'", "verdict", gguf([], [ti("w", [8], 0, 0), ti("w", [8], 0, 32)], D32 + f32(*[9] * 8)), [TG])
gg("gguf_ndims_huge", "n_dims = 4e9", "error", "too many dimensions", "bomb", gguf([], [gs("w") + struct.pack("<I", 4 * 10**9) + bytes(64)]), [TG, "CVE-2024-21836 / llama.cpp #25378"])
gg("gguf_ndims_5", "n_dims = 5 (max 4)", ["error", "warn", "ok"], "too many dimensions", "malformed", gguf([], [ti("w", [2, 2, 2, 1, 1], 0, 0)], D32), [TG])
gg("gguf_ndims_0", "n_dims = 0 (scalar)", ["ok", "warn", "error"], "scalar", "valid-edge", gguf([], [ti("w", [], 0, 0)], D32))
gg("gguf_dims_wrap_zero", "dims 2^32 x 2^32 (product wraps to 0)", "error", "shape overflows", "verdict", gguf([], [ti("w", [2**32, 2**32], 0, 0)], D32), [TG + " NE_TOO_BIG"])
gg("gguf_type_999", "tensor type 999", "error", "unknown tensor type 999", "malformed", gguf([], [ti("w", [8], 999, 0)], D32), [TG])
gg("gguf_block_misfit", "Q4_0 with 33 elements (block is 32)", "error", "row is not a whole number of blocks", "malformed", gguf([], [ti("w", [33], 2, 0)], bytes(64)))
gg("gguf_offset_past_eof", "tensor offset 2^40", "error", "tensor runs past end of file", "malformed", gguf([], [ti("w", [8], 0, 2**40)], D32), [TG])
gg("gguf_offset_u64max", "tensor offset 2^64-32", "error", "tensor runs past end of file", "malformed", gguf([], [ti("w", [8], 0, 2**64 - 32)], D32))
gg("gguf_offset_into_header", "offset arithmetic wraps back into the header", "error", "tensor runs past end of file", "verdict", gguf([KARCH], [ti("w", [8], 0, 2**64 - 64)], D32))
gg("gguf_offset_overlap", "two tensors share bytes", ["error", "warn"], "tensors overlap", "verdict", gguf([], [ti("a", [8], 0, 0), ti("b", [8], 0, 0)], D32), [TG + " BAD_OFFSET"])
gg("gguf_align_zero", "general.alignment = 0", "error", "invalid alignment", "malformed", gguf([kv("general.alignment", 4, struct.pack("<I", 0))], [ti("w", [8], 0, 0)], D32), [TG])
gg("gguf_align_2e31", "general.alignment = 2^31", "error", "tensor runs past end of file", "malformed", gguf([kv("general.alignment", 4, struct.pack("<I", 1 << 31))], [ti("w", [8], 0, 0)], D32))
gg("gguf_align_type", "general.alignment as int64", "error", "invalid alignment", "malformed", gguf([kv("general.alignment", 11, struct.pack("<q", 32))], [ti("w", [8], 0, 0)], D32), [TG])
gg("gguf_truncated_data", "data cut short", "error", "file is truncated", "malformed", gguf([], [ti("w", [8], 0, 0)], D32[:-5]), [TG])
gg("gguf_trailing", "1 KB after the last tensor", ["warn", "ok", "error"], "trailing bytes", "verdict", gguf([], [ti("w", [8], 0, 0)], D32 + b"X" * 1024))
gg("gguf_name_non_utf8", "tensor name not UTF-8", ["error", "warn"], "name is not UTF-8", "ui", gguf([], [ti(b"\xff\xfew", [8], 0, 0)], D32))
gg("gguf_name_long", "tensor name of 100,000 characters (limit 64)", ["error", "warn"], "name too long", "ui", gguf([], [ti("n" * 100_000, [8], 0, 0)], D32), [TG])
gg("gguf_name_html", "tensor name and general.name with HTML / RTL / newline", "warn", "unusual name", "ui", gguf([kv("general.name", 8, gs("<img src=x>\u202e\nPASS"))], [ti("<b>w</b>\n", [8], 0, 0)], D32))
gg("gguf_chat_template", "chat template with a Jinja sandbox escape (must never be rendered)", ["ok", "warn"], "", "exec",
   gguf([kv("tokenizer.chat_template", 8, gs("{{ ''.__class__.__mro__[1].__subclasses__() }}"))], [ti("w", [8], 0, 0)], D32), ["CVE-2024-34359"])
gg("gguf_split_missing", "first of 3 split files, the others absent", ["error", "warn"], "2 of 3 parts missing", "verdict",
   gguf([kv("split.no", 2, struct.pack("<H", 0)), kv("split.count", 2, struct.pack("<H", 3)), kv("split.tensors.count", 5, struct.pack("<i", 3))], [ti("w", [8], 0, 0)], D32),
   verdict="a third of a model must not be judged as the model")
gg("gguf_q4k_valid", "valid Q4_K super-block (256 values)", "ok", "", "valid-edge", gguf([], [ti("w", [256], 12, 0)], np.array([0.1, 0.05], "<f2").tobytes() + bytes(range(140))))


# ----------------------------------------------------------------------------------------------
# ONNX (hand-written protobuf)
# ----------------------------------------------------------------------------------------------
def vi(n):
    n &= (1 << 64) - 1
    o = b""
    while True:
        b, n = n & 127, n >> 7
        o += bytes([b | (128 if n else 0)])
        if not n:
            return o


def pv(f, n): return vi(f << 3) + vi(n)
def pb(f, b): b = b.encode() if isinstance(b, str) else b; return vi(f << 3 | 2) + vi(len(b)) + b


def tensor(name, dims, dt=1, raw=None, ext=None, extra=b""):
    o = b"".join(pv(1, x) for x in dims) + pv(2, dt) + pb(8, name)
    if raw is not None:
        o += pb(9, raw)
    if ext is not None:
        for k, v in ext:
            o += pb(13, pb(1, k) + pb(2, v))
        o += pv(14, 1)
    return o + extra


def model(inits=(), graph_extra=b"", extra=b"", nodes=()):
    g = b"".join(pb(1, n) for n in nodes) + pb(2, "g") + b"".join(pb(5, t) for t in inits) + graph_extra
    return pv(1, 8) + pb(7, g) + pb(8, pb(1, "") + pv(2, 17)) + extra


def ox(id, what, expect, cause, cls, blob, refs=(), verdict=None, files=None, **kw):
    def fn(d, c):
        (d / "model.onnx").write_bytes(blob(d, c) if callable(blob) else blob)
        if files:
            files(d, c)
    case(id, "onnx", what, expect, cause, cls, open="model.onnx", refs=refs, verdict=verdict, **kw)(fn)


def wbin(d, c, b=f32(1, 2, 3, 4)): (d / "w.bin").write_bytes(b)


EXT = lambda *kvs: model([tensor("w", [4], ext=kvs)])  # noqa: E731
ox("onnx_valid", "valid initialiser", "ok", "", "valid-edge", model([tensor("w", [4], raw=f32(1, 2, 3, 4))]))
ox("onnx_ext_traversal", "location ../../canary/secret.bin", "error", "external data leaves the folder", "escape", EXT(("location", "../../canary/secret.bin"), ("length", "16")), ["CVE-2022-25882", "CVE-2024-27318"])
ox("onnx_ext_dotdot_inside", "location sub/../../../canary/secret.bin", "error", "external data leaves the folder", "escape", EXT(("location", "sub/../../../canary/secret.bin"), ("length", "16")), ["CVE-2024-27318"], files=lambda d, c: (d / "sub").mkdir())
ox("onnx_ext_symlink", "w.bin is a symlink out of the folder", "error", "link leaves the folder", "escape", EXT(("location", "w.bin"), ("length", "16")), ["CVE-2026-27489", "onnx docs/security.md"],
   files=lambda d, c: (d / "w.bin").symlink_to(os.path.relpath(c.canary / "secret.bin", d)), posix=True)
ox("onnx_ext_symlink_dir", "location sub/secret.bin below a symlinked folder", "error", "link leaves the folder", "escape", EXT(("location", "sub/secret.bin"), ("length", "16")), ["onnx docs/security.md layer 1"],
   files=lambda d, c: (d / "sub").symlink_to(os.path.relpath(c.canary, d)), posix=True)
ox("onnx_ext_hardlink", "w.bin is a hard link to a file outside", ["error", "warn"], "file has several hard links", "escape", EXT(("location", "w.bin"), ("length", "16")), ["onnx docs/security.md layer 4"],
   files=lambda d, c: os.link(c.canary / "secret.bin", d / "w.bin"), posix=True)
ox("onnx_ext_missing", "external file not there", "error", "missing external data w.bin", "malformed", EXT(("location", "w.bin"), ("length", "16")))
ox("onnx_ext_empty_location", "location ''", "error", "no location", "malformed", EXT(("location", ""), ("length", "16")))
ox("onnx_ext_dir", "location '.'", "error", "not a file", "malformed", EXT(("location", "."), ("length", "16")))
ox("onnx_ext_fifo", "w.bin is a named pipe (open blocks)", "error", "not a regular file", "io", EXT(("location", "w.bin"), ("length", "16")), files=lambda d, c: os.mkfifo(d / "w.bin"), posix=True)
ox("onnx_ext_self", "location is model.onnx itself", ["error", "warn"], "external data points at the model file", "verdict", EXT(("location", "model.onnx"), ("offset", "0"), ("length", "16")))
ox("onnx_ext_offset_past", "offset past the end", "error", "external data runs past end of file", "malformed", EXT(("location", "w.bin"), ("offset", "9999"), ("length", "16")), files=wbin)
ox("onnx_ext_length_huge", "length 2^50", "error", "external data runs past end of file", "bomb", EXT(("location", "w.bin"), ("offset", "0"), ("length", str(2**50))), ["CVE-2026-34445"], files=wbin)
ox("onnx_ext_negative", "offset -8", "error", "negative offset", "malformed", EXT(("location", "w.bin"), ("offset", "-8"), ("length", "16")), files=wbin)
ox("onnx_ext_nan_offset", "offset 'abc'", "error", "offset is not a number", "malformed", EXT(("location", "w.bin"), ("offset", "abc"), ("length", "16")), files=wbin)
ox("onnx_ext_length_short", "length 8 for a 16-byte tensor", "error", "size does not match shape", "malformed", EXT(("location", "w.bin"), ("offset", "0"), ("length", "8")), files=wbin)
ox("onnx_ext_no_length", "no length: whole file (64 B) read for a 16-byte tensor", ["warn", "error", "ok"], "size does not match shape", "verdict", EXT(("location", "w.bin")), files=lambda d, c: wbin(d, c, f32(*range(16))))
ox("onnx_ext_unknown_key", "external_data key '__class__' (attribute injection)", ["error", "warn", "ok"], "unknown external-data key", "exec", EXT(("location", "w.bin"), ("length", "16"), ("__class__", "x"), ("raw_data", "y")), ["CVE-2026-34445 / GHSA-538c-55jv-c5g9"], files=wbin)
ox("onnx_ext_checksum_wrong", "checksum (SHA1) does not match the data", ["error", "warn"], "external data checksum mismatch", "verdict", EXT(("location", "w.bin"), ("length", "16"), ("checksum", "0" * 40)), ["onnx ExternalData.md: checksum is SHA1, never checked"], files=wbin)
ox("onnx_ext_overlap", "two tensors on the same external bytes", ["warn", "ok"], "tensors share bytes", "verdict",
   model([tensor("a", [4], ext=[("location", "w.bin"), ("offset", "0"), ("length", "16")]), tensor("b", [4], ext=[("location", "w.bin"), ("offset", "0"), ("length", "16")])]), files=wbin)
ox("onnx_ext_amplify", "48 tensors each naming one whole 32 MiB sparse file (1.5 GiB in memory)", ["ok", "warn", "error"], "streams in bounded memory", "bomb",
   model([tensor(f"w{i}", [8 << 20], ext=[("location", "w.bin"), ("offset", "0"), ("length", str(32 * MiB))]) for i in range(48)]),
   files=lambda d, c: os.truncate((lambda p: (p.touch(), p)[1])(d / "w.bin"), 32 * MiB))
ox("onnx_dims_huge", "dims [2^40] with 16 bytes", "error", "size does not match shape", "bomb", model([tensor("w", [2**40], raw=f32(1, 2, 3, 4))]))
ox("onnx_dims_huge_no_data", "dims [2^40] with no data at all", "error", "tensor has no data", "bomb", model([tensor("w", [2**40])]))
ox("onnx_dtype_99", "data_type 99", "error", "unknown data type 99", "malformed", model([tensor("w", [4], dt=99, raw=f32(1, 2, 3, 4))]))
ox("onnx_dtype_0", "data_type UNDEFINED", "error", "unknown data type 0", "malformed", model([tensor("w", [4], dt=0, raw=f32(1, 2, 3, 4))]))
ox("onnx_raw_and_float", "raw_data and float_data disagree", "error", "two sets of values", "verdict", model([tensor("w", [4], raw=f32(1, 2, 3, 4), extra=pb(4, f32(9, 9, 9, 9)))]),
   verdict="readers differ in which one wins")
ox("onnx_raw_twice", "raw_data field twice (protobuf: last wins)", ["error", "warn", "ok"], "field given twice", "verdict", model([tensor("w", [4], raw=f32(1, 2, 3, 4), extra=pb(9, f32(9, 9, 9, 9)))]))
ox("onnx_dup_init", "two initialisers named w", "error", "duplicate initialiser 'w'", "verdict", model([tensor("w", [4], raw=f32(1, 2, 3, 4)), tensor("w", [4], raw=f32(9, 9, 9, 9))]))
ox("onnx_empty_names", "three initialisers with empty names", ["warn", "error"], "initialiser without a name", "verdict", model([tensor("", [1], raw=f32(x)) for x in (1, 2, 3)]))
ox("onnx_truncated", "cut in the middle of raw_data", "error", "truncated", "malformed", model([tensor("w", [4], raw=f32(1, 2, 3, 4))])[:-12])
ox("onnx_text", "random text", "error", "not an ONNX file", "malformed", b"hello world, this is not protobuf\n" * 4)
ox("onnx_len_2g", "length-delimited field claims 2 GiB", "error", "truncated", "bomb", vi(7 << 3 | 2) + vi(2**31 - 1) + b"x")
ox("onnx_len_u64", "length 2^64-1", "error", "corrupt", "bomb", vi(7 << 3 | 2) + vi(2**64 - 1) + b"x")


def nest(depth):
    b = pb(2, "leaf")
    for _ in range(depth):
        b = pb(1, pb(4, "If") + pb(5, pb(1, "then_branch") + pb(6, b) + pv(20, 5)))   # graph{node{op, attr{name, g}}}
    return pv(1, 8) + pb(7, b) + pb(8, pv(2, 17))


ox("onnx_deep_30", "30 nested subgraphs (90 message levels)", ["ok", "warn", "error"], "", "valid-edge", nest(30))
ox("onnx_1e5_nodes", "100,000 nodes and 100,000 tiny initialisers", ["ok", "warn"], "", "bomb", lambda d, c: model([tensor(f"w{i}", [1], raw=f32(i)) for i in range(100_000)], nodes=[pb(4, "Identity")] * 100_000))
ox("onnx_constant_node", "weights only in Constant nodes", ["ok", "warn"], "weights in Constant nodes", "verdict",
   model(nodes=[pb(2, "y") + pb(4, "Constant") + pb(5, pb(1, "value") + pb(5, tensor("", [4], raw=f32(1, 2, 3, 4))) + pv(20, 4))]), verdict="must not say 'no weights'")
ox("onnx_subgraph_weights", "initialisers inside an If branch", ["ok", "warn"], "weights in subgraphs", "verdict",
   model(nodes=[pb(4, "If") + pb(5, pb(1, "then_branch") + pb(6, pb(5, tensor("hidden", [4], raw=f32(1, 2, 3, 4)))) + pv(20, 5))]))
ox("onnx_sparse_init", "sparse initialiser", ["ok", "warn"], "sparse initialiser", "verdict",
   model(graph_extra=pb(15, pb(1, tensor("sp", [1], raw=f32(5))) + pb(2, tensor("", [1], dt=7, raw=np.array([3], "<i8").tobytes())) + pv(3, 10))))
ox("onnx_int4", "INT4 packed, odd count", ["ok", "warn"], "int4", "valid-edge", model([tensor("w", [3], dt=22, raw=b"\x21\x03")]))
ox("onnx_string_tensor", "string initialiser with HTML", ["ok", "warn"], "string tensor not compared", "ui", model([tensor("s", [1], dt=8, extra=pb(6, "<script>"))]))
ox("onnx_names", "initialiser names with HTML / RTL / newline", "warn", "unusual name", "ui", model([tensor("<img src=x>\u202e\nPASS", [4], raw=f32(1, 2, 3, 4))]))
ox("onnx_name_bad_utf8", "initialiser name not UTF-8", ["error", "warn"], "name is not UTF-8", "ui", model([tensor(b"\xff\xfe", [4], raw=f32(1, 2, 3, 4))]))
ox("onnx_custom_op", "node of domain 'com.evil' (must never be run)", ["ok", "warn"], "", "exec", model([tensor("w", [4], raw=f32(1, 2, 3, 4))], nodes=[pb(4, "RunMe") + pb(7, "com.evil")]))


# ----------------------------------------------------------------------------------------------
# numpy
# ----------------------------------------------------------------------------------------------
def npy(hdr: str | bytes, data=b"", ver=(1, 0), hlen=None):
    h = hdr.encode("latin1") if isinstance(hdr, str) else hdr
    pre = b"\x93NUMPY" + bytes(ver)
    w = 2 if ver[0] == 1 else 4
    h += b" " * (-(len(pre) + w + len(h) + 1) % 64) + b"\n"
    n = len(h) if hlen is None else hlen
    return pre + struct.pack("<H" if w == 2 else "<I", n) + h + data


NH = lambda d="<f4", s="(4,)", f="False": f"{{'descr': {d!r}, 'fortran_order': {f}, 'shape': {s}, }}"  # noqa: E731


def npz_bytes(members, comp=zipfile.ZIP_STORED):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        for k, v in (members.items() if isinstance(members, dict) else members):
            if isinstance(v, np.ndarray):
                bb = io.BytesIO()
                np.save(bb, v)
                v = bb.getvalue()
            z.writestr(zinfo(k if k.endswith((".npy", ".txt", "/")) else k + ".npy", comp), v)
    return b.getvalue()


def nn(id, what, expect, cause, cls, blob, refs=(), verdict=None, name="w.npy", **kw):
    def fn(d, c):
        (d / name).write_bytes(blob(c) if callable(blob) else blob)
    case(id, "numpy", what, expect, cause, cls, open=name, refs=refs, verdict=verdict, **kw)(fn)


nn("npy_valid", "valid array", "ok", "", "valid-edge", npy(NH(), f32(1, 2, 3, 4)))
nn("npy_pickle_exec", "object array whose pickle calls open()", "error", "object arrays (pickle) refused", "exec",
   lambda c: npy(NH("|O", "()"), pkl(evil_obj(c, "npy_pickle_exec"))), ["CVE-2019-6446"])
nn("npy_is_pickle", "a raw pickle named .npy (np.load falls back to pickle)", "error", "not an npy file", "exec", lambda c: evil_pickle(c, "npy_is_pickle"), ["CVE-2019-6446"])
nn("npy_shape_bomb", "shape (2^40,) with no data", "error", "file is truncated", "bomb", npy(NH(s="(1099511627776,)")))
nn("npy_shape_bomb_1g5", "shape for 1.5 GiB with no data (np.fromfile allocates first?)", "error", "file is truncated", "bomb", npy(NH(s="(402653184,)")))
nn("npy_shape_overflow", "shape (2^62, 8)", "error", "shape overflows", "bomb", npy(NH(s="(4611686018427387904, 8)"), f32(1)))
nn("npy_shape_negative", "shape (-4,)", "error", "negative dimension", "malformed", npy(NH(s="(-4,)"), f32(1, 2, 3, 4)))
nn("npy_header_code", "header is a Python call", "error", "invalid header", "exec", npy("__import__('os').getcwd()", f32(1)))
nn("npy_header_deep", "header of 9,000 '(' (literal_eval recursion)", "error", "invalid header", "bomb", npy("(" * 9000, f32(1)), ["numpy max_header_size=10000"])
nn("npy_header_dup_key", "'shape' twice: (4,) then (2,)", "error", "duplicate key 'shape'", "verdict", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), 'shape': (2,)}", f32(1, 2, 3, 4)))
nn("npy_version_9", "format version 9.0", "error", "unsupported version", "malformed", npy(NH(), f32(1), (9, 0)))
nn("npy_trailing", "16 bytes after the data (np.load ignores them)", ["warn", "error"], "trailing bytes", "verdict", npy(NH(), f32(1, 2, 3, 4, 9, 9, 9, 9)))
nn("npy_fortran", "fortran order", "ok", "", "verdict", npy(NH(s="(2, 3)", f="True"), f32(1, 2, 3, 4, 5, 6)), verdict="logical values compared")
nn("npy_structured", "structured dtype", ["warn", "error"], "structured arrays not compared", "valid-edge", npy("{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,)}", bytes(16)))
nn("npy_void", "void dtype V4 (how numpy saves bfloat16)", ["warn", "error"], "untyped bytes", "verdict", npy(NH("|V2"), bytes(8)), verdict="bfloat16 saved through ml_dtypes comes back as V2")
nn("npy_datetime_str", "datetime64 / unicode dtype", ["warn", "error"], "not numeric", "valid-edge", npy(NH("<U4"), bytes(64)))
nn("npy_itemsize_bomb", "dtype <U100000000 (400 MB per element)", "error", "not numeric / truncated", "bomb", npy(NH("<U100000000", "(4,)")))
nn("npz_bomb", "1.5 GiB of zeros deflated to 1.5 MB", ["error", "warn", "ok"], "expands 1000x; streamed or refused", "bomb",
   lambda c: npz_bytes({"w": npy(NH(s="(402653184,)"), bytes(3 << 29))}, zipfile.ZIP_DEFLATED), ["attacks/numpy_dos_create.py", "CWE-409"], name="w.npz")
nn("npz_overlap_bomb", "300 directory entries that all point at one 64 KB member of 64 MiB zeros (18.75 GiB in total)", "error",
   "zip members overlap", "bomb", lambda c: _overlap(), ["Fifield 'A better zip bomb'; CVE-2024-0450 (Python <= 3.11.7 reads it)"], name="w.npz")
nn("npz_pickle_exec", "one member is an object array that calls open()", "error", "object arrays (pickle) refused", "exec",
   lambda c: npz_bytes({"ok": np.arange(4, dtype="<f4"), "evil": npy(NH("|O", "()"), pkl(evil_obj(c, "npz_pickle_exec")))}), name="w.npz")
nn("npz_dup_member", "two members a.npy with different values", "error", "duplicate zip member", "verdict", lambda c: _quiet(lambda: npz_bytes([("a", np.arange(4)), ("a", np.arange(4) + 9)])), name="w.npz")
nn("npz_name_collision", "members 'a' and 'a.npy' (np.load maps both to 'a')", ["error", "warn"], "two members read as 'a'", "verdict",
   lambda c: (lambda b: (_zadd(b, [("a", npybytes(np.arange(4))), ("a.npy", npybytes(np.arange(4) + 9))]), b.getvalue())[1])(io.BytesIO()), name="w.npz")
nn("npz_traversal", "member ../../evil.npy", ["ok", "warn"], "unusual member name", "escape", npz_bytes({"../../evil": np.arange(4)}), name="w.npz")
nn("npz_bad_crc", "CRC mismatch", "error", "checksum mismatch", "verdict", lambda c: npz_bytes({"a": np.arange(4, dtype="<f4")}).replace(f32(0, 1, 2, 3), f32(0, 1, 2, 4)), name="w.npz")
nn("npz_encrypted_flag", "member marked encrypted", "error", "encrypted archive", "malformed", lambda c: _flag1(npz_bytes({"a": np.arange(4)})), name="w.npz")
nn("npz_non_npy", "member notes.txt beside arrays", ["ok", "warn"], "member is not an array", "valid-edge", npz_bytes([("a", np.arange(4)), ("notes.txt", b"hello")]), name="w.npz")
nn("npz_empty", "archive without members", ["warn", "error"], "file holds no tensors", "verdict", b"PK\x05\x06" + bytes(18), name="w.npz")


def npybytes(a):
    b = io.BytesIO()
    np.save(b, a)
    return b.getvalue()


def _zadd(b, ms):
    with zipfile.ZipFile(b, "w") as z:
        for n, v in ms:
            z.writestr(zinfo(n), v)


def _quiet(f):
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return f()


def _flag1(b):
    b = bytearray(b)
    b[6] |= 1
    b[b.index(b"PK\x01\x02") + 8] |= 1
    return bytes(b)


def _overlap(n=300):
    b = npz_bytes({"a": npy(NH(s="(16777216,)"), bytes(64 * MiB))}, zipfile.ZIP_DEFLATED)
    i, e = b.index(b"PK\x01\x02"), b.rindex(b"PK\x05\x06")
    cd = b[i:e] * n
    return b[:i] + cd + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, n, n, len(cd), i, 0)


def _zip64lie():
    b = bytearray(npz_bytes({"a": np.arange(4, dtype="<f4")}))
    i = b.index(b"PK\x01\x02")
    struct.pack_into("<I", b, i + 24, 0xFFFFFFFF)               # uncompressed size -> zip64 extra
    nlen = struct.unpack_from("<H", b, i + 28)[0]
    extra = struct.pack("<HHQ", 1, 8, 1 << 62)
    struct.pack_into("<H", b, i + 30, len(extra))
    b[i + 46 + nlen:i + 46 + nlen] = extra
    e = b.rindex(b"PK\x05\x06")
    struct.pack_into("<I", b, e + 12, struct.unpack_from("<I", b, e + 12)[0] + len(extra))
    return bytes(b)


# ----------------------------------------------------------------------------------------------
# things a file alone cannot show: the test does the step, the tool must behave as told
DYNAMIC = [
    ("dyn_truncate_while_open", "open a 64 MB safetensors / npy / gguf / pt / h5, then os.truncate() it to 4 KB, then compare", "error: 'file changed while being read'; the process survives (SIGBUS with mmap; h5py returns zeros)"),
    ("dyn_overwrite_in_place", "overwrite the weights in place between hashing and comparing", "error: 'file changed while being read'; no verdict"),
    ("dyn_rename_over", "rename another file over the opened one", "verdict and hash are of the same (old) content, or error; never hash of one and values of the other"),
    ("dyn_delete_while_open", "unlink the file while it is open", "finishes or error naming the file"),
    ("dyn_symlink_swap", "swap a shard for a symlink between the check and the open", "error; nothing outside read (O_NOFOLLOW / openat2 RESOLVE_BENEATH, fstat after open)"),
    ("dyn_disk_full_report", "write the report to a full 1 MB file system", "error 'disk full' naming the path; the old report is intact; no half report under the final name"),
    ("dyn_disk_full_cache", "cache folder on a full disk", "comparison still finishes without the cache, with a warning; mmap'd cache writing gives SIGBUS"),
    ("dyn_cache_readonly", "cache folder not writable / missing HOME", "works without a cache, one warning"),
    ("dyn_kill9_cache", "kill -9 at 50 random moments while the cache is written", "next start: same results as with an empty cache"),
    ("dyn_kill9_report", "kill -9 while the report is written", "either the old or the new report, never a mix"),
    ("dyn_cache_bitflip", "flip one byte anywhere in the cache (every byte, sampled)", "entry dropped and recomputed; result identical to a run without a cache"),
    ("dyn_cache_foreign", "cache written by another version / another machine / by an attacker", "ignored; keyed by content hash + code version; never unpickled"),
    ("dyn_two_instances", "two instances open the same folder with the same cache at once", "both finish with the same result"),
    ("dyn_worker_killed", "kill -9 / SIGSEGV / hang / memory limit in the parser subprocess", "error naming the file and 'the parser stopped (signal / time / memory)'; the window stays usable"),
    ("dyn_no_network", "run the whole suite with socket() denied (seccomp or unshare -n) and with a sys.addaudithook that fails on socket.*", "identical results, no attempt"),
    ("dyn_hostile_env", "HDF5_PLUGIN_PATH, PYTHONPATH, TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD=1, LD_PRELOAD, HDF5_USE_FILE_LOCKING set", "no effect on parsing (scrubbed for the worker)"),
    ("dyn_cwd", "a hostile numpy.py / sitecustomize.py / h5py.so lying in the dropped folder, tool started from there", "not imported (python -I / frozen app; cwd not on sys.path)"),
    ("dyn_threads", "same comparison with 1, 2, 8 threads and chunk sizes 1 MB / 64 MB", "bit-identical numbers"),
    ("dyn_locale_tz", "LANG=tr_TR / de_DE, TZ changed, other user name and path", "bit-identical report apart from the declared fields"),
    ("dyn_report_tamper", "change one digit of the signed report, or swap two rows, or drop a file from the manifest", "verification fails and names the field"),
]


# ----------------------------------------------------------------------------------------------
def build(out: Path, only=None, fmts=None, big=False):
    out.mkdir(parents=True, exist_ok=True)
    c = Ctx(out.resolve())
    for p in ("cases", "canary", "markers"):
        shutil.rmtree(out / p, ignore_errors=True)
        (out / p).mkdir()
    (c.canary / "secret.bin").write_bytes(CANARY_TEXT)
    (c.canary / "secret.safetensors").write_bytes(st_ok({"secret": ("F32", [4], f32(*[CANARY_FLOAT] * 4))}))
    try:
        import h5py
        with h5py.File(c.canary / "secret.h5", "w") as f:
            f["secret"] = np.full(4, CANARY_FLOAT, "<f4")
    except ImportError:
        h5py = None
    rows, skipped = [], []
    for k in CASES:
        if (only and k["id"] not in only) or (fmts and k["format"] not in fmts) or (k["big"] and not big):
            continue
        if k["posix"] and os.name != "posix" or (h5py is None and k["format"] in ("hdf5", "keras")):
            skipped.append(k["id"])
            continue
        d = out.resolve() / "cases" / k["id"]
        d.mkdir()
        try:
            _quiet(lambda: k["fn"](d, c))
            if k["id"] == "st_is_really_pickle":
                (d / "model.safetensors").write_bytes(evil_pickle(c, k["id"]))
        except OSError as e:                      # e.g. FIFOs or odd names on this file system
            skipped.append(f"{k['id']} ({e})")
            shutil.rmtree(d, ignore_errors=True)
            continue
        r = {x: k[x] for x in ("id", "format", "what", "expect", "cause", "cls", "refs", "verdict", "ui")}
        r["open"] = f"cases/{k['id']}/{k['open']}"
        r["expect"] = r["expect"] if isinstance(r["expect"], list) else [r["expect"]]
        r["must_not"] = ALWAYS
        r["must_name_file"] = "error" in r["expect"]
        rows.append({a: b for a, b in r.items() if b not in (None, [], "")})
    (out / "expected.json").write_text(json.dumps({"schema": 1, "canary_float": CANARY_FLOAT, "canary_text": CANARY_TEXT.decode(),
                                                   "cases": rows,
                                                   "dynamic": [dict(zip(("id", "step", "expect"), x)) for x in DYNAMIC]}, indent=1, ensure_ascii=True))
    return rows, skipped


def main():
    ap = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    ap.add_argument("out", nargs="?")
    ap.add_argument("--only")
    ap.add_argument("--format")
    ap.add_argument("--list", action="store_true")
    ap.add_argument("--big", action="store_true")
    a = ap.parse_args()
    if a.list or not a.out:
        for k in CASES:
            print(f"{k['id']:28} {k['format']:12} {'/'.join(k['expect']) if isinstance(k['expect'], list) else k['expect']:14} {k['what']}")
        print(len(CASES), "cases")
        return
    rows, skipped = build(Path(a.out), set(a.only.split(",")) if a.only else None, set(a.format.split(",")) if a.format else None, a.big)
    print(f"{len(rows)} cases written to {a.out}" + (f"; skipped: {', '.join(skipped)}" if skipped else ""))


if __name__ == "__main__":
    sys.exit(main())
