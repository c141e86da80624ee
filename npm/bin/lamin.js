#!/usr/bin/env node
// Starts the program that the package of this platform holds, as if it had been called itself.
// Nothing here touches process.stdin, stdout or stderr: that would make pipes non-blocking, which
// the program inherits.
"use strict";

const { spawn } = require("node:child_process");
const { writeSync } = require("node:fs");
const { constants } = require("node:os");
const process = require("node:process");
const { isatty } = require("node:tty");
const { optionalDependencies } = require("../package.json");

const packageName = `@lamin/${process.platform}-${process.arch}`;

function findProgram() {
  const file = process.platform === "win32" ? "lamin.exe" : "lamin";
  try {
    return require.resolve(`${packageName}/bin/${file}`);
  } catch {
    return undefined;
  }
}

function explainMissing() {
  const known = Object.keys(optionalDependencies);
  const reason = known.includes(packageName)
    ? `its part for this computer, ${packageName}, is not installed. ` +
      "Install lamin again, without '--omit=optional' and not from another computer's node_modules"
    : `there is no part for this computer (${packageName}), only ${known.join(", ")}. ` +
      "Run it from its sources with Deno";
  writeSync(2, `lamin cannot start: ${reason}.\n`);
  process.exit(1);
}

function start(program) {
  const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
  const forward = (signal) => child.kill(signal);
  // A terminal sends Ctrl-C to both processes: this one only has to outlive the other.
  process.on("SIGINT", isatty(0) ? () => {} : forward);
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, forward);
  child.on("error", (error) => {
    writeSync(2, `lamin cannot start: ${error.message}.\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    // Ends as the program did, so that a shell sees the same.
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // A signal that does not end this process.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100);
  });
}

const program = findProgram();
if (program === undefined) explainMissing();
else start(program);
