import { main } from "../../../apps/cli/src/index.ts";
import type { EntryCalls } from "../call.ts";

const silent = () => ({ write: () => true });
const nowhere = () => ({ stdout: silent(), stderr: silent(), env: {} });

/** The one entry of the command line, which says what is the matter by its exit code. */
export const cliCalls: EntryCalls = {
  entry: "@mclnn/cli",
  // Where it is told no place it writes to the process's own.
  module: { main: (argv: readonly string[], io = nowhere()) => main(argv, io) },
  calls: { main: { args: () => [["systems", "--json"], nowhere()], callsLater: true } },
};
