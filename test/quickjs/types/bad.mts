// SPDX-License-Identifier: BSD-2-Clause
// Uses that are wrong: tsc must find an error in each line that ends in "// wrong", and in no other.
import { saul, log, random, timer, CallgateError } from "callgate";
import { nothing } from "callgate/saul"; // wrong
import "callgate/saul";

const device = saul.find("sense_temp", 0);
saul.find("warmth", 0); // wrong
saul.find("sense_temp"); // wrong
saul.find("sense_temp", "0"); // wrong
log.print(5); // wrong
log.print(new Uint8Array(4)); // wrong
const text: string = random.fill(8); // wrong
const now: number = timer.now(); // wrong
device.cancel(); // wrong
timer.cancel(device); // wrong
device.read().data.value; // wrong
saul.write(device, { val: [1], unit: 0 }); // wrong
timer.on.fird = () => undefined; // wrong
timer.on("fird", () => undefined); // wrong
timer.on.fired = (source: string) => undefined; // wrong
saul.find = () => device; // wrong
new saul.types.device(); // wrong
new CallgateError(); // wrong
log.print(device.read()); // wrong
