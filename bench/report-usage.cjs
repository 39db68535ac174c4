// Loaded before a program that is measured, and all that it starts: at their ends, a line each in the file that MCLNN_USAGE names says what they used.
const { isMainThread } = require("node:worker_threads");
const { appendFileSync, existsSync, readFileSync } = require("node:fs");

const STATUS = "/proc/self/status";

if (isMainThread && process.env.MCLNN_USAGE !== undefined) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    // Linux counts to `maxRSS` what the process that started it had; `VmHWM` is its own.
    const own = existsSync(STATUS) && /VmHWM:\s+(\d+) kB/.exec(readFileSync(STATUS, "utf8"));
    const memory = 1024 * (own ? Number(own[1]) : maxRSS);
    const usage = { processor: (userCPUTime + systemCPUTime) / 1e6, memory };
    appendFileSync(process.env.MCLNN_USAGE, `${JSON.stringify(usage)}\n`);
  });
}
