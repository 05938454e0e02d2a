# SPDX-License-Identifier: BSD-2-Clause
# react.janet - does nothing with an event, so that what is counted is the way there and back. The build makes a file of it for each case.
(var source nil)
(if (= "@case@" "ticked")
  (set source (bench/hang))
  (set source (saul/watch (saul/find 130 0) 10 0)))
(defn on_bench_ticked [&])
(defn on_saul_changed [&])
0
