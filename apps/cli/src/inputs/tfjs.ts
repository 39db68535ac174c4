import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { MclnnError } from "@mclnn/physics";

/** `@mclnn/tfjs`, which is not part of this program. */
export interface Tfjs {
  readonly tfjs: typeof import("@mclnn/tfjs");
  readonly node: typeof import("@mclnn/tfjs/node");
}

/**
 * `@mclnn/tfjs` as it is installed beside this program, or else where a module of the user's own is.
 *
 * @param from - path of that module
 * @throws MclnnError `missing-package` with the line that installs it
 */
export async function loadTfjs(from: string, besideUs: () => Promise<Tfjs> = load): Promise<Tfjs> {
  try {
    return await besideUs();
  } catch (cause) {
    const { code, message = "" } = cause as { code?: unknown; message?: string };
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes("'@mclnn/tfjs'")) throw cause;
    const main = resolved("@mclnn/tfjs", from);
    const node = resolved("@mclnn/tfjs/node", from);
    if (main !== null && node !== null)
      return {
        tfjs: await import(pathToFileURL(main).href),
        node: await import(pathToFileURL(node).href),
      };
    throw new MclnnError("@mclnn/tfjs is not installed", {
      code: "missing-package",
      argument: "--network",
      expected: "the package @mclnn/tfjs beside this program or the network",
      got: "no such package",
      mend: "npm install @mclnn/tfjs @tensorflow/tfjs @tensorflow/tfjs-backend-wasm",
      cause,
    });
  }
}

async function load(): Promise<Tfjs> {
  return { tfjs: await import("@mclnn/tfjs"), node: await import("@mclnn/tfjs/node") };
}

/** Folder of tfjs-node where a module of the user's own sees it; undefined where it does not. */
export function tfjsNodeFolder(from: string): string | undefined {
  const found = resolved("@tensorflow/tfjs-node/package.json", from);
  return found === null ? undefined : dirname(found);
}

/** File that a package's name stands for in a module at a path; null where there is none. */
function resolved(name: string, from: string): string | null {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return null;
  }
}
