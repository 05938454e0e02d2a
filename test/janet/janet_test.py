#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Janet guests, run by the command: janet_test.py BUILD [NAME]

Each case is a script, and either what it prints through log.print, or how the command says that it was stopped. How they are checked, and in which time: ../scripts/scripts.py.
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from scripts import MEMORY, STEPS, Scripts

JANET = Scripts(".janet", memory=2000000, steps=100000)

GOOD = [
    ("numbers and bytes", "(log/print (string (type (random/u32)) (length (random/fill 8)) (length (random/fill 0))))", ["number80"]),
    ("an enum by name and by number", "(log/print (string (= (saul/find :sense_temp 0) (saul/find (saul/class :sense_temp) 0))))", ["true"]),
    ("a lent object is one object", "(def d (saul/find :sense_temp 0)) (log/print (string d ` ` (saul/name d)))", ["device bench"]),
    ("a record and a number", "(def [data n] (saul/read (saul/find :sense_temp 0))) (log/print (string ((data :val) 0) ` ` (data :unit) ` ` (data :scale) ` ` n))", ["2154 2 -2 1"]),
    ("an error is a table", "(try (saul/find :sense_temp 99) ([e] (log/print (string (e :api) ` ` (e :call) ` ` (e :code) ` ` (e :name) ` ` (e :text)))))",
     ["saul find -64 not_found saul/find: No such device."]),
    ("another kind", "(defn why [f & a] (log/print (try (f ;a) ([e] (e :text))))) (why saul/read 5) (why log/print 5) (why timer/every 1.5)",
     ["saul/read: argument 1 is not device", "log/print: argument 1 is not a string", "timer/every: argument 1 is not an integer"]),
    ("an unknown name", "(try (saul/find :warmth 0) ([e] (log/print (e :text))))", ["saul/find: argument 1 is not an integer, or the name of a value"]),
    ("a call that is not granted", "(try (sys/name) ([e] (log/print (e :name)))) (try (timer/once `x`) ([e] (log/print (e :name))))", ["DENIED", "DENIED"]),
    ("a closed object", "(def a (timer/every 1000)) (:close a) (:close a) (try (timer/cancel a) ([e] (log/print (e :name))))", ["HANDLE"]),
    ("an object given away", "(def a (timer/every 1000)) (timer/cancel a) (try (timer/cancel a) ([e] (log/print (e :name))))", ["HANDLE"]),
    ("closed at the end of a block", "(for i 0 9 (with [a (timer/every 1000)])) (log/print `nine`)", ["nine"]),
    ("closed by the collector", "(var n 0) (for i 0 60 (try (do (timer/every 1000) (++ n)) ([e] nil)) (array/new 2000)) (log/print (string (> n 10)))", ["true"]),
    ("fibers", "(def c (fiber/new (fn [] (log/print (string `in ` (yield 7)))))) (log/print (string `out ` (resume c))) (resume c 8)", ["out 7", "in 8"]),
    ("macros and eval", "(defmacro twice [x] ~(do ,x ,x)) (twice (log/print `m`)) (log/print (string (eval '(* 6 7)) (eval-string `(+ 1 2)`)))", ["m", "m", "423"]),
    ("event.wait", "(def a (timer/every 20)) (def e (event/wait 1000)) (log/print (string (e :api) ` ` (e :id) ` ` (e :size)))", ["6 1 4"]),
    ("a result", "0", []),
    ("constants", "(log/print (string saul/name_max))", ["31"]),
    ("whole numbers", "(log/print (string (int? 5) ` ` (int/s64 7) ` ` (+ (int/u64 `18446744073709551615`) 0)))", ["true 7 18446744073709551615"]),
    ("an empty program", "", []),
    ("no addresses", """(def odd @[@{} @[] (fn [] 1) math/sin log/print (fiber/new (fn [] 1)) (buffer `b`) (saul/find :sense_temp 0) (math/rng 1) (int/s64 1) defn 'x {:a @{}} [@{}]])
(def all @"")
(each x odd (buffer/push all (string x) (describe x) (string/format `%.3p%.3P%.3q%.3Q%.3m%.3M%.3n%.3N%v%V%t` x x x x x x x x x x x) (buffer/format @"" `%v` x)
  ;(map (fn [f] (string (try (f) ([e] (if (table? e) (get e :text) e))))) [|(+ x) |(in x x) |(error x) |(array/push x 1) |(timer/every x) |(string/format `%d` x)])))
(log/print (string (length (string/find-all `0x` all)) ` ` (string @{} math/sin defn (fn [] 1))))""",
     ["0 <table><cfunction math/sin><function defn><function>"]),
    ("the same seed", "(def a (math/random)) (math/seedrandom 0) (log/print (string (= a (math/random))))", ["true"]),
]
NEST = "(defn nest [] (var t [1]) (for i 0 60 (set t [t t])) t)"
STOPPED = [
    ("a number from 2^63 on for a signed field", "(saul/write (saul/find :sense_temp 0) {:val [(int/u64 `18446744073709551615`) 0 0] :unit 2 :scale 0})",
     "stopped in saul.write: an argument has bits beyond its type"),
    ("calls with values of another kind are paid for", "(for i 0 900 (try (timer/every `x`) ([e] (if (= (e :name) `BUDGET`) (error (string `paid ` i))))))", "paid 400"),
    ("a number that is too large", "(timer/every (* 1024 1024 1024 1024))", "stopped in timer.every: an argument has bits beyond its type"),
    ("a number below 0", "(timer/every -1)", "stopped in timer.every: an argument has bits beyond its type"),
    ("an endless loop", "(while true)", STEPS),
    ("an endless loop that catches", "(while true (try (while true) ([e] nil)))", STEPS),
    ("fibers that catch all", "(defn f [] (while true (resume (fiber/new f :aprtuwy0123456789)))) (f)", STEPS),
    ("a fiber that catches the end", "(while true (resume (fiber/new (fn [] (while true)) :8)))", STEPS),
    ("defer that loops", "(while true (try (defer (while true) (error 1)) ([e] nil)))", STEPS),
    ("a macro that loops", "(defmacro m [] (while true)) (m)", STEPS),
    ("eval that loops", "(while true (try (eval-string `(while true)`) ([e] nil)))", STEPS),
    ("a function of a table's", "(while true (try (sort @[3 2 1] (fn [a b] (while true))) ([e] nil)))", STEPS),
    ("a function that C calls", "(while true (try (string/replace-all `a` (fn [x] (while true)) `aaa`) ([e] nil)))", STEPS),
    ("all memory", "(def t @[]) (while true (array/push t (string/repeat `x` 1000)))", MEMORY),
    ("all memory, caught", "(def t @[]) (while true (try (while true (array/push t (string/repeat `x` 1000))) ([e] nil)))", MEMORY),
    ("a huge string", "(string/repeat `x` 1000000000)", MEMORY),
    ("a huge array", "(put @[] 2000000000 1)", MEMORY),
    ("a huge table", "(table/new 2000000000)", MEMORY),
    ("a deep recursion", "(defn f [] (+ 1 (f))) (f)", STEPS),
    ("a recursion through C", "(defn f [x] (string/replace `a` f `a`)) (f 1)", "C stack recursed too deeply"),
    ("brackets without end", "(eval-string (string/repeat `(` 100000))", MEMORY),
    ("a nest without end", "(var a 1) (for i 0 9000 (set a [a])) (eval a) (string a)", "recurse"),
    ("a prototype of its own", "(def a @{}) (table/setproto a a) (a :x) (table/proto-flatten a)", "unknown symbol table/proto-flatten"),
    ("an error that is a table", "(error @{:text @{}})", "stopped: <table>\n"),
    ("an error of another kind", "(error 5)", "5"),
    ("yielding out of the program", "(yield `gone`)", "gone"),
    ("equal tuples in tuples", NEST + "(= (nest) (nest))", STEPS),
    ("equal tuples in tuples, as keys", NEST + "(in @{(nest) 1} (nest))", STEPS),
    ("tuples in tuples, compared", NEST + "(< (nest) (nest))", STEPS),
    ("equal structs in structs", "(defn nest [] (var t {}) (for i 0 60 (set t {:a t :b t})) t) (= (nest) (nest))", STEPS),
    ("forms in forms", "(var t '(do nil nil)) (for i 0 60 (set t ~(do ,t ,t))) (eval t)", STEPS),
    ("a large set of letters", "(string/trim (string/repeat `a` 200000) (string (string/repeat `b` 200000) `a`))", STEPS),
    ("many digits", "(def s (string/repeat `9` 65000)) (while true (scan-number s))", STEPS),
    ("a syntax error", "(def x", "is not a sound program: "),
    ("a text that is too long", "(log/print (string/repeat `x` 300))", "log/print: an argument is outside its declared range"),
    ("calls after the end", "(try (timer/every 1e15) ([e] nil)) (while true (try (log/print `on`) ([e] nil)))", "an argument has bits beyond its type"),
    ("calls behind the end", "(defer (log/print `on`) (timer/every 1e15))", "an argument has bits beyond its type"),
]
GONE = """asm bundle/install cli-main debug debug/stack disasm dofile ev/spawn ffi/context file/open flush gccollect gcsetinterval getline import* load-image make-env make-image
marshal module/find native net/connect os/shell os/exit os/getenv os/time print printf eprint prin quit repl require root-env run-context sandbox slurp spit stdout stderr stdin
unmarshal use *out* peg/match parser/new trace table/proto-flatten xprint""".split()
STOPPED += [(f"{name} is left out", f"({name})", f"unknown symbol {name}") for name in GONE]
TICKS = """(def alarm (timer/every 20))
(var seen 0)
(defn on_timer_fired [a count] # count may jump where the machine is late
  (++ seen)
  (log/print (string seen ` ` (= a alarm)))
  (if (= seen 3) (timer/cancel a)))"""
TOGETHER = ("(def mine `NAME`) (var n 0) (def alarm (timer/every 15)) "
            "(defn on_timer_fired [a count] (++ n) (log/print (string mine n (= a alarm))) (if (= n 2) (timer/cancel a)))")


if __name__ == "__main__":
    sys.exit(JANET.main([(JANET.good, *row) for row in GOOD] + [(JANET.stopped, *row) for row in STOPPED] + [
        (JANET.ticks, "events", TICKS, None), (JANET.together, "two guests", TOGETHER, None)]))
