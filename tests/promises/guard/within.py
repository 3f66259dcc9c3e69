"""Runs a command in a network of its own that leads nowhere, and counts what wanted to leave it.

`unshare -n python within.py COUNTS COMMAND…`: makes the way of this computer to itself work there, runs the command,
and writes into the file COUNTS how many packets found no way out. The system counts them, so that nothing is missed,
whatever language it is written in.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 1
"""Of Linux: read and set what a network interface does."""


def loopback() -> None:
    """Switch the interface `lo` on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        asking = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(asked, GET_FLAGS, asking))[1]
        fcntl.ioctl(asked, SET_FLAGS, struct.pack("16sh14x", b"lo", flags | UP))


def without_way() -> int:
    """Packets of either protocol for which there was no way."""
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines() if line.startswith("Ip:"))
    count = int(values[names.index("OutNoRoutes")])
    newer = Path("/proc/net/snmp6")
    lines = newer.read_text().splitlines() if newer.exists() else []
    return count + sum(int(line.split()[1]) for line in lines if line.startswith("Ip6OutNoRoutes"))


def main() -> int:
    """Run it and give its code on."""
    loopback()
    before = without_way()
    code = subprocess.call(sys.argv[2:])
    Path(sys.argv[1]).write_text(str(without_way() - before))
    return code


if __name__ == "__main__":
    sys.exit(main())
