#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The demo's guest, end to end, on every VM: demo.py BUILD DEMO [WORDS]

BUILD is the build folder, DEMO the folder of the demo's policies. With WORDS only cases whose sentence holds them are run.
Exit codes: 0 all well, 1 a case failed, 77 there is nothing to test with.
"""
import os
import re
import signal
import sys
import time
import traceback

from world import ACK, BROKEN, CHANGED, CON, NOT_FOUND, PUT, RST, World, coap_get, packet, server_program

CONSTANT = "{name: bench, class: sense_temp, driver: sim, unit: temp_c, scale: -2, wave: constant, value: 21.54}"
FROM_FILE = "{name: probe, class: sense_temp, driver: file, unit: temp_c, scale: -2, path: temperature, divide: 1000}"
REPORT = re.compile(r"^\[thermo-(\w+)\] (-?[0-9.]+ C), next report in ([0-9]+) ms$", re.M)
# guest: VM whose policy it has, file in the build folder
GUESTS = {"wamr": ("wamr", "thermo_wamr.wasm"), "rbpf": ("rbpf", "thermo_rbpf.rbf"), "object": ("rbpf", "thermo_rbpf.o")}
OTHERS = {"wamr": "{}_wamr.wasm", "rbpf": "{}_rbpf.rbf"}
CASES = []


def case(sentence, guests=None):
    """Run for each guest that was built, or once."""
    def add(function):
        CASES.append((sentence, function, guests is not None))
        return function
    return add


EACH = True


def changed(message):
    return [(0, packet(ACK, CHANGED, message.number, message.token))]


def silent(message):
    return []


def built(build, name):
    path = os.path.join(build, "example", "demo", GUESTS[name][1])
    return path if os.path.exists(path) else None


def report(world, name, port, *more, device=CONSTANT):
    """Run the demo's guest against a port."""
    vm = GUESTS[name][0]
    return world.run(*more, "--devices", world.devices(device), "--policy", world.policy(vm, port), world.guest(built(world.build, name), port))


def reported(result, name):
    """What the guest says it reported."""
    found = REPORT.search(result.out)
    assert found, f"no report in:\n{result.out}{result.err}"
    assert found[1] == GUESTS[name][0], f"reported by {found[1]}"
    assert 500 <= int(found[3]) < 1500, f"a delay of {found[3]}"
    return found[0].split("] ", 1)[1].encode(), found[2]


def says(err, text):
    """A text that ends a line may also go on with an explanation in brackets."""
    return text in err or (text.endswith("\n") and text[:-1] + " (" in err)


def expect(result, code, out=(), err=()):
    assert result.code == code, f"exit code {result.code}, expected {code}:\n{result.out}{result.err}"
    for text in out:
        assert text in result.out, f"'{text}' is not in the output:\n{result.out}{result.err}"
    for text in err:
        assert says(result.err, text), f"'{text}' is not in the messages:\n{result.err}"


# ---- the server ----

@case("a real CoAP server has what the sensor gave", EACH)
def real_server(world, name):
    server = world.server()
    result = report(world, name, server.port)
    expect(result, 0)
    payload, reading = reported(result, name)
    assert reading == "21.54 C", reading
    path = f"/temp/{GUESTS[name][0]}"
    assert coap_get(server.port, path) == payload, f"{path} is {coap_get(server.port, path)}, reported was {payload}"


@case("a real CoAP server has what the guests of both VMs gave, run at once")
def real_server_both(world, _):
    server = world.server()
    names = [name for name in ("wamr", "rbpf") if built(world.build, name)]
    args = [a for name in names for a in ("--policy", world.policy(name, server.port), world.guest(built(world.build, name), server.port))]
    result = world.run("--devices", world.devices(CONSTANT), *args)
    expect(result, 0)
    said = {found[1]: found[0].split("] ", 1)[1].encode() for found in REPORT.finditer(result.out)}
    assert sorted(said) == sorted(names), said
    for name in names:
        assert coap_get(server.port, f"/temp/{name}") == said[name]


