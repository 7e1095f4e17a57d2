# SPDX-License-Identifier: Apache-2.0
"""Running agents against the sink: what `run` is made of."""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def setting(name, default):
    return type(default)(os.environ.get(name, default))


TIMEOUT = setting("BENCH_TIMEOUT", 1800.0)

# What the sink calls the protocols of each case, and the case's title.
CASES = {
    "elasticsearch-gzip": (["bulk"], "JSON to Elasticsearch, gzip 1"),
    "elasticsearch-igzip": (["bulk"], "JSON to Elasticsearch, igzip 1"),
    "elasticsearch-plain": (["bulk"], "JSON to Elasticsearch, no compression"),
    "loki-gzip": (["loki"], "JSON to Loki, gzip"),
    "loki-igzip": (["loki"], "JSON to Loki, igzip 1"),
    "loki-protobuf": (["loki"], "protobuf to Loki, snappy"),
    "both-gzip": (["bulk", "loki"], "JSON to Elasticsearch and Loki, gzip"),
}

# For each peer: how it is started, and by case the configuration and, where it differs, the protocol it speaks.
PEERS = {
    "fluent-bit": (
        lambda binary, config, state: [binary, "-c", config],
        {"elasticsearch-gzip": "fluent-bit-elasticsearch-gzip.yml",
         "elasticsearch-plain": "fluent-bit-elasticsearch-plain.yml",
         "loki-gzip": "fluent-bit-loki-gzip.yml"},
        None,
    ),
    "filebeat": (
        lambda binary, config, state: [binary, "-c", config, "--strict.perms=false", "--path.home", state,
                                       "--path.data", state + "/data", "--path.logs", state + "/logs"],
        {"elasticsearch-gzip": "filebeat-gzip.yml", "elasticsearch-plain": "filebeat-plain.yml"},
        None,
    ),
    "promtail": (
        lambda binary, config, state: [binary, "-config.file=" + config],
        {"loki-gzip": "promtail.yml"},
        None,
    ),
    "vlagent": (
        lambda binary, config, state: [binary] + read(config).split("\n")[:-1],
        {"elasticsearch-gzip": "vlagent.arguments"},
        ["lines"],
    ),
    "rsyslog": (
        lambda binary, config, state: [binary, "-n", "-f", config, "-i", state + "/rsyslog.pid"],
        {"elasticsearch-plain": "rsyslog.conf"},
        None,
    ),
}


# The executables, once they are built.
tools = {}


def say(text=""):
    print(text, flush=True)


def fail(text):
    sys.exit(f"Benchmarks/run: {text}")


def read(path):
    with open(path) as file:
        return file.read()


