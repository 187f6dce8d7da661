"""Runs a program whose every socket but those of this machine's own files ends it, in the kernel: seccomp(2).

    withoutSockets.py PROGRAM ARGUMENT...

Processes that it starts are under the same filter. An attempt ends the process by SIGSYS. Linux on x86-64 and ARM64.
"""

import ctypes
import os
import platform
import struct
import sys

AUDIT_ARCHITECTURE, SOCKET = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[platform.machine()]
AF_UNIX = 1
IO_URING_SETUP = 425  # Through which sockets can be made as well.
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
KILL_PROCESS, ALLOW, FAIL = 0x80000000, 0x7FFF0000, 0x00050000 | 38  # ENOSYS: libuv goes on without it.
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # Offsets in seccomp_data, little-endian.

FILTER = [
    (LOAD, 0, 0, ARCHITECTURE),
    (EQUAL, 1, 0, AUDIT_ARCHITECTURE),
    (RETURN, 0, 0, KILL_PROCESS),
    (LOAD, 0, 0, NUMBER),
    (EQUAL, 0, 1, IO_URING_SETUP),
    (RETURN, 0, 0, FAIL),
    (EQUAL, 1, 0, SOCKET),
    (RETURN, 0, 0, ALLOW),
    (LOAD, 0, 0, FIRST_ARGUMENT),
    (EQUAL, 0, 1, AF_UNIX),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, KILL_PROCESS),
]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


code = b"".join(struct.pack("HBBI", *instruction) for instruction in FILTER)
kept = ctypes.create_string_buffer(code)
program = Program(len(FILTER), ctypes.addressof(kept))
libc = ctypes.CDLL(None, use_errno=True)
for arguments in [(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)]:
    if libc.prctl(*arguments) != 0:
        sys.exit(f"The kernel takes no filter: {os.strerror(ctypes.get_errno())}")
os.execv(sys.argv[1], sys.argv[1:])