@case("the request is one PUT, with path, format and payload", EACH)
def request(world, name):
    server = world.responder(changed)
    result = report(world, name, server.port)
    expect(result, 0)
    assert len(server.received) == 1, len(server.received)
    message = server.received[0]
    assert (message.kind, message.code, message.path) == (CON, PUT, ["temp", GUESTS[name][0]]), vars(message)
    assert message.format == 0, message.format
    assert message.payload == reported(result, name)[0], message.payload


@case("no server: the guest is told, and the run fails", EACH)
def no_server(world, name):
    result = report(world, name, world.nobody())
    expect(result, 1, ["the report did not arrive"], [f"callgate: guest 'thermo-{GUESTS[name][0]}' returned -64\n"])
    assert result.seconds < 10, result.seconds


@case("a slow server is waited for", EACH)
def slow(world, name):
    server = world.responder(lambda message: [(0.7, packet(ACK, CHANGED, message.number, message.token))])
    result = report(world, name, server.port)
    expect(result, 0)
    assert result.seconds >= 0.7, result.seconds


@case("a server that answers later, as a message of its own, is waited for", EACH)
def separate(world, name):
    server = world.responder(lambda message: [(0, packet(ACK, 0, message.number)),
                                              (0.5, packet(CON, CHANGED, b"\x77\x77", message.token))])
    expect(report(world, name, server.port), 0)


@case("a server that never answers: the guest is told when its time is over", EACH)
def never(world, name):
    server = world.responder(silent)
    result = report(world, name, server.port)
    expect(result, 1, ["the report did not arrive"], ["returned -65\n"])
    assert 1.9 <= result.seconds < 10, result.seconds
    assert server.received, "nothing arrived"


@case("a server that takes the request and never answers: the same", EACH)
def only_taken(world, name):
    server = world.responder(lambda message: [(0, packet(ACK, 0, message.number))])
    expect(report(world, name, server.port), 1, ["the report did not arrive"], ["returned -65\n"])


@case("a server that answers 4.04: the guest sees the code", EACH)
def not_found(world, name):
    server = world.responder(lambda message: [(0, packet(ACK, NOT_FOUND, message.number, message.token, b"no such place"))])
    expect(report(world, name, server.port), 1, ["the server did not take the report"], ["returned 1\n"])


@case("a server that answers 5.00: the guest sees the code", EACH)
def broken(world, name):
    server = world.responder(lambda message: [(0, packet(ACK, BROKEN, message.number, message.token))])
    expect(report(world, name, server.port), 1, ["the server did not take the report"], ["returned 1\n"])


@case("a server that resets the request: the guest is told", EACH)
def reset(world, name):
    server = world.responder(lambda message: [(0, packet(RST, 0, message.number))])
    expect(report(world, name, server.port), 1, ["the report did not arrive"], ["returned -67\n"])


@case("noise, another's token and half a message before the answer do no harm", EACH)
def noise(world, name):
    def answer(message):
        good = packet(ACK, CHANGED, message.number, message.token)
        return [(0, b""), (0, b"\x00" * 40), (0, bytes(range(256))), (0, good[:3]),
                (0, packet(CON, CHANGED, b"\x01\x02", b"stranger")), (0.1, good)]
    expect(report(world, name, world.responder(answer).port), 0)


# ---- the policy ----

@case("a guest without the grant for coap is refused before it runs", EACH)
def no_grant(world, name):
    server = world.responder(changed)
    vm = GUESTS[name][0]
    world.file("p.yaml", "callgate_policy: 1\nguest: poor\ncalls: {random: [u32], saul: [find, read], log: [print]}\nguards: {saul.find.kind: any}\n")
    result = world.run("--devices", world.devices(CONSTANT), "--policy", "p.yaml", world.guest(built(world.build, name), server.port))
    expect(result, 1, err=["callgate: guest 'poor' was refused: imports ", "coap.put", "which the policy does not grant: add `coap: ["])
    assert result.out == "" and not server.received, f"{vm} ran: {result.out}"


@case("a guest whose coap calls are optional links, and is denied", EACH)
def optional(world, name):
    server = world.responder(changed)
    world.file("p.yaml", "callgate_policy: 1\nguest: poor\ncalls: {random: [u32], saul: [find, read], log: [print]}\n"
               "optional: {coap: [put, code]}\nguards: {saul.find.kind: any}\nhandles: {coap.response: {max: 1, rights: [read]}}\n")
    result = world.run("--devices", world.devices(CONSTANT), "--policy", "p.yaml", world.guest(built(world.build, name), server.port))
    expect(result, 1, ["the report did not arrive"], ["returned -2\n"])
    assert not server.received, "it was not denied"


