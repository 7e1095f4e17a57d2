# SPDX-License-Identifier: Apache-2.0
"""How long a line takes from the file to the server, and what an agent costs that has nothing to do."""

import gzip
import http.server
import os
import re
import shutil
import statistics
import tempfile
import threading
import time

from harness import HERE, Watched, fill, say, setting, tools

FILES = setting("BENCH_LATENCY_FILES", 100)
RATE = setting("BENCH_LATENCY_RATE", 1000)
SECONDS = setting("BENCH_LATENCY_SECONDS", 10)
IDLE_FILES = setting("BENCH_IDLE_FILES", 10_000)
IDLE_SECONDS = setting("BENCH_IDLE_SECONDS", 20)
TIME = re.compile(rb'\\"written\\":(\d+)')


class Arrivals(http.server.ThreadingHTTPServer):
    """A Loki that notes when each line arrived after it was written."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.delays = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A reply that waits for company would be the benchmark's delay, not the agent's.
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        now = time.time_ns()
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.delays += [now - int(written) for written in TIME.findall(body)]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def start(folder, server, timeout):
    config = fill(os.path.join(HERE, "pipelines", "latency.yml"), folder,
                  {"INPUT": os.path.join(folder, "logs"), "PORT": server.server_port, "TIMEOUT": timeout})
    return Watched([tools["sluice"], "run", config, "--state", os.path.join(folder, "state")], folder)


def write_steadily(paths):
    """Lines one by one, to the files in turn; returns how many."""
    files = [open(path, "ab", buffering=0) for path in paths]
    begin = time.monotonic()
    count = 0
    while count < RATE * SECONDS:
        ahead = begin + count / RATE - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
        files[count % len(files)].write(b'{"written":%d,"number":%d,"message":"prediction served"}\n'
                                        % (time.time_ns(), count))
        count += 1
    for file in files:
        file.close()
    return count


def measure_delay(scratch, timeout):
    folder = tempfile.mkdtemp(prefix="latency-", dir=scratch)
    os.mkdir(os.path.join(folder, "logs"))
    paths = [os.path.join(folder, "logs", f"{number}.log") for number in range(FILES)]
    for path in paths:
        open(path, "w").close()
    server = Arrivals()
    agent = start(folder, server, timeout)
    try:
        time.sleep(1)
        written = write_steadily(paths)
        patience = time.monotonic() + 30
        while len(server.delays) < written and time.monotonic() < patience and not agent.poll():
            time.sleep(0.1)
    finally:
        agent.stop()
        server.shutdown()
        server.server_close()
    delays = sorted(delay / 1e6 for delay in server.delays)
    problem = None if len(delays) == written else f"{len(delays)} of {written} lines arrived"
    if problem:
        say(f"  flush {timeout}: {problem}\n{agent.output()}")
    agent.log.close()
    shutil.rmtree(folder, ignore_errors=True)
    result = {"flush": timeout, "problem": problem}
    if delays:
        result |= {"median_milliseconds": statistics.median(delays),
                   "p99_milliseconds": delays[int(len(delays) * 0.99)], "longest_milliseconds": delays[-1]}
    return result


def measure_idle(scratch):
    folder = tempfile.mkdtemp(prefix="idle-", dir=scratch)
    os.mkdir(os.path.join(folder, "logs"))
    for number in range(IDLE_FILES):
        with open(os.path.join(folder, "logs", f"{number}.log"), "w") as file:
            file.write(f'{{"written":0,"number":{number}}}\n')
    server = Arrivals()
    agent = start(folder, server, "200ms")

    def cpu():
        with open(f"/proc/{agent.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    try:
        patience = time.monotonic() + 60
        while len(server.delays) < IDLE_FILES and time.monotonic() < patience and not agent.poll():
            time.sleep(0.1)
        time.sleep(3)
        before = cpu()
        time.sleep(IDLE_SECONDS)
        share = (cpu() - before) / IDLE_SECONDS
        agent.poll()
    finally:
        agent.stop()
        server.shutdown()
        server.server_close()
    result = {"files": IDLE_FILES, "arrived": len(server.delays), "core_share": share,
              "peak_mib": agent.peak_kib / 1024}
    agent.log.close()
    shutil.rmtree(folder, ignore_errors=True)
    return result


def measure_latency(scratch):
    say(f"\nFrom the file to the server: {RATE} lines a second over {FILES} files, {SECONDS} s\n")
    say(f"{'flush':<12}{'median ms':>12}{'p99 ms':>12}{'longest ms':>12}")
    delays = []
    for timeout in ("200ms", "5ms"):
        result = measure_delay(scratch, timeout)
        delays.append(result)
        if "median_milliseconds" in result:
            say(f"{timeout:<12}{result['median_milliseconds']:>12.1f}{result['p99_milliseconds']:>12.1f}"
                f"{result['longest_milliseconds']:>12.1f}")
    idle = measure_idle(scratch)
    say(f"\n{idle['files']} quiet files: {idle['core_share'] * 100:.2f} % of a core, {idle['peak_mib']:.0f} MiB")
    return {"delays": delays, "idle": idle}
