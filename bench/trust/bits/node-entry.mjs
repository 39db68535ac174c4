// Runs the bundled program in any Node, or Bun: its path, and options as JSON.
import process from "node:process";
import { pathToFileURL } from "node:url";

const [program = "", options = ""] = process.argv.slice(2);
const { run } = await import(pathToFileURL(program).href);
process.stdout.write(JSON.stringify(await run(JSON.parse(options))));