@case("a guest that reports to another place than its guard allows is denied, and nothing is sent", EACH)
def guard(world, name):
    server = world.responder(changed)
    vm = GUESTS[name][0]
    with open(os.path.join(world.demo, f"{vm}.policy.yaml"), encoding="utf-8") as source:
        text = source.read().replace(":5683/temp/*", f":{server.port}/elsewhere/*")
    world.file("p.yaml", text)
    result = world.run("--devices", world.devices(CONSTANT), "--policy", "p.yaml", world.guest(built(world.build, name), server.port))
    expect(result, 1, ["the report did not arrive"], ["returned -15\n"])
    assert not server.received, "the guard let it pass"


@case("a guest that looks for another sensor than its guard allows is denied", EACH)
def guard_sensor(world, name):
    server = world.responder(changed)
    vm = GUESTS[name][0]
    with open(os.path.join(world.demo, f"{vm}.policy.yaml"), encoding="utf-8") as source:
        text = source.read().replace("saul.find.kind: [sense_temp]", "saul.find.kind: [sense_hum]").replace("5683", str(server.port))
    world.file("p.yaml", text)
    result = world.run("--devices", world.devices(CONSTANT), "--policy", "p.yaml", world.guest(built(world.build, name), server.port))
    expect(result, 1, ["there is no temperature sensor"], ["returned -15\n"])


@case("a guest without any policy is refused", EACH)
def no_policy(world, name):
    result = world.run(world.guest(built(world.build, name), world.nobody()))
    expect(result, 1, err=["has no policy, so nothing is granted", "was refused: imports "])


# ---- the sensor ----

@case("a bad devices file stops the run, with its place", EACH)
def bad_devices(world, name):
    server = world.responder(changed)
    result = report(world, name, server.port, device="{name: bench, class: sense_temp, driver: magic, unit: temp_c}")
    expect(result, 1, err=["devices.yaml:3:", "error: ", "magic"])
    assert result.out == "" and not server.received, result.out


@case("no devices file: there is no sensor", EACH)
def no_devices(world, name):
    port = world.nobody()
    result = world.run("--policy", world.policy(GUESTS[name][0], port), world.guest(built(world.build, name), port))
    expect(result, 1, ["there is no temperature sensor"], ["returned -64\n"])


@case("what stands in the sensor's file arrives at the server", EACH)
def sensor_file(world, name):
    server = world.responder(changed)
    for content, reading in [("21540\n", "21.54 C"), ("0", "0.00 C"), ("-5250\n", "-5.25 C"), ("  7001 ", "7.00 C"), ("327670", "327.67 C")]:
        world.file("temperature", content)
        expect(report(world, name, server.port, device=FROM_FILE), 0)
        sent = server.received[-1].payload.decode()
        assert sent.startswith(reading + ","), f"the file has {content!r}, {sent!r} arrived"


@case("a sensor whose file is missing, empty, a folder or nonsense is an error for the guest", EACH)
def sensor_missing(world, name):
    server = world.responder(changed)
    expected = (1, ["the sensor does not answer"], ["returned -65\n"])
    expect(report(world, name, server.port, device=FROM_FILE), *expected)
    for content in ["", "hot", "12 degrees", "1" * 100, "nan", "inf", b"\xff\xfe", "99999999999999999999"]:
        world.file("temperature", content)
        expect(report(world, name, server.port, device=FROM_FILE), *expected)
    os.unlink(os.path.join(world.folder, "temperature"))
    os.mkdir(os.path.join(world.folder, "temperature"))
    expect(report(world, name, server.port, device=FROM_FILE), *expected)
    assert not server.received, "something was reported"


# ---- the trace ----

GOLDEN = """\
[thermo] saul.find(kind=sense_temp, nth=0) -> dev=#N "bench"
[thermo] saul.read(dev=#N "bench") -> data={val=[2154,0,0] unit=temp_c scale=-2} dims=1
[thermo] random.u32() -> R
[thermo] log.print(text="21.54 C, next report in T ms") = ok
[thermo] coap.put(uri="coap://127.0.0.1:PORT/temp/VM", content=text, payload=<P>, timeout=2000) -> answer=#N "2.04"
[thermo] coap.code(answer=#N "2.04") -> code=68
[thermo] gate.close(handle=#N "2.04") = ok
"""


