export { loadTfjsNode, type TfjsNodeLoaded } from "./tfjs-node.ts";
