// SPDX-License-Identifier: BSD-2-Clause
// Read a sensor, say what it says, and be told of time: the same program as in ../c and ../rust.
import * as cg from "callgate/callgate";
import * as log from "callgate/log";
import * as random from "callgate/random";
import * as saul from "callgate/saul";
import * as timer from "callgate/timer";

export function cg_main(): i32 {
  const sensor = new cg.Ref<saul.Device>();
  let err = saul.find(saul.Class.SENSE_TEMP, 0, sensor);
  if (err < 0) return err;
  const name = new StaticArray<u8>(saul.NAME_MAX);
  const size = saul.name(sensor.value, name);
  if (size < 0) return size;
  const data = saul.Phydat.create();
  err = saul.read(sensor.value, data);
  if (err < 0) return err;
  const unit = data.unit == saul.Unit.TEMP_C ? " C" : "";
  log.print(cg.text(name, size) + " says " + data.val(0).toString() + "e" + data.scale.toString() + unit);

  err = saul.find(saul.Class.SENSE_TEMP, 1, sensor);
  if (err == saul.ERR_NOT_FOUND) {
    log.print("there is no second one: " + saul.errorText_(err));
  }

  const count = random.fill(new StaticArray<u8>(4));
  log.print(count >= 0 ? count.toString() + " random bytes" : "no random bytes");
  return timer.every(20, new cg.Ref<timer.Alarm>());
}

export function on_timer_fired(alarm: timer.Alarm, count: u32): void {
  if (count >= 3) {
    log.print(timer.cancel(alarm) == 0 ? "three ticks, enough" : "the alarm is gone");
  }
}
