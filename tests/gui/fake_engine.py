"""An engine with canned results and bad manners: `fake_engine.py ROOT MODE`.

Modes: good; slow (progress until cancelled); hang (never answers again, deaf to cancel and to the end of its input);
die (exits while at work); garbage (frames outside the protocol); stillborn (exits before it is ready).
A path that ends in "die" or "hang" makes that request behave so whatever the mode; "halfway" is slow after a first
finding. "tensors_MODE" does so for
tensors only; their modes are slow, unreadable and odd (arrays whose lengths do not fit). Tensors that are wanted
undone are equal row by row. A library's name ends in the number of its references (none without one); what was added
and removed is kept beside the process's id, not in files. A pack called "unsigned" has no signature. Reviews are real.
"""

from __future__ import annotations

import dataclasses
import os
import re
import sys
import threading
import time

root, mode = sys.argv[1:3]
sys.path[:0] = [root, f"{root}/tests/gui"]

import canned  # noqa: E402
import canned_screening  # noqa: E402
import numpy as np  # noqa: E402

from inspector import protocol, results  # noqa: E402
from inspector.errors import AssayerError, Note  # noqa: E402
from inspector.job import QUIET  # noqa: E402
from inspector.protocol import Event, Request  # noqa: E402
from inspector.sandbox import Isolation  # noqa: E402
from inspector.service_reviews import REVIEW_HANDLERS  # noqa: E402
from inspector.shelf_results import Shelf, ShelfEntry  # noqa: E402
from tests.data.lineages import two_families  # noqa: E402

_shelves: dict[str, list[ShelfEntry]] = {}
_gone: dict[str, list[ShelfEntry]] = {}  # what was removed from each
_cancelled: set[int] = set()
_lock = threading.Lock()


def send(event: Event) -> None:
    with _lock:
        sys.stdout.buffer.write(protocol.encode(event))
        sys.stdout.buffer.flush()


def serve(request: Request) -> None:
    job = request.id
    candidates = request.params.get("candidates") or ("",)
    path = str(request.params.get("candidate") or request.params.get("path") or candidates[0])
    if request.kind in ("tensor", "region"):
        tensor(job, request, path.rpartition("tensors_")[2])
        return
    if "tensors_" in path:
        path = "candidate"
    manners = ("die", "hang", "slow", "halfway", "garbage", "unreadable", "isolated_twice")
    behaviour = next((name for name in manners if path.endswith(name)), mode)
    if behaviour == "die":
        send(Event(job, "message", note=Note("review.opening", {"name": "model.safetensors"})))
        sys.stderr.write("out of luck\n")
        sys.stderr.flush()
        os.kill(os.getpid(), 9)
    if behaviour == "hang":
        time.sleep(60)
    if behaviour == "garbage":
        sys.stdout.buffer.write(b"\xff" * 64)
        sys.stdout.buffer.flush()
        time.sleep(60)
    if behaviour == "isolated_twice":
        for isolation in (Isolation("sandbox", 7, True), Isolation("none")):
            send(Event(job, "isolation", payload=isolation))
        return
    if behaviour == "unreadable":
        send(Event(job, "failure", note=Note("engine.memory"), details="line one\nline two"))
        return
    if request.kind in ("lineage", "lineage_file"):
        lineage(job, request, path.rpartition("lineage_")[2])
        return
    if request.kind in REVIEW_HANDLERS:
        try:
            send(Event(job, "result", payload=REVIEW_HANDLERS[request.kind](request.params, QUIET)))
        except AssayerError as error:
            send(Event(job, "failure", note=error.note))
        return
    if request.kind == "csv":
        matrix = request.params["matrix"]
        send(Event(job, "result", payload=f"{matrix.role},{matrix.measure}\n".encode()))
        return
    if request.kind == "screen":
        compare(job, canned_screening.comparison(path, shelf_size(request)), slow=behaviour == "slow")
        return
    if request.library is not None:
        library(job, request)
        return
    if request.kind == "inspect":
        send(Event(job, "result", payload=canned.inspection(path)))
        return
    whole = canned.comparison(request.params["candidate"], tuple(request.params["references"]))
    compare(job, whole, slow=behaviour in ("slow", "halfway"), first=behaviour == "halfway")


def shelf_size(request: Request) -> int:
    return int(re.search(r"\d*$", request.library or "").group() or 0)  # type: ignore[union-attr]


