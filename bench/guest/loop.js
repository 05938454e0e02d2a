// SPDX-License-Identifier: BSD-2-Clause
// loop.js - the guests of the benchmark in JavaScript: one call before the loop, then so many as the host says. The build makes a file of it for each case.
import { bench, random, saul } from "callgate";

const rounds = bench.rounds();
function expect(truth) {
  if (!truth) throw new Error("@case@");
}
function empty() {
  for (let i = 0; i < rounds; i++);
}
function u32() {
  const call = random.u32;
  call();
  for (let i = 0; i < rounds; i++) call();
}
function fill() {
  const call = random.fill;
  expect(call(16).length === 16);
  for (let i = 0; i < rounds; i++) call(16);
}
function read() {
  const dev = saul.find(130, 0), call = saul.read;
  expect(call(dev).data.scale === -2);
  for (let i = 0; i < rounds; i++) call(dev);
}
function fields() {
  const dev = saul.find(130, 0), call = saul.read;
  let unit, scale;
  call(dev);
  for (let i = 0; i < rounds; i++) {
    const data = call(dev).data;
    unit = data.unit;
    scale = data.scale;
  }
  expect(unit === 2 && scale === -2);
}
function say() {
  const it = bench.open(), call = bench.say;
  call(it, "hello world");
  for (let i = 0; i < rounds; i++) call(it, "hello world");
}
({ empty, u32, fill, read, fields, say })["@case@"]();
