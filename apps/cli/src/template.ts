/** Where the files lie that a new project begins with: beside the sources, and beside the chunks that they are bundled into. */
export const TEMPLATE: URL = new URL("../template/", import.meta.url);
