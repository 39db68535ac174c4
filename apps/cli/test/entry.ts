// What bin/mclnn.js is to dist: runs the sources.
import { main } from "../src/index.ts";

process.exitCode = await main(process.argv.slice(2));
