"""The ten programs of docs/guide/programs.md in Python, as its documentation of subprocess recommends.

programs.py N runs the program of that number. ProgramsElsewhereTest compares what it prints with the page.
"""
import os
import struct
import sys
from concurrent.futures import ThreadPoolExecutor
from select import select
from signal import SIGKILL
from subprocess import PIPE, CalledProcessError, Popen, TimeoutExpired, check_output
from tempfile import NamedTemporaryFile


def program_1():
    subjects = {}
    with Popen(["git", "log", "-3", "--format=%H %s"], stdout=PIPE, text=True) as git:
        for line in git.stdout:
            subjects[line[:40]] = line[41:].rstrip("\n")
    if git.returncode != 0:
        raise CalledProcessError(git.returncode, git.args)
    print(len(subjects), "commits")


def program_2():
    script = "for i in 10 20 30; do printf 'frame %s\\r' $i >&2; done; exec sleep 60"
    encoder = Popen(["sh", "-c", script], stderr=PIPE)
    frames = 0
    while frames < 3:  # readline would wait for what follows the last \r
        frames += encoder.stderr.read(1) == b"\r"
    encoder.terminate()
    try:
        encoder.wait(5)
    except TimeoutExpired:
        encoder.kill()
        encoder.wait()
    print("cancelled:", "true" if encoder.returncode else "false")


def program_3():
    login = "printf 'Password: '; read secret; echo \"welcome, $secret\""
    with Popen(["sh", "-c", login], stdin=PIPE, stdout=PIPE, text=True) as child:
        seen = ""
        while not seen.endswith("Password: "):
            seen += child.stdout.read(1)
        child.stdin.write("sesame\n")
        child.stdin.flush()
        print(child.stdout.readline().rstrip())


def program_4():
    with ThreadPoolExecutor(8) as pool:
        sums = pool.map(lambda i: check_output(["cksum"], input=b"file %d" % i), range(200))
    print(len(set(sums)), "different sums")


def program_5():
    seq = Popen(["seq", "1000"], stdout=PIPE)
    grep = Popen(["grep", "9"], stdin=seq.stdout, stdout=PIPE)
    seq.stdout.close()
    wc = Popen(["wc", "-l"], stdin=grep.stdout, stdout=PIPE, text=True)
    grep.stdout.close()
    count = wc.communicate()[0].strip()
    for stage in seq, grep, wc:
        if stage.wait() != 0:
            raise CalledProcessError(stage.returncode, stage.args)
    print(count)


def program_6():
    script = "trap '' TERM; echo up; while :; do sleep 0.1; done"
    with Popen(["sh", "-c", script], stdout=PIPE, text=True) as child:
        if not select([child.stdout], [], [], 10)[0] or child.stdout.readline() != "up\n":
            child.kill()
        child.terminate()
        try:
            child.wait(0.1)
        except TimeoutExpired:
            child.kill()
    print(child.returncode)


def program_7():
    build = Popen(["sh", "-c", "sleep 60 & sleep 60 & wait"], start_new_session=True)
    try:
        build.wait(0.2)
    except TimeoutExpired:
        os.killpg(build.pid, SIGKILL)
        build.wait()


def program_8():
    with NamedTemporaryFile("w", suffix=".log") as log:
        log.write("one\ntwo\n")
        log.flush()
        with Popen(["tail", "-n", "+1", "-f", log.name], stdout=PIPE, text=True) as tail:
            lines = [tail.stdout.readline().rstrip() for _ in range(2)]
            tail.kill()
    print("[" + ", ".join(lines) + "]")


def program_9():
    with Popen(["yes"], stdout=PIPE) as child:
        out = child.stdout.read((1 << 20) + 1)
        if len(out) > 1 << 20:
            child.kill()
    print(len(out[:1 << 20]))


def program_10():
    with Popen(["cat"], stdin=PIPE, stdout=PIPE) as child:
        total = 0
        for i in range(1000):
            child.stdin.write(struct.pack(">i", i))
            child.stdin.flush()
            total += struct.unpack(">i", child.stdout.read(4))[0]
    print(total)


if __name__ == "__main__":
    globals()["program_" + sys.argv[1]]()
