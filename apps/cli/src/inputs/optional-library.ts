import { MclnnError } from "@mclnn/physics";

/** Libraries that some formats are read by, which are not part of this program, and how they are installed. */
const LIBRARIES: Readonly<Record<string, () => Promise<unknown>>> = {
  h5wasm: () => import("h5wasm"),
  netcdfjs: () => import("netcdfjs"),
};

/** Loads one of them. @throws MclnnError `missing-package` with the line that installs it */
export function optionalLibrary(option: string): (name: string) => Promise<unknown> {
  return async (name) => {
    try {
      return await LIBRARIES[name]?.();
    } catch (cause) {
      throw new MclnnError(`${name} is not installed, which reads this format`, {
        code: "missing-package",
        argument: option,
        expected: `the package ${name} beside this program`,
        got: "no such package",
        mend: `npm install ${name}`,
        cause,
      });
    }
  };
}
