import path from "node:path";
import { build, createLogger } from "vite";

/**
 * Bundles a program for browsers as vite does for a user who configured nothing, in one file.
 *
 * @param {string} entry - path of the program
 * @returns {Promise<{ code: string, warnings: string[] }>}
 */
export async function viteBundle(entry) {
  /** @type {string[]} */
  const warnings = [];
  const logger = createLogger("warn");
  const keep = (/** @type {string} */ text) => void warnings.push(text);
  Object.assign(logger, { warn: keep, warnOnce: keep, error: keep });
  const result = await build({
    configFile: false,
    root: path.dirname(entry),
    customLogger: logger,
    build: {
      write: false,
      target: "es2022",
      lib: { entry, formats: ["es"] },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (output === undefined || !("output" in output)) throw new Error("vite made nothing");
  const chunk = output.output.find((each) => each.type === "chunk");
  return { code: chunk?.type === "chunk" ? chunk.code : "", warnings };
}
