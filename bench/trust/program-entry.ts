// What bin/mclnn.js is to dist, but as on a terminal: bars are drawn, and say how far a run is.
import { main } from "../../apps/cli/src/index.ts";

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: { write: (text) => process.stderr.write(text), isTTY: true, columns: 200 },
  env: process.env,
});
