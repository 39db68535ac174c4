// Lets Node run the TypeScript sources, in worker threads too (`--import tsx` serves the main thread alone on Node 20).
import { register } from "tsx/esm/api";

register();
