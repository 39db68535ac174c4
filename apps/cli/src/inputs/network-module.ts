import { isMclnnError } from "@mclnn/physics";
import type { TfjsNetwork, TfjsNetworkModule } from "@mclnn/tfjs";
import { notedCall, notedImport } from "../own-code/calls.ts";
import { badModule, defaultExport, inOneLine, modulePath } from "./own-module.ts";

const OPTION = "--network";
const SHAPE = {
  expected: "a default export ({ tf, seed }) => ({ energy, variables }), or => a LayersModel",
  mend: "Write `export default ({ tf, seed }) => ({ energy: (r) => ..., variables: [...] });`.",
};

/**
 * The network that a module of the user's own makes, its calls noted and its errors put into words.
 *
 * @param given - path of the module
 * @throws MclnnError `file-not-found`, `bad-module`
 */
export async function loadNetwork(
  given: string,
): Promise<{ readonly path: string; readonly network: TfjsNetworkModule }> {
  const wrong = badModule(given, OPTION);
  const path = modulePath(given, OPTION);
  const exported = await defaultExport(path, wrong, SHAPE);
  if (typeof exported !== "function")
    throw wrong("exports something else", {
      ...SHAPE,
      got: `a default export that is a ${typeof exported}`,
    });
  const network: TfjsNetworkModule = async (context) => {
    // Without it tfjs greets on standard error.
    context.tf.enableProdMode();
    let made: TfjsNetwork;
    try {
      made = await notedImport(async () => (exported as TfjsNetworkModule)(context));
    } catch (error) {
      if (isMclnnError(error)) throw error;
      throw wrong("failed when it made the network", {
        expected: SHAPE.expected,
        got: inOneLine(error),
        cause: error,
      });
    }
    const energy = (made as Partial<Extract<TfjsNetwork, { energy: unknown }>> | null)?.energy;
    if (typeof energy !== "function") return made;
    return { ...made, energy: (r) => notedCall("energy", () => energy(r)) };
  };
  return { path, network };
}