@case("a trace has every call, decoded, the same on every VM", EACH)
def trace(world, name):
    server = world.responder(changed)
    result = report(world, name, server.port, "--trace")
    expect(result, 0)
    text = result.err
    for pattern, mask in [(r"#\d+", "#N"), (r"thermo-\w+", "thermo"), (r"(?<=u32\(\) -> )\d+", "R"), (r"report in \d+ ms", "report in T ms"),
                          (r"<[0-9a-f]+>", "<P>"), (rf":{server.port}/temp/\w+", ":PORT/temp/VM")]:
        text = re.sub(pattern, mask, text)
    assert text == GOLDEN, f"expected:\n{GOLDEN}is:\n{text}"


NOT_THERE = "memory (a range is not inside the guest's memory with that access)"
NO_HANDLE = "handle (no open object of that type has this handle)"
NO_TEXT = "format (a text is not UTF-8, holds a NUL, or is not of the declared format)"
NO_RANGE = "range (an argument is outside its declared range)"
WILD = f"""\
[wild] log.print(text=<unreadable 0xfffffff0+16>) = {NOT_THERE}
[wild] log.print(text=<unreadable 0xfffffff0+2147483647>) = {NO_RANGE}
[wild] random.fill() = {NOT_THERE}
[wild] random.fill() = {NOT_THERE}
[wild] saul.read(dev=<no handle 0xbadf00d>) = {NO_HANDLE}
[wild] saul.find(kind=<too wide 0x46a>, nth=0) = width (an argument has bits beyond its type)
[wild] saul.name(dev=<no handle 0x7>) = {NO_HANDLE}
[wild] log.print(text="\\x1b[31mred\\x0dover\\x07 \\"quoted\\" back\\\\slash") = ok
[wild] log.print(text="a\\xffb") = {NO_TEXT}
[wild] log.print(text="a\\x00b") = {NO_TEXT}
[wild] coap.get(uri="coap://user@127.0.0.1:PORT/%2e%2e/temp", timeout=100) = {NO_TEXT}
[wild] coap.get(uri="coap://user@127.0.0.1:PORT/%2e%2e/temp", timeout=0) = {NO_RANGE}
[wild] coap.get(uri=<unreadable 0xfffffff0+255>, timeout=100) = {NOT_THERE}
[wild] coap.code(answer=<no handle 0x1>) = {NO_HANDLE}
"""
MAY_MUCH = ("callgate_policy: 1\nguest: wild\ncalls: {random: [fill], saul: [find, name, read], coap: [get, code], log: [print]}\n"
            "guards: {saul.find.kind: any, coap.get.uri: any}\nviolation: error\n")


@case("a hostile guest gets nothing, and its trace and its words do no harm to a terminal")
def wild(world, _):
    server = world.responder(changed)
    world.file("p.yaml", MAY_MUCH)
    for vm in OTHERS:
        path = os.path.join(world.build, "test", "e2e", OTHERS[vm].format("wild"))
        if not os.path.exists(path):
            continue
        result = world.run("--trace", "--devices", world.devices(CONSTANT), "--policy", "p.yaml", world.guest(path, server.port))
        expect(result, 0)
        text = result.err.replace(str(server.port), "PORT")
        assert text == WILD, f"{vm}: expected:\n{WILD}is:\n{text}"
        assert result.out == '[wild] \\x1b[31mred\\rover\\x07 "quoted" back\\slash\n', repr(result.out)
    assert not server.received, "something was sent"


@case("a hostile guest whose policy traps ends at its first violation")
def wild_trapped(world, _):
    world.file("p.yaml", MAY_MUCH.replace("violation: error", "violation: trap"))
    for vm in OTHERS:
        path = os.path.join(world.build, "test", "e2e", OTHERS[vm].format("wild"))
        if os.path.exists(path):
            result = world.run("--policy", "p.yaml", world.guest(path, world.nobody()))
            expect(result, 1, err=["guest 'wild' stopped in log.print: a range is not inside the guest's memory with that access (argument 'text')"])


