// SPDX-License-Identifier: BSD-2-Clause
// Every shape that travels, against echo_host.c: what comes back is judged here, `done` tells which case failed.
import * as cg from "callgate/callgate";
import * as echo from "callgate/echo";

export { callgate_block } from "callgate/callgate";

function isPoint(point: echo.Point): bool {
  return point.type_ == i64.MIN_VALUE + 1 && point.in_ == u32.MAX_VALUE && point.on && point.end(0) == 1 && point.end(2) == 65535 && point.fn == echo.AB.END;
}

function fill(point: echo.Point): echo.Point {
  point.type_ = i64.MIN_VALUE + 1;
  point.in_ = u32.MAX_VALUE;
  point.on = true;
  point.end_(0, 1);
  point.end_(1, 2);
  point.end_(2, 65535);
  point.fn = echo.AB.END;
  return point;
}

function bytesOf(text: string, size: i32): StaticArray<u8> {
  const bytes = new StaticArray<u8>(size);
  String.UTF8.encodeUnsafe(changetype<usize>(text), text.length, changetype<usize>(bytes));
  return bytes;
}

function scalars(): bool {
  const i = new cg.Ref<i8>(), j = new cg.Ref<u16>(), k = new cg.Ref<bool>(), l = new cg.Ref<f32>(), m = new cg.Ref<f64>();
  const n = new cg.Ref<u8>(), o = new cg.Ref<i64>(), p = new cg.Ref<u32>();
  const err = echo.small(-128, 1, false, 0.5, -1e300, echo.AB.END, echo.Deep.LOW, echo.Match.SELF, i, j, k, l, m, n, o, p);
  const good = err == 0 && i.value == -127 && j.value == 65534 && k.value && l.value == -0.5 && m.value == 1e300;
  return good && n.value == echo.AB.END && o.value == echo.Deep.HIGH && p.value == echo.Match.CRATE;
}

function wide(): bool {
  const good = echo.value(i64.MAX_VALUE) == -i64.MAX_VALUE && echo.value(-(1 << 40)) == 1 << 40 && echo.less(100) == -100;
  return good && echo.AB_ == u64.MAX_VALUE && echo.LOW == i64.MIN_VALUE;
}

const u = new cg.Ref<u64>(), s = new cg.Ref<i64>(), has_move = new cg.Ref<bool>(), move = new cg.Ref<i64>(), has_x = new cg.Ref<bool>(), x = new cg.Ref<bool>();

function optional(): bool {
  let good: bool = echo.type_(u64.MAX_VALUE - 1, -2, "größe", true, u64.MAX_VALUE, u, s, has_move, move, has_x, x) == 0;
  good = good && u.value == 1 && s.value == -1 && has_move.value && move.value == 0 && has_x.value && x.value;
  good = good && echo.type_(1 << 63, i64.MIN_VALUE, "", false, 0, u, s, has_move, move, has_x, x) == 0;
  good = good && u.value == ~(<u64>1 << 63) && s.value == i64.MIN_VALUE + 1 && !has_move.value && !has_x.value;
  good = good && echo.type_(0, -1, "12345678901234567890", true, 0, u, s, has_move, move, has_x, x) == 0;
  return good && u.value == u64.MAX_VALUE && s.value == 0 && has_move.value && move.value == -1 && has_x.value && !x.value;
}

function tooLong(): bool {
  const long = echo.type_(0, 0, "123456789012345678901", false, 0, u, s, has_move, move, has_x, x) == cg.ERR_RANGE;
  return long && echo.type_(0, 0, "a\0b", false, 0, u, s, has_move, move, has_x, x) == cg.ERR_FORMAT;
}

function text(): bool {
  const room = bytesOf("größe", 16), used = new cg.Ref<u32>();
  used.value = 7;
  const long = echo.in_(2, room, used) == 9 && used.value == 9 && cg.text(room, used.value) == "größe!!";
  const full = echo.in_(8, room, used) == cg.ERR_SPACE && used.value == 9 && echo.in_(7, room, used) == 16;
  used.value = 17;
  const beyond = echo.in_(0, room, used) == cg.ERR_RANGE;
  used.value = 0;
  return long && full && beyond && echo.in_(0, new StaticArray<u8>(0), used) == 0;
}

function lists(): bool {
  const words: StaticArray<u64> = [u64.MAX_VALUE, 1 << 40, 3, 0], flags: StaticArray<bool> = [true, false];
  const count = new cg.Ref<u32>(), flags_count = new cg.Ref<u32>();
  count.value = 3;
  flags_count.value = 2;
  const good = echo.words(words, count, flags, flags_count) == 0 && count.value == 4 && words[0] == u64.MAX_VALUE && words[3] == (1 << 40) + 2 && !flags[0] && flags[1];
  return good && echo.words(words, count, flags, flags_count) == cg.ERR_SPACE;
}

