"""seccomp: a filter of system calls for every thread of the process, as classic BPF written by hand.

Instructions and structures: linux/filter.h, linux/seccomp.h, seccomp(2); call numbers: asm/unistd_64.h (x86-64) and
asm-generic/unistd.h (aarch64). A refused call fails with EPERM, so that a library that only tries goes on.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator

from inspector.sandbox.system import syscall

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # places in struct seccomp_data
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_REFUSE = 0x00050000 | errno.EPERM
_UNKNOWN = 0x00050000 | errno.ENOSYS
_SET_FILTER, _ALL_THREADS = 1, 1
_CLONE_THREAD = 0x10000
_X32 = 0x40000000
_CLONE3 = 435
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C  # put keystrokes into the terminal

_ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_REFUSED = {  # name: number on x86-64, on aarch64 (None: it has no such call)
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "kill": (62, 129), "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "fanotify_init": (300, 262), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224),
    "swapoff": (168, 225), "acct": (163, 89), "sethostname": (170, 161), "setdomainname": (171, 162),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "quotactl": (179, 60), "syslog": (103, 116), "iopl": (172, None), "ioperm": (173, None), "personality": (135, 92),
    # other processes of the same user
    "tkill": (200, 130), "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    "move_pages": (279, 239), "migrate_pages": (256, 238), "shmget": (29, 194), "shmat": (30, 196),
    "shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191), "msgget": (68, 186), "msgctl": (71, 187),
    "mq_open": (240, 180), "mq_unlink": (241, 181),
    # what Landlock does not cover: owners, modes, times and attributes of files
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "setxattrat": (463, 463), "removexattrat": (466, 466), "file_setattr": (469, 469),
}  # fmt: skip
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_CLONE = {"x86_64": 56, "aarch64": 220}
_IOCTL = {"x86_64": 16, "aarch64": 29}
_TGKILL = {"x86_64": 234, "aarch64": 131}
_PRLIMIT = {"x86_64": 302, "aarch64": 261}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _steps(machine: str, process: int) -> Iterator[bytes]:
    """Yield the filter's instructions; each jump passes over the next one or to it."""
    place = list(_ARCHES).index(machine)
    yield _step(_LOAD, _ARCH)
    yield _step(_EQUAL, _ARCHES[machine], 1)
    yield _step(_RETURN, _KILL)
    yield _step(_LOAD, _NUMBER)
    if machine == "x86_64":
        yield _step(_AT_LEAST, _X32, 0, 1)
        yield _step(_RETURN, _REFUSE)
    for numbers in _REFUSED.values():
        number = numbers[place]
        if number is not None:
            yield _step(_EQUAL, number, 0, 1)
            yield _step(_RETURN, _REFUSE)
    yield _step(_EQUAL, _CLONE3, 0, 1)  # its flags lie in memory; the C library then takes clone
    yield _step(_RETURN, _UNKNOWN)
    yield _step(_EQUAL, _CLONE[machine], 0, 4)
    yield _step(_LOAD, _ARGUMENTS)
    yield _step(_ANY_BIT, _CLONE_THREAD, 1)
    yield _step(_RETURN, _REFUSE)
    yield _step(_RETURN, _ALLOW)
    for number, itself in ((_TGKILL[machine], process), (_PRLIMIT[machine], 0)):
        yield _step(_EQUAL, number, 0, 4)
        yield _step(_LOAD, _ARGUMENTS)
        yield _step(_EQUAL, itself, 1)
        yield _step(_RETURN, _REFUSE)
        yield _step(_RETURN, _ALLOW)
    yield _step(_EQUAL, _IOCTL[machine], 0, 4)
    yield _step(_LOAD, _ARGUMENTS + 8)
    yield _step(_EQUAL, _TIOCSTI, 1)
    yield _step(_EQUAL, _TIOCLINUX, 0, 1)
    yield _step(_RETURN, _REFUSE)
    yield _step(_RETURN, _ALLOW)


def program(machine: str, process: int) -> bytes:
    """Return the filter for "x86_64" or "aarch64", 8 bytes an instruction; `process` may send signals to itself."""
    return b"".join(_steps(machine, process))


def refuse_calls() -> bool:
    """Install the filter in all threads; say whether this machine has one.

    Raises:
        OSError: the kernel has no seccomp, or a thread has a filter of its own.
    """
    machine = platform.machine()
    if machine not in _ARCHES or struct.calcsize("P") != 8:
        return False
    steps = program(machine, os.getpid())
    filtering = _Program(len(steps) // 8, steps)
    if syscall(_SECCOMP[machine], _SET_FILTER, _ALL_THREADS, ctypes.byref(filtering)) != 0:
        raise OSError(errno.ESRCH, "a thread could not be filtered")
    return True
