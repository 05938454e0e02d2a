// SPDX-License-Identifier: BSD-2-Clause
// Uses that are right: tsc must find nothing.
import { saul, log, random, timer, event, CallgateError } from "callgate";
import * as sensors from "callgate/saul";
import type { device_t, phydat_t } from "callgate/saul";

const device: device_t = saul.find("sense_temp", 0);
const same: device_t = sensors.find(sensors.types.class.sense_temp, 0);
const { data, dims }: { data: phydat_t; dims: number } = device.read();
const first: number | undefined = data.val[0];
const written: number = same.write({ val: [1, 2, 3], unit: 0, scale: 0 }) + dims;
const bytes: Uint8Array = random.fill(8);
const now: bigint = timer.now();
const alarm = timer.every(1000);
timer.on.fired = (source, count: number) => { if (source === alarm && count > 3) source.cancel(); };
timer.on("fired", async (source) => { source.close(); });
timer.on.fired = null;
try {
    log.print(`${String(first)} ${bytes.length} ${now} ${written} ${event.wait(10)}`);
} catch (e) {
    if (e instanceof CallgateError && e.code < 0) {
        log.print(e.api + e.call + e.name + e.text);
    }
}
const unknown: unknown = device;
if (unknown instanceof saul.types.device) {
    log.print(unknown.name());
}
alarm[Symbol.dispose]();