function points(): bool {
  const room = new StaticArray<u8>(3 * echo.Point.SIZE), has_n = new cg.Ref<bool>(), n = new cg.Ref<f32>();
  const fs: StaticArray<f64> = [-1.5, 3e9];
  const good = echo.await_(fs, 2, true, 5.0, has_n, n, room) == 2 && has_n.value && n.value == 2.5;
  const one = echo.Point.at(changetype<usize>(room)), two = echo.Point.at(changetype<usize>(room) + echo.Point.SIZE);
  const first = one.type_ == -1 && one.on && one.end(2) == 1;
  const second = two.type_ == 3000000000 && two.in_ == 1 && two.end(2) == 2 && two.fn == echo.AB.END;
  const beyond = echo.await_(fs, 3, false, 0, has_n, n, room) == cg.ERR_RANGE;
  return good && first && second && beyond && echo.await_(fs, 0, false, 0, has_n, n, new StaticArray<u8>(0)) == 0 && !has_n.value;
}

function records(): bool {
  const line = echo.Line.create(), back = echo.Line.create();
  fill(line.ends(0));
  line.ok = true;
  const good = echo.loop(line, back) == 0 && isPoint(back.ends(1)) && back.ends(0).type_ == 0 && !back.ok;
  line.ends(1).fn = 3;
  return good && echo.loop(line, back) == cg.ERR_VALUE;
}

function bytes(): bool {
  const data: StaticArray<u8> = [0, 255, 122], room = new StaticArray<u8>(8);
  const good = echo.bytes(data, 3, room) == 3 && room[0] == 122 && room[1] == 255 && room[2] == 0;
  const err = echo.bytes(data, 0, room);
  return good && err == echo.ERR_TYPE && echo.errorText_(err) == "No \"type\"; \\ ${x} */ `";
}

const box = new cg.Ref<echo.Box>(), end = new cg.Ref<u8>(), nth = new cg.Ref<u32>();

function owned(): bool {
  let good: bool = echo.fn(7, box, end) == 0 && end.value == echo.AB.FN && echo.count() == 1;
  const one = box.value;
  good = good && echo.fn(8, box, end) == 0 && echo.count() == 2 && box.value.close() == 0 && box.value.close() == cg.ERR_HANDLE && echo.count() == 1;
  good = good && echo.end(one, nth) == 0 && nth.value == 7 && echo.count() == 0;
  return good && echo.fn(255, box, end) == echo.ERR_TYPE;
}

function handles(): bool {
  const spot = new cg.Ref<echo.Spot>(), lent = new cg.Ref<echo.Spot>(), other = new cg.Ref<echo.Spot>(), fresh = new cg.Ref<echo.Box>(), n = new cg.Ref<u32>();
  let good: bool = echo.fn(3, box, end) == 0;
  const one = box.value;
  good = good && echo.fn(4, box, end) == 0 && echo.find(0, spot) == 0 && spot.value.id != 0;
  good = good && echo.maybe(one, box.value, spot.value, fresh, lent, n) == 0 && n.value == 4003 && fresh.value.id != 0 && lent.value.id != 0;
  good = good && echo.find(1, other) == 0 && other.value.id == lent.value.id && other.value.id != spot.value.id && echo.find(2, other) == 0 && other.value.id == 0;
  good = good && echo.end(fresh.value, nth) == 0 && nth.value == 5 && echo.maybe(null, null, null, fresh, lent, n) == 0;
  return good && fresh.value.id == 0 && lent.value.id == 0 && n.value == 0 && echo.count() == 1 && one.close() == 0;
}

function refused(): bool {
  const good = echo.fn(1, box, end) == 0 && box.value.close() == 0 && echo.end(box.value, nth) == cg.ERR_HANDLE;
  return good && echo.post(box.value, echo.Point.create()) == cg.ERR_HANDLE && echo.count() == 0;
}

/** No garbage collector takes a record that is still used. */
function kept(): bool {
  const point = fill(echo.Point.create());
  __collect();
  for (let i = 0; i < 200; i++) {
    memory.fill(changetype<usize>(new StaticArray<u8>(echo.Point.SIZE)), 255, echo.Point.SIZE);
  }
  return isPoint(point);
}

export function cg_main(): i32 {
  const good: StaticArray<bool> = [scalars(), wide(), optional(), tooLong(), text(), lists(), points(), records(), bytes(), owned(), handles(), refused(), kept()];
  for (let i = 0; i < good.length; i++) {
    if (!good[i]) return echo.done(i + 1);
  }
  const err = echo.fn(42, box, end);
  return err < 0 ? err : echo.post(box.value, fill(echo.Point.create()));
}

let seen: bool = false;

export function on_echo_in(box: echo.Box, point: echo.Point, serial: u64, end: u8, is_in: bool): void {
  seen = isPoint(point) && serial == u64.MAX_VALUE - 1 && end == echo.AB.END && is_in;
}

export function on_echo_fn(box: echo.Box): void {
  echo.done(seen && echo.end(box, nth) == 0 && nth.value == 42 ? 0 : 14);
}
