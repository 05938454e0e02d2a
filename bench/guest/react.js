// SPDX-License-Identifier: BSD-2-Clause
// react.js - does nothing with an event, so that what is counted is the way there and back. The build makes a file of it for each case.
import { bench, saul } from "callgate";

if ("@case@" === "ticked") {
  globalThis.source = bench.hang();
  bench.on.ticked = () => {};
} else {
  globalThis.source = saul.find(130, 0).watch(10, 0);
  saul.on.changed = () => {};
}
