"""Standard input, output and error of the command line, made fit to fail with a sentence.

Python leaves them out when they are closed, so that the next file that is opened takes their place;
and it tells of output that could not be written as late as when it ends, by a traceback.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Output(io.FileIO):
    """Standard output; remembers why it could not be written, whoever has caught that."""

    fault: OSError | None = None

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of it, which a file need not, and nobody asks with `python -u`.

        Raises OSError.
        """
        rest = memoryview(data).cast("B")
        size = len(rest)
        try:
            while rest:
                written = super().write(rest)
                if written is None:  # a pipe that another program has told not to wait
                    select.select([], [self], [])
                else:
                    rest = rest[written:]
        except OSError as fault:
            self.fault = self.fault or fault
            raise
        return size


class Complaints(Output):
    """Standard error; what cannot be told there is no reason to give up the work."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Never raises."""
        with suppress(OSError):
            return super().write(data)
        return memoryview(data).nbytes


_closed: set[int] = set()


def was_closed(descriptor: int) -> bool:
    """Whether standard input (0), output (1) or error (2) was closed when the command began."""
    return descriptor in _closed


def take_over() -> Output:
    """Put all three in order; answers what standard output is written to in the end."""
    # In this order: what is opened takes the lowest number that is free. Each is opened the wrong
    # way round, so that using it fails as it would have, and no file comes to stand there.
    for descriptor, wrong_way in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, wrong_way)
            _closed.add(descriptor)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8")
    output = Output(1, "w", closefd=False)
    sys.stdout = _rewired(sys.stdout, output)
    sys.stderr = _rewired(sys.stderr, Complaints(2, "w", closefd=False))
    return output


def _rewired(stream: io.TextIOBase | object | None, raw: Output) -> io.TextIOWrapper:
    """The same stream on other ground; a console of Windows, which is no file, stays as it is."""
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace")
    assert isinstance(stream, io.TextIOWrapper)
    ground = getattr(stream.buffer, "raw", stream.buffer)
    if type(ground) is not io.FileIO:
        return stream
    stream.flush()
    return io.TextIOWrapper(
        # `python -u` has nothing between the text and the file
        raw if stream.write_through else io.BufferedWriter(raw),
        stream.encoding,
        # what the encoding of a terminal cannot show is shown as its escape
        "backslashreplace" if stream.errors == "strict" else stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def finish(output: Output) -> OSError | None:
    """Write what is still waiting; answers why output was lost, if any was."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError) as fault:
        output.fault = output.fault or (fault if isinstance(fault, OSError) else None)
    if output.fault is not None:
        # What waits can go nowhere; as Python ends it would try once more, and complain.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
    return output.fault


def reason(fault: OSError) -> str:
    """Why it failed, as words: `No space left on device`, with the file where it names one."""
    if fault.errno == errno.EBADF and fault.filename is None:
        return "it is closed"
    text = fault.strerror or str(fault) or type(fault).__name__
    return text if fault.filename is None else f"{os.fspath(fault.filename)}: {text}"
