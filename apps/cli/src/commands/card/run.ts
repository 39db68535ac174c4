import { createHash } from "node:crypto";
import { basename } from "node:path";
import { readInput } from "../../inputs/file.ts";
import { required } from "../../options/required.ts";
import { claimFile } from "../../outputs/output-file.ts";
import { DONE, type ExitCode } from "../../process/exit-code.ts";
import type { Session } from "../../session/session.ts";
import { modelCard } from "./card.ts";
import type { CardOptions } from "./declare.ts";

/** Writes a model card. */
export async function card(options: CardOptions, { terminal }: Session): Promise<ExitCode> {
  const path = required(options.model, "--model", "FILE, a model in safetensors");
  const out = await claimFile(options.out, { force: options.force, ending: ".md" });
  const bytes = await readInput(path, "--model");
  const { decodeModel } = await import("@mclnn/models");
  const model = decodeModel(bytes, { source: path });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await out.write(modelCard(model, { name: basename(path), sha256 }));
  terminal.print(`Model card of ${path}: ${out.path}`);
  terminal.printJson({ card: out.path, model: path, modelKind: model.kind, sha256 });
  return DONE;
}
