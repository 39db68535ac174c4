import { isMclnnError } from "@mclnn/physics";
import { learn } from "./learn.ts";
import type { Answers, AskKind, Refusal, Reply, Request } from "./protocol.ts";

type Does = { [K in AskKind]: (ask: Answers[K]["ask"]) => Promise<Answers[K]["answer"]> };

/** What is not asked at first is loaded when it is. */
const does: Does = {
  learn,
  formula: async () => (await import("./formula.ts")).formula(),
  test: async (ask) => (await import("./test.ts")).test(ask),
  open: async (ask) => (await import("./file.ts")).open(ask),
  write: async (ask) => (await import("./file.ts")).write(ask),
};

addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  postMessage(await reply(data));
});

async function reply({ id, kind, ask }: Request): Promise<Reply> {
  try {
    return {
      id,
      answer: await (does[kind] as (ask: unknown) => Promise<Answers[AskKind]["answer"]>)(ask),
    };
  } catch (caught) {
    return { id, refusal: refusalOf(caught) };
  }
}

function refusalOf(caught: unknown): Refusal {
  if (!isMclnnError(caught))
    return {
      code: "unexpected",
      message: caught instanceof Error ? caught.message : String(caught),
    };
  const { code, message, addRecords } = caught;
  return { code, message, ...(addRecords === undefined ? {} : { addRecords }) };
}
