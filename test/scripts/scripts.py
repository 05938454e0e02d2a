# SPDX-License-Identifier: BSD-2-Clause
"""What tests of scripts stand on: a script, its policy and a sensor in a folder of their own, the command run on them in bounded time, and tables of such cases.

A case is (how it is checked, name, script, what is wanted); what checks is a method of Scripts, or a function of the test that is given the same. The command may take CPU_S
seconds of the processor for each, sanitizers included, hostile or not; a machine that is busy with other things may take longer. A test is TEST BUILD [NAME], NAME: only the
cases that have it in their names. With SHOW_TIME in the environment it says what took long.
"""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time

CPU_S, WAIT_S = 10, 120
TIMER = "[every, cancel]"
POLICY = """callgate_policy: 1
calls: {random: [u32, fill], saul: [find, name, read, write], log: [print], timer: TIMER, sys: [board, uptime], event: [wait]}
handles: {saul.device: {max: 4}, timer.alarm: {max: 2}}
guards: {saul.find.kind: any}
events: {timer: [fired]}
limits: {memory_bytes: MEMORY, steps: STEPS, calls: CALLS}
"""
DEVICES = """callgate_devices: 1
devices:
  - {name: bench, class: sense_temp, driver: sim, unit: temp_c, scale: -2, wave: constant, value: 21.54}
"""
STEPS = "it used up its steps"
MEMORY = "the memory of the policy is used up"


def cpu():
    """Seconds of the processor that the commands took up to now."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def is_clean(err):
    return "runtime error" not in err and "Sanitizer" not in err


class Scripts:
    """Scripts of one language: files that end in `ending`, each with `head` before it."""

    def __init__(self, ending, memory, steps, calls=400, head="", timer=TIMER):
        self.command = os.path.join(os.path.abspath(sys.argv[1]), "callgate")
        self.ending, self.memory, self.steps, self.calls, self.head, self.timer = ending, memory, steps, calls, head, timer

    def policy(self, memory=None):
        text = POLICY
        for word, value in (("TIMER", self.timer), ("MEMORY", memory or self.memory), ("STEPS", self.steps), ("CALLS", self.calls)):
            text = text.replace(word, str(value))
        return text

    def write(self, folder, script, name="a", memory=None):
        """The files of a guest; the script is text, or bytes that are taken as they are, without the head."""
        program = script if isinstance(script, bytes) else (self.head + script).encode()
        for path, data in ((name + self.ending, program), (name + ".policy.yaml", self.policy(memory).encode()), ("d.yaml", DEVICES.encode())):
            with open(os.path.join(folder, path), "wb") as file:
                file.write(data)

    def call(self, folder, *args):
        return subprocess.run([self.command, *args], cwd=folder, capture_output=True, text=True, timeout=WAIT_S, check=False)

    def run(self, folder, script, memory=None):
        """The exit code, what the guest printed, and what the command said."""
        self.write(folder, script, memory=memory)
        done = self.call(folder, "run", "--devices", "d.yaml", "a" + self.ending)
        return done.returncode, [line.removeprefix("[a] ") for line in done.stdout.splitlines()], done.stderr

    def good(self, folder, script, wanted):
        """It prints these lines; None: whatever it likes."""
        code, out, err = self.run(folder, script)
        assert (code, out, err) == (0, out if wanted is None else wanted, ""), (code, out, err)

    def stopped(self, folder, script, wanted, memory=None):
        code, out, err = self.run(folder, script, memory)
        assert code == 1 and wanted in err and out == [] and is_clean(err), (code, out, err)

    def small(self, folder, script, wanted):
        """`wanted` bytes of memory are too few to begin with."""
        self.stopped(folder, script, f"cannot be loaded into the {wanted} bytes of memory that the policy gives", wanted)

    def until_stopped(self, folder, names, count):
        """Run the guests of these names, take so many lines of what they print, and stop them: nothing else may come."""
        files = [name + self.ending for name in names]
        with subprocess.Popen([self.command, "run", *files], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            late = threading.Timer(WAIT_S, child.kill)
            late.start()
            lines = [child.stdout.readline() for _ in range(count)]
            time.sleep(0.1)
            child.send_signal(signal.SIGINT)
            rest = child.communicate(timeout=WAIT_S)
            late.cancel()
            assert (*rest, child.returncode) == ("", "", 130), (lines, *rest, child.returncode)
        return lines

    def ticks(self, folder, script, _):
        """Its handler prints how often it was called and whether by its own alarm, and after three times it closes that."""
        self.write(folder, script)
        lines = self.until_stopped(folder, "a", 3)
        assert lines == ["[a] 1 true\n", "[a] 2 true\n", "[a] 3 true\n"], lines

    def together(self, folder, script, _):
        """Two guests on one thread: what the thread has of a guest is put aside and back. Each prints twice the NAME that it is given, how often it did and whether by its own alarm."""
        for name in "ab":
            self.write(folder, script.replace("NAME", name), name)
        lines = sorted(self.until_stopped(folder, "ab", 4))
        assert lines == ["[a] a1true\n", "[a] a2true\n", "[b] b1true\n", "[b] b2true\n"], lines

    def main(self, cases):
        """Checks all that are wanted, says what went wrong, and gives the exit code."""
        cases = [case for case in cases if len(sys.argv) < 3 or sys.argv[2] in case[1]]
        bad = 0
        for check, name, script, wanted in cases:
            before = cpu()
            with tempfile.TemporaryDirectory() as folder:
                try:
                    check(folder, script, wanted)
                    assert cpu() - before < CPU_S, f"it took {cpu() - before:.1f} s of the processor"
                except (AssertionError, subprocess.TimeoutExpired) as error:
                    print(f"{name}: {error}")
                    bad += 1
            if os.environ.get("SHOW_TIME") and cpu() - before > 0.5:
                print(f"{name}: {cpu() - before:.2f} s")
        print(f"{len(cases) - bad} of {len(cases)} as expected")
        return 1 if bad else 0
