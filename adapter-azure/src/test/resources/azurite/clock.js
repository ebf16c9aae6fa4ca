// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

// Loaded before the emulator: its clock goes ahead of the machine's by as many milliseconds as the last line of standard input says.
const RealDate = Date;
let ahead = 0;

globalThis.Date = new Proxy(RealDate, {
  construct(target, given, made) {
    return given.length === 0 ? new target(target.now() + ahead) : Reflect.construct(target, given, made === Date ? target : made);
  },
  apply(target) {
    return new target(target.now() + ahead).toString();
  },
  get(target, name) {
    return name === "now" ? () => target.now() + ahead : Reflect.get(target, name);
  },
});

require("node:readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    ahead = Number(line);
    process.stdout.write("clock is ahead by " + ahead + "\n");
  });
