// SPDX-License-Identifier: BSD-2-Clause
// What the example does not have: bytes, two texts in one call, an event that is waited for, one whose handler takes a record, an error of the gate.
import * as cg from "callgate/callgate";
import * as event from "callgate/event";
import * as log from "callgate/log";
import * as saul from "callgate/saul";
import * as storage from "callgate/store";
import * as timer from "callgate/timer";

export { callgate_block } from "callgate/callgate";

const room = new StaticArray<u8>(16);
const value: StaticArray<u8> = [97, 98, 99];
const record = event.Record.create();

export function cg_main(): i32 {
  let err = storage.put("größe", value, 3);
  if (err < 0) return err;
  const size = storage.get("größe", room);
  log.print(size.toString() + (size == 3 && room[0] == 97 && room[2] == 99 ? " bytes again" : " other bytes"));
  err = storage.get("none", room);
  log.print(err == storage.ERR_NOT_FOUND ? storage.errorText_(err) : "no error");
  const device = new cg.Ref<saul.Device>();
  err = saul.find(saul.Class.ACT_SWITCH, 0, device);
  log.print(err == cg.ERR_GUARD ? saul.errorText_(err) : "no error");

  const alarm = new cg.Ref<timer.Alarm>();
  err = timer.once(10, alarm);
  if (err < 0) return err;
  err = event.wait(5000, record);
  if (err < 0) return err;
  if (cg.eventNumber(record) == timer.EVENT_FIRED && record.handle == alarm.value.id) {
    log.print("waited, " + timer.Fired.of(record).count.toString());
  }
  err = alarm.value.close();
  if (err < 0) return err;
  err = event.wait(0, record);
  log.print(err == event.ERR_TIMEOUT ? event.errorText_(err) : "an event");

  err = saul.find(saul.Class.SENSE_TEMP, 0, device);
  return err < 0 ? err : saul.watch(device.value, 20, 0, new cg.Ref<saul.Watch>());
}

export function on_saul_changed(watch: saul.Watch, data: saul.Phydat, dims: u8): void {
  log.print("changed " + data.val(0).toString() + " " + data.scale.toString() + " " + dims.toString());
  watch.close();
  log.print("end");
}