def library(job: int, request: Request) -> None:
    whole = _shelves.setdefault(request.library or "", list(canned_screening.shelf(shelf_size(request)).entries))
    params = request.params
    notes: tuple[Note, ...] = ()
    if request.kind == "library_add":
        for done, path in enumerate(params["references"], 1):
            send(Event(job, "message", note=Note("review.opening", {"name": path.rpartition("/")[2]})))
            send(Event(job, "progress", done=done * 1000, seconds_left=9.0))
            while path.endswith("slow"):
                time.sleep(0.02)
                if job in _cancelled:
                    send(Event(job, "cancelled"))
                    return
            whole.append(dataclasses.replace(canned_screening.entry(0), name=path.rpartition("/")[2]))
    elif request.kind == "library_remove":
        gone = _gone.setdefault(request.library or "", [])
        gone[:0] = [entry for entry in whole if entry.name in params["names"]]
        whole[:] = [entry for entry in whole if entry.name not in params["names"]]
    elif request.kind == "library_restore":
        gone = _gone[request.library or ""]
        whole += [entry for entry in gone if entry.name in params["names"]]
        gone[:] = [entry for entry in gone if entry.name not in params["names"]]
    elif request.kind == "library_import":
        if params["path"].endswith("unsigned.assaypack") and not params["unsigned"]:
            send(Event(job, "failure", note=Note("references.pack_unsigned", file="unsigned.assaypack")))
            return
        signature = "unsigned" if params["unsigned"] else "signed"
        whole.append(dataclasses.replace(canned_screening.entry(1), name="from a pack", signature=signature))
    elif request.kind == "library_export":
        notes = (Note("gui.saved", {"path": params["output"]}),)
    kept = tuple(entry.name for entry in _gone.get(request.library or "", ()))
    send(Event(job, "result", payload=Shelf(request.library or "", tuple(whole), notes, kept)))


def tensor(job: int, request: Request, behaviour: str) -> None:
    names, role = request.params["tensors"], request.params["role"]
    while behaviour == "slow":
        time.sleep(0.02)
        if job in _cancelled:
            send(Event(job, "cancelled"))
            return
    if behaviour == "unreadable":
        send(Event(job, "failure", note=Note("review.no_tensor", tensor=names[0])))
    elif request.kind == "region":
        send(Event(job, "result", payload=canned.tensor_region(request.params["rows"], request.params["columns"])))
    else:
        view = canned.tensor_view(names, role)
        if request.params.get("undone") is not None:
            view = dataclasses.replace(view, row_similarity=np.ones_like(view.row_similarity))
        odd = dataclasses.replace(view, row_similarity=view.row_similarity[1:])
        send(Event(job, "result", payload=odd if behaviour == "odd" else view))


def lineage(job: int, request: Request, behaviour: str) -> None:
    if request.kind == "lineage_file":
        asked = request.params
        told = f"{asked['format']} {len(asked['lineage'].nodes)} {asked['language']} {asked['dark']}"
        send(Event(job, "result", payload=told.encode()))
        return
    for done in range(1, 10_000 if behaviour == "slow" else 4):
        send(Event(job, "progress", done=min(done * 111, 9900), seconds_left=1.0))
        if job in _cancelled:
            send(Event(job, "cancelled"))
            return
        time.sleep(0.02 if behaviour == "slow" else 0)
    found = two_families()
    odd = dataclasses.replace(found, edges=(*found.edges, found.edges[0]))
    send(Event(job, "result", payload=odd if behaviour == "unsound" else found))


def compare(job: int, whole: results.Comparison, *, slow: bool, first: bool = False) -> None:
    send(Event(job, "partial", payload=whole.candidate))
    if first:
        send(Event(job, "partial", payload=whole.components[0]))
    for fact in whole.references:
        send(Event(job, "partial", payload=results.ReferenceFact(fact.name, fact.inspection)))
    for done in range(1, 10_000 if slow else 4):
        send(Event(job, "progress", done=min(done * 100, 9900), seconds_left=12.0))
        if job in _cancelled:
            send(Event(job, "cancelled"))
            return
        time.sleep(0.02 if slow else 0)
    for finding in whole.components:
        send(Event(job, "partial", payload=finding))
    send(Event(job, "result", payload=whole))


def listen() -> None:
    stream = sys.stdin.buffer
    while prefix := stream.read(protocol.PREFIX.size):
        request = protocol.decode(prefix + stream.read(protocol.frame_size(prefix) - len(prefix)))
        if not isinstance(request, Request):
            raise TypeError(request)
        if request.kind == "cancel":
            _cancelled.add(request.id)
        else:
            threading.Thread(target=serve, args=(request,), daemon=True).start()
    if mode == "hang":
        time.sleep(60)


if mode == "stillborn":
    sys.exit("no such library")
send(Event(0, "ready"))
listen()