def tool(*arguments):
    """Runs sluice-bench and returns the JSON of each of its lines."""
    done = subprocess.run([tools["sluice-bench"], *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def build(product):
    """Builds an executable and notes where it is."""
    say(f"building {product}")
    command = ["swift", "build", "-c", "release", "--product", product]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        fail(f"{product} does not build")
    folder = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, check=True).stdout.strip()
    tools[product] = os.path.join(folder, product)


def build_counter(folder):
    """Compiles the counter of allocations, or returns None where it does not work."""
    library = os.path.join(folder, "allocation-counter.so")
    compiler = shutil.which("cc") or shutil.which("clang")
    if platform.system() != "Linux" or not compiler:
        say("allocations are not counted: that needs Linux and a C compiler")
        return None
    command = [compiler, "-O2", "-fPIC", "-shared", "-o", library, os.path.join(HERE, "allocation-counter.c")]
    subprocess.run(command, check=True)
    return library


class Sink:
    """The server that takes everything, in a process of its own."""

    def __init__(self, lines, kinds, bodies=None):
        command = [tools["sluice-bench"], "sink", "--expect", str(lines), "--until", ",".join(kinds)]
        if bodies:
            command += ["--bodies", bodies]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.complete = threading.Event()
        self.completed_at = None
        self.summary = None
        first = self.process.stdout.readline().split()
        if len(first) != 2 or first[0] != "port":
            fail("the sink did not start")
        self.port = int(first[1])
        self.reader = threading.Thread(target=self.listen)
        self.reader.start()

    def listen(self):
        for line in self.process.stdout:
            if line.strip() == "complete":
                self.completed_at = time.monotonic()
                self.complete.set()
            else:
                self.summary = json.loads(line)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.reader.join(60)
        self.process.wait(60)
        return self.summary


class Watched:
    """A process whose CPU time and peak memory are measured."""

    def __init__(self, command, folder, environment=None):
        self.peak_kib = 0
        self.log = open(os.path.join(folder, "output.txt"), "w+")
        self.start = time.monotonic()
        self.process = subprocess.Popen(command, cwd=folder, stdout=self.log, stderr=subprocess.STDOUT,
                                        env={**os.environ, **(environment or {})})
        self.usage = None
        self.end = None

    def poll(self):
        """Takes note of the peak memory; true if the process has ended."""
        try:
            # The high-water mark in rusage counts what the parent held when it forked; this does not.
            for line in read(f"/proc/{self.process.pid}/status").splitlines():
                if line.startswith("VmHWM:"):
                    self.peak_kib = max(self.peak_kib, int(line.split()[1]))
        except (OSError, ValueError):
            pass
        return self.reap(os.WNOHANG)

    def reap(self, flags=0):
        if self.usage is None:
            pid, status, usage = os.wait4(self.process.pid, flags)
            if pid == 0:
                return False
            self.end = time.monotonic()
            self.usage = usage
            self.process.returncode = os.waitstatus_to_exitcode(status)
        return True

    def stop(self):
        """Ends a process that does not end by itself."""
        if self.reap(os.WNOHANG):
            return
        self.process.terminate()
        patience = time.monotonic() + 15
        while time.monotonic() < patience:
            if self.reap(os.WNOHANG):
                return
            time.sleep(0.05)
        self.process.kill()
        self.reap()

    def output(self):
        self.log.seek(0)
        return self.log.read()[-2000:]


def fill(template, folder, values):
    text = read(template)
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    path = os.path.join(folder, os.path.basename(template))
    with open(path, "w") as file:
        file.write(text)
    return path


def run_agent(agent, case, corpus, scratch, bodies=None, environment=None):
    """Ships the corpus once, and returns what that took and what arrived."""
    kinds = CASES[case][0]
    is_sluice = agent == "sluice"
    if not is_sluice:
        kinds = PEERS[agent][2] or kinds
    folder = tempfile.mkdtemp(prefix=f"{agent}-", dir=scratch)
    sink = Sink(corpus["lines"], kinds, bodies)
    values = {"INPUT": corpus["path"], "PORT": sink.port, "STATE": folder}
    if is_sluice:
        config = fill(os.path.join(HERE, "pipelines", case + ".yml"), folder, values)
        command = [tools["sluice"], "run", config, "--state", os.path.join(folder, "state"), "--once"]
    else:
        start, configs, _ = PEERS[agent]
        variable = "PEER_" + agent.upper().replace("-", "_")
        template = os.environ.get(variable + "_CONFIG") or os.path.join(HERE, "peers", configs[case])
        command = start(os.environ[variable], fill(template, folder, values), folder)
    watched = Watched(command, folder, environment)
    problem = None
    deadline = watched.start + TIMEOUT
    try:
        while not watched.poll():
            if not is_sluice and sink.complete.is_set():
                break
            if time.monotonic() > deadline:
                problem = f"not done after {TIMEOUT:.0f} s"
                break
            time.sleep(0.05)
    finally:
        watched.stop()
        summary = sink.stop()
    # The peers do not end by themselves: they are done when the last event has arrived.
    end = watched.end if is_sluice else sink.completed_at or watched.end
    if is_sluice and watched.process.returncode != 0:
        problem = problem or f"exit code {watched.process.returncode}"
    arrived = [summary[kind] for kind in kinds if kind in summary]
    if len(arrived) < len(kinds):
        problem = problem or "nothing arrived"
    elif any(kind["missing"] for kind in arrived):
        problem = problem or "events are missing"
    if problem:
        say(f"  {agent}: {problem}\n{watched.output()}")
    result = {
        "agent": agent,
        "problem": problem,
        "wall_seconds": end - watched.start,
        "user_seconds": watched.usage.ru_utime,
        "system_seconds": watched.usage.ru_stime,
        "peak_mib": watched.peak_kib / 1024,
        "requests": sum(kind["requests"] for kind in arrived),
        "body_bytes": sum(kind["body_bytes"] for kind in arrived),
        "text_bytes": sum(kind["text_bytes"] for kind in arrived),
        "events": [kind["events"] for kind in arrived],
        "missing": [kind["missing"] for kind in arrived],
        "repeats": [kind["repeats"] for kind in arrived],
    }
    watched.log.close()
    shutil.rmtree(folder, ignore_errors=True)
    return result
