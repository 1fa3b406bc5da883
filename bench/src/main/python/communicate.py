"""CPython's own communicate. A worker of the comparison: see Worker.java for its arguments and answers."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from subprocess import PIPE


def load(path):
    if not path.startswith("/"):
        return None
    with open(path, "rb") as file:
        return file.read()


def talk(program, data, streams):
    with subprocess.Popen(
        program,
        stdin=None if data is None else PIPE,
        stdout=PIPE,
        stderr=PIPE if streams == 2 else None,
    ) as child:
        return child.communicate(data)


def time_out(program, nanos):
    with subprocess.Popen(program, stdout=PIPE) as child:
        start = time.perf_counter_ns()
        try:
            child.communicate(timeout=nanos / 1e9)
        except subprocess.TimeoutExpired:
            late = time.perf_counter_ns() - start - nanos
            child.kill()
            child.communicate()
            return late
    raise AssertionError("the child ended early")


def many(program, count, expected):
    with ThreadPoolExecutor(count) as threads:
        outputs = list(threads.map(lambda _: talk(program, None, 1)[0], range(count)))
    return all(output == expected for output in outputs)


def main():
    what, given, expectation, streams, number = sys.argv[1:6]
    program, streams, number = sys.argv[6:], int(streams), int(number)
    given, expected = load(given), load(expectation)
    for _ in sys.stdin:
        outputs, good = (b"", b""), True
        start = time.perf_counter_ns()
        if what == "talk":
            outputs = talk(program, given, streams)
            nanos = time.perf_counter_ns() - start
            for output in outputs[:streams]:
                good &= output.count(0) == len(output) if expectation == "zeros" else output == expected
        elif what == "spawn":
            subprocess.call(program)
            nanos = time.perf_counter_ns() - start
        elif what == "timeout":
            nanos = time_out(program, number)
        else:
            good = many(program, number, expected)
            nanos = time.perf_counter_ns() - start
        print(nanos, len(outputs[0] or b""), len(outputs[1] or b""), "good" if good else "bad", -1, flush=True)
        del outputs


main()
