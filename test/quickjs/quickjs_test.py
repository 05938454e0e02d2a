#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""JavaScript guests, run by the command: quickjs_test.py BUILD [NAME]

Each case is a module, and either what it prints through log.print, or how the command says that it was stopped. How they are checked, and in which time: ../scripts/scripts.py.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from scripts import MEMORY, STEPS, Scripts

IMPORT = "import { saul, log, random, timer, sys, event, CallgateError } from 'callgate';\n"
TRY = "const no = f => { try { f(); return 'none' } catch (e) { return `${e.name}/${e.message}` } };\n"
JS = Scripts(".mjs", memory=3000000, steps=300000, calls=600, head=IMPORT + TRY, timer="[now, every, cancel]")

NAMES = """AggregateError Array ArrayBuffer AsyncDisposableStack BigInt BigInt64Array BigUint64Array Boolean DataView DisposableStack Error EvalError
FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array InternalError Iterator JSON
Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set
String SuppressedError Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef
WeakSet decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt
queueMicrotask undefined unescape""".split("\n")

GOOD = [
    ("numbers and bytes", "const b = random.fill(8); log.print(typeof random.u32() + b.length + (b instanceof Uint8Array) + random.fill(0).length)", ["number8true0"]),
    ("a wide number is a BigInt", "log.print(typeof timer.now())", ["bigint"]),
    ("an enum by name and by number", "log.print(String(saul.find('sense_temp', 0) === saul.find(saul.types.class.sense_temp, 0)))", ["true"]),
    ("a lent object is one object, with methods", "const d = saul.find('sense_temp', 0); log.print(`${d} ${d.name()} ${saul.name(d)} ${d instanceof saul.types.device}`)",
     ["device #1 bench bench true"]),
    ("several outputs have names", "const { data, dims } = saul.find('sense_temp', 0).read(); log.print(`${data.val[0]} ${data.unit} ${data.scale} ${dims}`)", ["2154 2 -2 1"]),
    ("an error", "try { saul.find('sense_temp', 99) } catch (e) { log.print([e instanceof CallgateError, e instanceof Error, e.api, e.call, e.code, e.name, e.text].join()) }",
     ["true,true,saul,find,-64,not_found,No such device."]),
    ("an error has a message", "log.print(no(() => saul.find('sense_temp', 99)))", ["not_found/saul.find: No such device."]),
    ("another kind", "log.print(no(() => saul.read(5))); log.print(no(() => log.print(5))); log.print(no(() => log.print(new Uint8Array(3))))",
     ["kind/saul.read: argument 1 is not device", "kind/log.print: argument 1 is not a string", "kind/log.print: argument 1 is not a string"]),
    ("numbers that are none", "for (const n of ['1', 1.5, NaN, Infinity, null, undefined, {}, [], true, 2**53, Symbol(), { valueOf() { return 1 } }]) log.print(no(() => timer.every(n)).slice(-24))",
     ["rgument 1 is not an integer"[-24:]] * 12),
    ("BigInts that no integer holds", "for (const n of [1n << 64n, -(1n << 63n) - 1n, (1n << 200n)]) log.print(no(() => timer.every(n)).slice(0, 4))", ["kind"] * 3),
    ("an unknown name", "log.print(no(() => saul.find('warmth', 0)))", ["kind/saul.find: argument 1 is not an integer, or the name of a value"]),
    ("half a pair", "log.print(no(() => log.print('a\\ud800'))); log.print('\\ud83d\\ude00')", ["kind/log.print: argument 1 is not a string", "\U0001f600"]),
    ("a call that is not granted", "log.print(no(() => sys.name()).slice(0, 6)); let asked = 0; log.print(no(() => timer.once({valueOf() { asked++; return 5 }})).slice(0, 6) + asked)",
     ["DENIED", "DENIED0"]),
    ("a closed object", "const a = timer.every(1000); a.close(); a.close(); log.print(`${a} ${no(() => timer.cancel(a)).slice(0, 6)}`)", ["alarm (closed) HANDLE"]),
    ("an object given away", "const a = timer.every(1000); a.cancel(); log.print(String(a))", ["alarm (closed)"]),
    ("dispose", "for (let i = 0; i < 9; i++) { const a = timer.every(1000); a[Symbol.dispose]() } log.print('nine')", ["nine"]),
    ("using", "for (let i = 0; i < 9; i++) { using a = timer.every(1000) } log.print('nine')", ["nine"]),
    ("closed when it is not used any more", "for (let i = 0; i < 200; i++) timer.every(1000); log.print('200')", ["200"]),
    ("an object that is in a circle", "for (let i = 0; i < 3; i++) { let a = timer.every(1000); a.self = a; a = null; for (let k = 0; k < 10000; k++) { const o = {}; o.o = o } } log.print('3')", None),
    ("objects of the host are not made", "log.print(no(() => new saul.types.device())); log.print(no(() => saul.types.device.prototype.read.call({})))",
     ["TypeError/objects of the host come from calls", "kind/saul.read: argument 1 is not device"]),
    ("close of another", "log.print(no(() => saul.types.device.prototype.close.call({})))", ["TypeError/close wants an object of the host"]),
    ("an API cannot be changed", "log.print(no(() => { saul.find = 1 }).slice(0, 9)); log.print(no(() => { saul.types.device.prototype.read = 1 }).slice(0, 9)); log.print(no(() => { timer.on = 1 }).slice(0, 9))",
     ["TypeError"] * 3),
    ("an event that there is not", "log.print(no(() => { timer.on.fird = 1 }).slice(0, 9)); log.print(no(() => timer.on('fird', () => 1)))",
     ["TypeError", "TypeError/timer.on wants the name of an event, and a function"]),
    ("modules", "import * as t from 'callgate/timer'; import { find } from 'callgate/saul'; log.print(String(t.every === timer.every && find === saul.find && t.on === timer.on))",
     ["true"]),
    ("import()", "const { print } = await import('callgate/log'); print('in'); try { await import('fs') } catch (e) { print(e.message) }", ["in", "there is no module 'fs'"]),
    ("promises", "Promise.resolve(7).then(v => log.print('then ' + v)); log.print('first')", ["first", "then 7"]),
    ("async functions and errors", "const f = async () => saul.find('sense_temp', 99); try { await f() } catch (e) { log.print(e.name) } log.print('on')", ["not_found", "on"]),
    ("rejections that are handled late", "const p = Promise.reject(new Error('x')); await null; p.catch(() => log.print('caught'))", ["caught"]),
    ("text is evaluated", "log.print(String(eval('6 * 7') + new Function('return 1')()))", ["43"]),
    ("event.wait", "const a = timer.every(20); const e = event.wait(1000); log.print(`${e.head?.api ?? e.api} ${e.head?.id ?? e.id}`)", ["6 1"]),
    ("constants", "log.print(String(saul.name_max))", ["31"]),
    ("a call within a call's arguments", """const inner = { get unit() { log.print('no'); return 0 }, val: [0, 0, 0], scale: 0 };
log.print(no(() => saul.write(saul.find('sense_temp', 0), inner, 1)))""", ["BUSY/log.print: the guest is inside a call already"]),
    ("a getter that throws", "log.print(no(() => saul.write(saul.find('sense_temp', 0), { get val() { throw new RangeError('mine') } }, 1)))", ["RangeError/mine"]),
    ("a proxy as a record", "log.print(no(() => saul.write(saul.find('sense_temp', 0), new Proxy({}, { get(t, n) { throw new Error(String(n)) } }), 1)))", ["Error/val"]),
    ("a list that shrinks while it is taken", """const val = [1, 2, 3]; Object.defineProperty(val, 0, { get() { val.length = 1; return 1 } });
log.print(no(() => saul.write(saul.find('sense_temp', 0), { val, unit: 0, scale: 0 }, 1)))""", None),
    ("what there is not", "log.print([typeof Date, typeof performance, typeof SharedArrayBuffer, typeof Atomics, typeof Worker, typeof std, typeof os, typeof process, typeof require].join())",
     [",".join(["undefined"] * 9)]),
    ("a finalizer of the guest's", "const r = new FinalizationRegistry(v => log.print('gone ' + v)); (() => { r.register({}, 1) })(); await null; log.print('on')", None),
    ("no addresses", """const odd = [{}, [], () => 1, Math.sin, log.print, saul.find('sense_temp', 0), Symbol('a'), new Map(), new WeakRef({}), Promise.resolve(1), (function* () {})(), /a/, 1n, class A {},
  new Proxy({}, {}), new Proxy(() => 1, {}), new ArrayBuffer(8), new DataView(new ArrayBuffer(8)), new CallgateError(), saul, timer.on, saul.types.device, globalThis];
const texts = [];
for (const x of odd) for (const f of [String, x => `${x}`, JSON.stringify, x => Object.prototype.toString.call(x), x => x(), x => x.y.z, x => new x(), x => timer.every(x), x => x in 1, x => { throw x },
  x => { class B extends x {} }, x => [...x], x => x.toString(), x => Symbol.keyFor(x), x => BigInt(x), x => { x.a = x; JSON.stringify(x) }]) try { texts.push(String(f(x))) } catch (e) { texts.push(String(e.message) + e.stack) }
log.print(`${texts.length} ${texts.filter(t => /0x|[0-9a-f]{9}/.test(t)).length} ${String({})} ${String(Math.sin).replace(/\\s+/g, ' ')}`)""",
     ["368 0 [object Object] function sin() { [native code] }"]),
    ("memory is 0 before it is the guest's", """for (let i = 0; i < 20; i++) new Uint8Array(5000).fill(255);
const grown = new ArrayBuffer(8, { maxByteLength: 4096 }); grown.resize(4096);
log.print([grown, new ArrayBuffer(8).transfer(4096), new ArrayBuffer(4096), new Float64Array(512).buffer].map(b => new Uint8Array(b).every(x => x === 0)).join())""", ["true,true,true,true"]),
    ("names that there are, and no others", "const n = Object.getOwnPropertyNames(globalThis).sort(); while (n.length > 0) log.print(n.splice(0, 12).join(' '))", NAMES),
    ("an import with attributes", "try { await import('callgate', { with: { type: 'json' } }) } catch (e) { log.print(e.name) } try { await import('./a.mjs') } catch (e) { log.print(e.message) }", None),
    ("run is called behind the module", "export async function run() { log.print('run'); await null; log.print('on') }\nawait null; log.print('module')", ["module", "run", "on"]),
    ("run that is no function", "export const run = 5; log.print('module')", ["module"]),
    ("import.meta and this", "log.print(typeof import.meta + typeof this)", ["objectundefined"]),
]
KEYS = "const keys = () => Array.prototype.keys.call({ length: 2 ** 53 - 1 });" # 2^32 of them
STOPPED = [
    ("a number from 2^63 on for a signed field", "saul.write(saul.find('sense_temp', 0), {val: [18446744073709551615n, 0, 0], unit: 2, scale: 0})",
     "stopped in saul.write: an argument has bits beyond its type"),
    ("calls with values of another kind are paid for", "for (let i = 0; i < 3000; i++) { try { timer.every('x') } catch (e) { if (e.name == 'BUDGET') throw Error('paid ' + i) } }", "paid 600"),
    ("a number that is too large", "timer.every(2**40)", "stopped in timer.every: an argument has bits beyond its type"),
    ("a number below 0", "timer.every(-1)", "stopped in timer.every: an argument has bits beyond its type"),
    ("a text that is too long", "log.print('x'.repeat(300))", "log.print: an argument is outside its declared range"),
    ("calls after the end", "try { timer.every(2**40) } catch {} finally { for (;;) try { log.print('on') } catch {} }", "an argument has bits beyond its type"),
    ("an error", "throw new TypeError('mine')", "TypeError: mine (at <anonymous> (guest:3:"),
    ("an error that is none", "throw undefined", "undefined"),
    ("an error whose text is an error", "throw { toString() { throw 1 } }", "an error that is no text"),
    ("an error whose text loops", "throw { toString() { for (;;); } }", STEPS),
    ("a rejected promise", "Promise.reject(new Error('mine')); await null", "Error: mine"),
    ("an error in run", "export function run() { throw new TypeError('mine') }", "TypeError: mine (at run (guest:3:"),
    ("run after an error of the module", "export function run() { throw new TypeError('run') }\nthrow new TypeError('mine')", "TypeError: mine"),
    ("run that loops", "export function run() { for (;;) try { for (;;); } finally { continue } }", STEPS),
    ("an async error of the host", "(async () => saul.find('sense_temp', 99))()", "not_found: saul.find: No such device."),
    ("an endless loop", "for (;;);", STEPS),
    ("an endless loop that catches", "for (;;) try { for (;;); } catch {}", STEPS),
    ("an endless loop with finally", "for (;;) try { for (;;); } finally { continue }", STEPS),
    ("an endless loop in a generator", "function* g() { for (;;) try { yield 1 } finally { for (;;); } } for (;;) { for (const x of g()) break }", STEPS),
    ("an iterator whose return loops", "for (;;) try { Array.from({ [Symbol.iterator]() { return { next() { for (;;); }, return() { for (;;); } } } }) } catch {}", STEPS),
    ("promises whose executor loops", "for (;;) new Promise(() => { for (;;); }).catch(() => 0)", STEPS),
    ("executors in executors", "function f() { new Promise(f).catch(f); new Promise(f).catch(f) } for (;;) try { f() } catch {}", STEPS),
    ("jobs without end", "function f() { Promise.resolve().then(f) } f()", STEPS),
    ("jobs that catch", "async function f() { for (;;) try { for (;;); } catch {} finally { f() } } f(); f(); await f()", STEPS),
    ("a job that loops", "Promise.resolve().then(() => { for (;;); })", STEPS),
    ("awaiting without end", "for (;;) await null", STEPS),
    ("an async generator", "async function* g() { for (;;) yield 1 } for await (const x of g());", STEPS),
    ("a thenable that loops", "await { then() { for (;;); } }", STEPS),
    ("finalizers without end", "const r = new FinalizationRegistry(() => { for (;;) r.register({}, 1) }); (() => r.register({}, 1))(); for (;;) await null", STEPS),
    ("prepareStackTrace that loops", "Error.prepareStackTrace = () => { for (;;); }; for (;;) try { null.x } catch {}", STEPS),
    ("prepareStackTrace at the end", "Error.prepareStackTrace = () => ({}); for (;;) try { for (;;); } catch {}", STEPS),
    ("a getter that loops while arguments are taken", "for (;;) try { saul.write(saul.find('sense_temp', 0), { get val() { for (;;); } }, 1) } catch {}", STEPS),
    ("eval that loops", "for (;;) try { eval('for (;;);') } catch {}", STEPS),
    ("a regexp that backtracks", "/^(a+)+$/.test('a'.repeat(40) + 'b')", STEPS),
    ("a regexp that backtracks, caught", "for (;;) try { /^(a|a)*$/.test('a'.repeat(40) + 'b') } catch {}", STEPS),
    ("a text in a text", "const a = 'a'.repeat(400000), b = 'a'.repeat(200000) + 'b'; for (;;) a.indexOf(b)", STEPS),
    ("a text in a text, from behind", "const a = 'a'.repeat(400000), b = 'b' + 'a'.repeat(200000); for (;;) a.lastIndexOf(b)", STEPS),
    ("a text replaced in a text", "const a = 'a'.repeat(400000), b = 'a'.repeat(200000) + 'b'; for (;;) a.replaceAll(b, 'c') + a.split(b)", STEPS),
    ("texts that are compared", "const a = 'a'.repeat(900000) + 'b', b = 'a'.repeat(900000) + 'c'; for (;;) a < b", STEPS),
    ("a letter that is searched", "const a = 'a'.repeat(900000); for (;;) a.indexOf('b') + a.split('b') + a.includes('c')", STEPS),
    ("an array that is searched", "const a = new Array(90000).fill(1); for (;;) a.indexOf(2) + a.includes(2) + a.lastIndexOf(2) + a.reverse()[0]", STEPS),
    ("a typed array that is searched", "const a = new Uint8Array(1500000); for (;;) a.indexOf(2) + a.includes(2) + a.lastIndexOf(2) + a.fill(0)[0]", STEPS),
    ("marks to be sorted", "const s = '\\u0316\\u0300'.repeat(100000); for (;;) s.normalize('NFD')", STEPS),
    ("a product of large numbers", "let a = (1n << 500000n) + 1n; for (;;) a * a", STEPS),
    ("a quotient of large numbers", "let a = (1n << 900000n) + 1n, b = (1n << 400000n) - 1n; for (;;) a / b", STEPS),
    ("a power that is too large", "2n ** 10000000n", "RangeError"),
    ("a shift that is too large", "1n << 100000000000n", "RangeError"),
    ("digits of a large number", "const a = (1n << 1000000n) - 1n; for (;;) a.toString()", STEPS),
    ("a large number of digits", "const a = '9'.repeat(300000); for (;;) BigInt(a)", STEPS),
    ("all memory", "const t = []; for (;;) t.push(new Uint8Array(10000))", ""),
    ("memory that is always full", "const t = []; for (;;) try { t.push(new Uint8Array(1000)) } catch {}", "used up"),
    ("the end where memory is full", "const t = []; try { for (;;) t.push([]) } catch {} for (;;) try { for (;;); } catch {}", STEPS),
    ("all memory, in texts", "const t = []; for (;;) t.push('x'.repeat(1000) + t.length)", "used up"),
    ("a huge string", "'x'.repeat(2 ** 29)", MEMORY),
    ("a string that doubles", "let s = 'x'; for (;;) s += s", ""),
    ("a huge string of bits", "let s = 'x'; for (let i = 0; i < 29; i++) s += s; s.charCodeAt(5) + s.trim().length", MEMORY),
    ("padding", "'x'.padEnd(2 ** 29)", MEMORY),
    ("a huge array", "new Array(2 ** 32 - 1).fill(1)", ""),
    ("a huge buffer", "new ArrayBuffer(2 ** 40)", ""),
    ("a huge typed array", "new Float64Array(2 ** 27)", ""),
    ("a buffer that may grow", "new ArrayBuffer(8, { maxByteLength: 2 ** 29 }).resize(2 ** 29)", ""),
    ("an array that only says it is long, reversed", "Array.prototype.reverse.call({ length: 2 ** 53 - 1 })", STEPS),
    ("spliced", "Array.prototype.splice.call({ length: 2 ** 53 - 1 }, 0, 1)", STEPS),
    ("its end cut", "Array.prototype.splice.call({ length: 2 ** 53 - 1 }, 0)", ""),
    ("shifted", "Array.prototype.shift.call({ length: 2 ** 53 - 1 })", STEPS),
    ("unshifted", "Array.prototype.unshift.call({ length: 2 ** 53 - 2 }, 1)", STEPS),
    ("copied within", "Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 0, 9)", STEPS),
    ("sorted", "Array.prototype.sort.call({ length: 2 ** 53 - 1 })", STEPS),
    ("searched", "Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)", STEPS),
    ("searched from behind", "Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)", STEPS),
    ("included", "Array.prototype.includes.call({ length: 2 ** 53 - 1 }, 1)", STEPS),
    ("joined", "new Array(2 ** 32 - 1).join('')", ""),
    ("sliced", "new Array(2 ** 32 - 1).slice(1)", ""),
    ("put together", "[].concat(new Array(2 ** 32 - 1), new Array(2 ** 32 - 1))", ""),
    ("flattened", "new Array(2 ** 32 - 1).flat()", STEPS),
    ("filled beyond", "Array.prototype.fill.call(Object.create(new Uint8Array(1), { length: { value: 2 ** 53 - 1 } }), 1)", ""),
    ("made of what is long", "Array.from({ length: 2 ** 53 - 1 })", ""),
    ("typed, of what is long", "new Uint8Array({ length: 2 ** 40 })", ""),
    ("as text", "JSON.stringify(new Array(2 ** 32 - 1))", ""),
    ("raw", "String.raw({ raw: { length: 2 ** 53 - 1 } })", STEPS),
    ("applied", "Math.max.apply(null, { length: 2 ** 31 })", ""),
    ("reflected", "Reflect.apply(Math.max, null, new Proxy({}, { get: () => 60000 })); for (;;) Reflect.ownKeys(new Proxy({}, { ownKeys: () => Array(60000).fill('a') }))", ""),
    ("keys that are walked by the engine", KEYS + "Math.sumPrecise(keys())", STEPS),
    ("keys that are dropped", KEYS + "keys().drop(Infinity).next()", STEPS),
    ("keys that a set is told", KEYS + "for (const f of ['difference', 'isDisjointFrom']) try { new Set([-1])[f]({ size: 0, has() {}, keys }) } catch {}", STEPS),
    ("letters that are worked out", "new RegExp('[\\\\p{L}--\\\\p{L}]'.repeat(20000), 'v')", STEPS),
    ("letters that are worked out, caught", "for (;;) try { new RegExp('[^\\\\p{L}]'.repeat(9000), 'iu') } catch {}", STEPS),
    ("letters that are worked out while it is read", "/" + "[\\p{L}--\\p{L}]" * 20000 + "/v", "is not a sound program: reading it takes too long"),
    ("a typed array that is sorted", "const a = new Uint8Array(2000000); a.fill(1, 0, 1000000); for (;;) a.sort()", STEPS),
    ("keys of a proxy", "const k = Array.from({ length: 20000 }, (_, i) => 'k' + i); const p = new Proxy({}, { ownKeys: () => k }); for (;;) Reflect.ownKeys(p)", STEPS),
    ("a typed array that is turned round", "const a = new Uint8Array(2000000); for (;;) a.reverse()", STEPS),
    ("a comparator that never agrees", "Array.from({ length: 10000 }, (_, i) => i).sort(() => 1 - 2 * (Math.random() > 0.5)); for (;;) [3, 1, 2].sort(() => -1)", STEPS),
    ("an iterator without end", "Iterator.from({ next: () => ({ value: 1, done: false }) }).drop(Infinity).next()", STEPS),
    ("a Map that is walked while it grows", "const m = new Map([[0, 0]]); let i = 1; m.forEach((v, k) => { m.delete(k); m.set(i++, 0) })", STEPS),
    ("a deep recursion", "function f() { return 1 + f() } f()", "RangeError: Maximum call stack size exceeded"),
    ("a deep recursion, caught", "function f() { try { f() } catch { f() } } f()", ""),
    ("a deep recursion through the host's side", "const a = []; a.toString = () => String(a); String(a)", "Maximum call stack size exceeded"),
    ("JSON that is deep", "JSON.parse('['.repeat(1000000))", ""),
    ("JSON that is deep, as text", "let a = []; for (let i = 0; i < 30000; i++) a = [a]; JSON.stringify(a)", ""),
    ("deep things to be freed", "for (;;) { let a = null; for (let i = 0; i < 5000; i++) a = { a }; }", STEPS),
    ("brackets without end", "eval('('.repeat(100000))", ""),
    ("a regexp that is deep", "new RegExp('('.repeat(100000) + ')'.repeat(100000))", ""),
    ("proxies of proxies", "let p = {}; for (let i = 0; i < 20000; i++) p = new Proxy(p, {}); p.x", ""),
    ("prototypes without end", "let p = {}; for (let i = 0; i < 1000; i++) p = Object.create(p); for (;;) p.x", STEPS),
    ("a Symbol.species trick", "const a = [1, 2]; a.constructor = { [Symbol.species]: function () { for (;;); } }; a.map(x => x)", STEPS),
    ("a handle's prototype", "Object.getPrototypeOf(saul.find('sense_temp', 0)).read = null", "TypeError"),
    ("bytecode", "import('a.qbc').catch(e => { throw e }); await null; await null", "there is no module 'a.qbc'"),
    ("a syntax error", "let x = = 1", "is not a sound program: SyntaxError"),
    ("a module that there is not", "import 'std'", "there is no module 'std'"),
    ("an export that there is not", "import { nothing } from 'callgate'", "nothing"),
    ("a time zone", "new Date()", "Date is not defined"),
]
HANDLER = "(a, count) => { seen += 1; log.print(`${seen} ${a === alarm}`); if (seen === 3) a.close() }" # count may jump where the machine is late
EVENTS = [
    ("a handler that is set", "let seen = 0; const alarm = timer.every(20); timer.on.fired = " + HANDLER),
    ("a handler that is given", "let seen = 0; const alarm = timer.every(20); timer.on('fired', " + HANDLER + ")"),
    ("a handler that waits", "let seen = 0; const alarm = timer.every(20); timer.on.fired = async (a, count) => { await null; (" + HANDLER + ")(a, count) }"),
]
TOGETHER = """let n = 0; const alarm = timer.every(15);
timer.on.fired = a => { n += 1; log.print('NAME' + n + (a === alarm)); if (n === 2) a.cancel() }"""


def same_seed(folder, script, _):
    """Two runs have the same random numbers of JavaScript's own: they tell nothing of the host's clock."""
    first, second = JS.run(folder, script), JS.run(folder, script)
    assert first == second and first[0] == 0 and len(first[1]) == 2 and first[1][0] != first[1][1], (first, second)


if __name__ == "__main__":
    sys.exit(JS.main([(JS.good, *row) for row in GOOD] + [(JS.stopped, *row) for row in STOPPED] + [(JS.ticks, *row, None) for row in EVENTS] + [
        (same_seed, "the same seed", "log.print(String(Math.random())); log.print(String(Math.random()))", None),
        (JS.together, "two guests", TOGETHER, None), (JS.small, "too little memory", "", 100000)]))
