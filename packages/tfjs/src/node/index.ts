export { loadTfjsBackend, type NodeBackendName } from "./load-backend.ts";
export { loadTfjsNode, type TfjsNodeLoaded } from "./tfjs-node.ts";
