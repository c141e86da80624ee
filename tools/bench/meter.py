"""Runs commands one after another and measures each; started and fed by meter.ts.

A request is a line of JSON on standard input: argv, cwd, env, stdin, stdout, stderr (paths) and
timeout (seconds). The answer is a line of JSON: code, seconds, cpu, peak and private (bytes).

The peak is what the system kept of the child and of all that it waited for. It also has the few
MB of this process from before the child became the program, so smaller programs show as that.
Private is the memory that is no page of a mapped file; it is looked at every 25 ms.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time

unit = 1 if sys.platform == "darwin" else 1024
running = None


def private_bytes(process_id):
    """Anonymous and shared memory of a process now, 0 when it has gone."""
    total = 0
    try:
        with open(f"/proc/{process_id}/status", "rb") as status:
            for line in status:
                if line.startswith((b"RssAnon:", b"RssShmem:")):
                    total += int(line.split()[1]) * 1024
    except OSError:
        pass
    return total


def wait(child, deadline):
    """Until it ends, watches its private memory and the clock; gives the most seen, or None."""
    if not hasattr(os, "pidfd_open"):
        return None
    handle = os.pidfd_open(child.pid)
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        highest = None
        while not poll.poll(25):
            highest = max(highest or 0, private_bytes(child.pid))
            if time.perf_counter() > deadline:
                os.killpg(child.pid, signal.SIGKILL)
        return highest
    finally:
        os.close(handle)


def run(request):
    global running
    with (
        open(request.get("stdin") or os.devnull, "rb") as source,
        open(request["stdout"], "wb") as output,
        open(request["stderr"], "wb") as errors,
    ):
        start = time.perf_counter()
        child = running = subprocess.Popen(
            request["argv"],
            cwd=request["cwd"],
            env=request["env"],
            stdin=source,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        highest = wait(child, start + request["timeout"])
        _, status, usage = os.wait4(child.pid, 0)
        end = time.perf_counter()
        running = None
        child.returncode = os.waitstatus_to_exitcode(status)
    return {
        "code": child.returncode,
        "seconds": end - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * unit,
        "private": highest,
    }


def stop(number, frame):
    """Takes what it started along."""
    if running is not None:
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except OSError:
            pass
    os._exit(130)


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, signal.SIG_IGN)  # meter.ts decides
for line in sys.stdin:
    try:
        answer = run(json.loads(line))
    except OSError as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
