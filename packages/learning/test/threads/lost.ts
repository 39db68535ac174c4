// Prints what becomes of work whose worker thread ends by itself, one JSON object a line. The process must end, too.
import { isMclnnError } from "@mclnn/physics";
import { createThreads } from "../../src/node/index.ts";

const threads = createThreads(2, { entry: new URL("ends.mjs", import.meta.url), patience: 200 });
const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
const flag = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));
const work = (taken: Int32Array) => ({
  task: "rollouts",
  shared: { taken: { taken } },
  args: {},
  parts: 2,
});

const told = async (f: () => unknown): Promise<void> => {
  try {
    await f();
    console.log(JSON.stringify({ code: null }));
  } catch (error) {
    if (!isMclnnError(error)) throw error;
    const { code, kind, message } = error;
    console.log(JSON.stringify({ code, kind, message }));
  }
};

await told(() => threads.spread({ ...work(flag()), own: () => pause(60_000) }));
const taken = flag();
// The part at hand is not done before the other thread has taken one, and ended.
await told(() =>
  threads.divide({ ...work(taken), own: () => void Atomics.wait(taken, 0, 0, 20_000) }),
);
