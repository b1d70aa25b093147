"""A confined process tries what a hostile file would make it try, on its main thread and on another one."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import resources
from inspector.sandbox import landlock, of_inputs, of_output, seccomp, within
from tests.data.arrays import save, vision_tower

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or landlock.version() == 0 or platform.machine() not in ("x86_64", "aarch64"),
    reason="this kernel has no Landlock, or no filter is written for this machine",
)

ATTEMPTS = """
import ctypes, json, os, platform, resource, socket, sys, threading
mine, canary, outside, parent = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
libc = ctypes.CDLL(None, use_errno=True)
tgkill = 234 if platform.machine() == "x86_64" else 131

def call(function, *arguments):
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "refused")

def attempts():
    return {
        "passwd": lambda: open("/etc/passwd"),
        "canary": lambda: open(canary),
        "through a link": lambda: open(os.path.join(mine, "link")),
        "another process": lambda: open(f"/proc/{parent}/environ"),
        "its own memory": lambda: open("/proc/self/mem", "r+b"),
        "list": lambda: os.listdir(outside),
        "write outside": lambda: open(os.path.join(outside, "new"), "w"),
        "write inside": lambda: open(os.path.join(mine, "new"), "w"),
        "overwrite": lambda: open(os.path.join(mine, "file"), "r+"),
        "truncate": lambda: os.truncate(os.path.join(mine, "file"), 0),
        "remove": lambda: os.remove(os.path.join(mine, "file")),
        "rename": lambda: os.rename(os.path.join(mine, "file"), os.path.join(mine, "other")),
        "link": lambda: os.link(os.path.join(mine, "file"), os.path.join(mine, "hard")),
        "folder": lambda: os.mkdir(os.path.join(mine, "sub")),
        "mode": lambda: os.chmod(os.path.join(mine, "file"), 0o777),
        "times": lambda: os.utime(os.path.join(mine, "file")),
        "internet": lambda: libc_socket(socket.AF_INET),
        "unix": lambda: socket.socket(socket.AF_UNIX),
        "pair": lambda: socket.socketpair(),
        "fork": lambda: os._exit(0) if os.fork() == 0 else None,
        "vfork and exec": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
        "ptrace": lambda: call(libc.ptrace, 16, parent, None, None),
        "read memory": lambda: call(libc.process_vm_readv, parent, None, 0, None, 0, 0),
        "signal": lambda: os.kill(parent, 0),
        "signal a thread": lambda: call(libc.syscall, tgkill, parent, parent, 0),
        "limits of another": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
        "priority of another": lambda: os.setpriority(os.PRIO_PROCESS, parent, 5),
        "shared memory": lambda: call(libc.shmget, 0, 4096, 0o1600),
        "unshare": lambda: call(libc.unshare, 0x10000000),
        "mount": lambda: call(libc.mount, b"none", b"/", b"tmpfs", 0, None),
        "keystroke": lambda: call(libc.ioctl, 0, 0x5412, b"x"),
    }

def libc_socket(family):
    call(libc.socket, family, socket.SOCK_STREAM, 0)

def outcome(attempt):
    try:
        attempt()
    except OSError as error:
        return error.errno
    return 0

def tried():
    return {name: outcome(attempt) for name, attempt in attempts().items()}

