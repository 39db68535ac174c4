// Loaded before a program that is measured, and all that it starts: at their ends, a line each in the file that MCLNN_USAGE names says what they used.
const { isMainThread } = require("node:worker_threads");

if (isMainThread && process.env.MCLNN_USAGE !== undefined) {
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const usage = { processor: (userCPUTime + systemCPUTime) / 1e6, memory: maxRSS * 1024 };
    require("node:fs").appendFileSync(process.env.MCLNN_USAGE, `${JSON.stringify(usage)}\n`);
  });
}