# ---- several guests, and signals ----

@case("of several guests some trap and some never end; the others finish")
def several(world, _):
    server = world.responder(changed)
    world.file("small.yaml", "callgate_policy: 1\ncalls: {log: [print], saul: [read]}\nlimits: {steps: 50000}\n")
    args, traps, loops, reports = [], 0, 0, 0
    for vm in OTHERS:
        if not built(world.build, vm):
            continue
        for what in ("stray", "endless"):
            path = os.path.join(world.build, "test", "e2e", OTHERS[vm].format(what))
            args += ["--policy", "small.yaml", world.guest(path, server.port)]
        args += ["--policy", world.policy(vm, server.port), world.guest(built(world.build, vm), server.port)]
        traps, loops, reports = traps + 1, loops + 1, reports + 1
    result = world.run("--devices", world.devices(CONSTANT), *args)
    expect(result, 1, ["about to stray", "round and round"])
    assert "went on" not in result.out, result.out
    trapped = "stopped in saul.read: no open object of that type has this handle (argument 'dev')"
    assert result.err.count(trapped) == traps, result.err
    assert result.err.count("stopped: it used up its steps (limits.steps: 50000)") == loops, result.err
    assert len(server.received) == reports and len(REPORT.findall(result.out)) == reports, result.out
    assert len(result.err.splitlines()) == traps + loops, result.err


def stop(world, name, what):
    server = world.responder(silent)
    vm = GUESTS[name][0]
    args = ["--devices", world.devices(CONSTANT), "--policy", world.policy(vm, server.port), world.guest(built(world.build, name), server.port)]
    process = world.start(*args)
    assert server.arrived.wait(10), "no request arrived"
    began = time.monotonic()
    process.send_signal(what)
    result = world.wait(process, began)
    expect(result, 128 + what, err=[f"callgate: guest 'thermo-{vm}' stopped: it was asked to\n"])
    assert result.seconds < 10, f"{result.seconds} s after the signal"


@case("SIGTERM while a guest waits for the server ends the run at once", EACH)
def sigterm(world, name):
    stop(world, name, signal.SIGTERM)


@case("SIGINT while a guest waits for the server ends the run at once", EACH)
def sigint(world, name):
    stop(world, name, signal.SIGINT)


@case("the time of the policy ends the wait for a server that never answers", EACH)
def policy_time(world, name):
    server = world.responder(silent)
    vm = GUESTS[name][0]
    with open(os.path.join(world.demo, f"{vm}.policy.yaml"), encoding="utf-8") as source:
        world.file("p.yaml", source.read().replace("time_ms: 5000", "time_ms: 300").replace("5683", str(server.port)))
    result = world.run("--devices", world.devices(CONSTANT), "--policy", "p.yaml", world.guest(built(world.build, name), server.port))
    assert result.code == 1 and 0.3 <= result.seconds < 1.7, f"{result.code}, {result.seconds} s: {result.out}{result.err}"


def play(build, demo, words):
    failed = count = 0
    names = [name for name in GUESTS if built(build, name)]
    for sentence, function, is_each in CASES:
        for name in names if is_each else [None]:
            title = f"{sentence} [{name}]" if name else sentence
            if words not in title:
                continue
            count += 1
            began = time.monotonic()
            try:
                with World(build, demo) as world:
                    function(world, name)
                print(f"ok   {title} ({time.monotonic() - began:.1f} s)", flush=True)
            except AssertionError as why:
                failed += 1
                print(f"FAIL {title}\n     {why}", flush=True)
            except Exception:  # a broken test is a failed one, and the rest goes on
                failed += 1
                print(f"FAIL {title}\n{traceback.format_exc()}", flush=True)
    print(f"{count} cases, {failed} failed")
    return 1 if failed or count == 0 else 0


def main():
    build, demo = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    if not any(built(build, name) for name in GUESTS):
        print("the demo's guests were not built")
        return 77
    if server_program() is None:
        print("libcoap's server is missing (Debian: libcoap3-bin)")
        return 77
    return play(build, demo, sys.argv[3] if len(sys.argv) > 3 else "")


if __name__ == "__main__":
    sys.exit(main())