found = {}
go = threading.Event()
"""
CONFINE = """
import inspector.review
from inspector.sandbox import confine
isolation = confine([mine])
"""
REPORT = """
worker = threading.Thread(target=lambda: found.update(worker=tried()))
worker.start()
worker.join()
found["main"] = tried()
found["read"] = open(os.path.join(mine, "file")).read()
print(json.dumps({"isolation": [isolation.level, list(isolation.missing)], **found}))
"""


def run(tmp_path: Path, program: str, *, env: dict[str, str] | None = None) -> Any:
    mine, outside = tmp_path / "mine", tmp_path / "outside"
    for folder in (mine, outside):
        folder.mkdir()
    (mine / "file").write_text("mine")
    (outside / "canary").write_text("secret")
    (mine / "link").symlink_to(outside / "canary")
    arguments = [str(mine), str(outside / "canary"), str(outside), str(os.getpid())]
    start = f"import sys; sys.path[:0] = [{str(ROOT)!r}]\n"
    command = [sys.executable, "-I", "-c", start + program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_everything_is_refused_on_every_thread(tmp_path: Path) -> None:
    # several idle threads of the linear-algebra library are there when the fence comes
    told = run(tmp_path, ATTEMPTS + CONFINE + REPORT, env={**os.environ, "OPENBLAS_NUM_THREADS": "3"})
    assert told["isolation"] == ["sandbox", []]
    assert told["read"] == "mine"
    for thread in ("main", "worker"):
        assert {name: code for name, code in told[thread].items() if code not in (1, 13)} == {}
    assert not (tmp_path / "mine" / "new").exists()
    assert (tmp_path / "mine" / "file").read_text() == "mine"


def test_the_same_attempts_succeed_without_the_sandbox(tmp_path: Path) -> None:
    free = """
safe = ("passwd", "canary", "through a link", "list", "write inside", "overwrite", "folder", "mode", "unix", "pair",
        "fork", "vfork and exec", "signal", "signal a thread", "limits of another")
print(json.dumps({name: outcome(attempts()[name]) for name in safe}))
"""
    assert set(run(tmp_path, ATTEMPTS + free).values()) == {0}


def test_a_thread_that_began_before_is_told_and_still_filtered(tmp_path: Path) -> None:
    early = """
early = threading.Thread(target=lambda: (go.wait(), found.update(early=tried())))
early.start()
"""
    report = """
go.set()
early.join()
print(json.dumps({"isolation": [isolation.level, list(isolation.missing)], **found}))
"""
    told = run(tmp_path, ATTEMPTS + early + CONFINE + report)
    assert told["isolation"] == ["limits only", ["threads"]]
    assert told["early"]["canary"] == 0, "Landlock leaves earlier threads alone: that is why it is told"
    assert told["early"]["internet"] == told["early"]["exec"] == 1


def test_threads_and_lazy_imports_work_inside(tmp_path: Path) -> None:
    work = """
