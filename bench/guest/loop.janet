# SPDX-License-Identifier: BSD-2-Clause
# loop.janet - the guests of the benchmark in Janet: one call before the loop, then so many as the host says. The build makes a file of it for each case.
(defn expect [truth] (unless truth (error "@case@")))
(defn empty [rounds]
  (for _ 0 rounds))
(defn u32 [rounds]
  (def call random/u32)
  (call)
  (for _ 0 rounds (call)))
(defn fill [rounds]
  (def call random/fill)
  (expect (= 16 (length (call 16))))
  (for _ 0 rounds (call 16)))
(defn read [rounds]
  (def dev (saul/find 130 0))
  (def call saul/read)
  (expect (= -2 (((call dev) 0) :scale)))
  (for _ 0 rounds (call dev)))
(defn fields [rounds]
  (def dev (saul/find 130 0))
  (def call saul/read)
  (var unit nil)
  (var scale nil)
  (call dev)
  (for _ 0 rounds
    (def data ((call dev) 0))
    (set unit (data :unit))
    (set scale (data :scale)))
  (expect (and (= unit 2) (= scale -2))))
(defn say [rounds]
  (def it (bench/open))
  (def call bench/say)
  (call it "hello world")
  (for _ 0 rounds (call it "hello world")))
(@case@ (bench/rounds))
0
