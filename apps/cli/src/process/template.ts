import { packageFile } from "./package-file.ts";

/** Where the files lie that a new project begins with: beside the sources, and beside the chunks that they are bundled into. */
export const TEMPLATE: URL = packageFile("template/");