import numpy, torch
torch.set_num_threads(3)
torch.rand(600, 600) @ torch.rand(600, 600)
numpy.ones((700, 700)) @ numpy.ones((700, 700))
import h5py, ml_dtypes, PIL.PngImagePlugin, scipy.linalg, scipy.optimize, scipy.special, rich.progress
import resources, signal
signal.signal(signal.SIGUSR1, lambda *_: None)
signal.raise_signal(signal.SIGUSR1)
resources.load_json("translations/ko/sandbox.json")
print(json.dumps({"data": __import__("resource").getrlimit(2)[0], "core": __import__("resource").getrlimit(4)[0]}))
"""
    told = run(tmp_path, ATTEMPTS + CONFINE + work)
    assert 0 < told["data"] < os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert told["core"] == 0


def confined_cli(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "ASSAYER_SANDBOX"} | {"COLUMNS": "200"}
    command = [sys.executable, "-m", "inspector", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT, env={**env, **options}
    )


def test_compare_reads_every_format_inside_and_writes_only_what_was_chosen(tmp_path: Path) -> None:
    import h5py
    import torch

    tower = vision_tower(1)
    for folder in ("a", "b", "c", "out"):
        (tmp_path / folder).mkdir()
    save(tmp_path / "a/model.safetensors", tower)
    torch.save({name: torch.from_numpy(values.copy()) for name, values in tower.items()}, tmp_path / "b/model.pt")
    with h5py.File(tmp_path / "c/model.h5", "w") as file:
        for name, values in tower.items():
            file[name] = values
    target = tmp_path / "out/result.json"
    references = ["-r", str(tmp_path / "b/model.pt"), "-r", str(tmp_path / "c/model.h5")]
    done = confined_cli("compare", str(tmp_path / "a"), *references, "--json", str(target))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    inside = json.loads(target.read_text("utf-8"))
    assert inside["tool"].pop("isolation") == "sandbox"
    assert "isolation: sandbox" in done.stdout.splitlines()[-1]
    open_ = confined_cli("compare", str(tmp_path / "a"), *references, "--json", "-", "--no-sandbox")
    free = json.loads(open_.stdout)
    assert free["tool"].pop("isolation") == "none"
    assert free == inside


def test_inspect_says_how_far_it_was_confined() -> None:
    demo = str(resources.path("demo/candidate"))
    assert json.loads(confined_cli("inspect", demo, "--json", "-").stdout)["isolation"] == "sandbox"
    off = confined_cli("inspect", demo, ASSAYER_SANDBOX="off").stdout
    assert "isolation: none" in off.splitlines()[-1]


def test_the_folders_of_inputs_and_outputs(tmp_path: Path) -> None:
    file = tmp_path / "m.safetensors"
    file.touch()
    assert of_inputs([file, tmp_path, "zero\0byte", "x" * 5000, "missing"]) == (tmp_path.resolve(),)
    assert within([file], [tmp_path.resolve()])
    assert not within([file, tmp_path.parent], [tmp_path.resolve()])
    assert of_output(file) == tmp_path.resolve()
    assert of_output(tmp_path / "new") == tmp_path.resolve()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filters_are_whole(machine: str) -> None:
    """Every jump lands inside the program, and the last instruction returns."""
    steps = seccomp.program(machine, 1)
    codes = [(steps[place], steps[place + 2], steps[place + 3]) for place in range(0, len(steps), 8)]
    for place, (code, then, otherwise) in enumerate(codes):
        if code & 0x07 == 0x05:
            assert place + 1 + max(then, otherwise) < len(codes)
    assert codes[-1][0] == 0x06


LIMITS = """
import resource
resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))
import torch, numpy
from inspector.errors import out_of_memory
told = {}
for name, take in (("torch", lambda: torch.empty(1 << 32)), ("numpy", lambda: numpy.empty(1 << 32))):
    try:
        take()
    except Exception as error:
        told[name] = out_of_memory(error)
print(json.dumps(told))
"""


def test_running_out_of_memory_is_told_as_that(tmp_path: Path) -> None:
    assert run(tmp_path, ATTEMPTS + LIMITS) == {"torch": True, "numpy": True}


def test_a_kernel_without_landlock_is_told(tmp_path: Path) -> None:
    program = """
from inspector.sandbox import confine, landlock
landlock.version = lambda: 0
isolation = confine([mine])
print(json.dumps({"level": isolation.level, "missing": list(isolation.missing), "tried": tried()}))
"""
    told = run(tmp_path, ATTEMPTS + program)
    assert (told["level"], told["missing"]) == ("limits only", ["landlock"])
    assert told["tried"]["internet"] == told["tried"]["exec"] == 1


@pytest.mark.parametrize(
    ("known", "rights"), [(1, 0x1FFF), (2, 0x3FFF), (3, 0x7FFF), (4, 0x7FFF), (5, 0xFFFF), (7, 0xFFFF)]
)
def test_only_rights_that_the_kernel_knows_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, known: int, rights: int
) -> None:
    asked = []

    def syscall(number: int, *arguments: Any) -> int:
        if arguments[0] is None:
            return known
        if number == 444:
            asked.append((arguments[0]._obj.files, arguments[1]))
        return os.open("/dev/null", os.O_RDONLY) if number == 444 else 0

    monkeypatch.setattr(landlock, "syscall", syscall)
    assert landlock.fence([], []) == known
    assert asked == [(rights, 8 if known < 4 else 16 if known < 6 else 24)]
