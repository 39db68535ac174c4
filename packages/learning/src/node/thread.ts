import { workOnThread } from "./work-on-thread.ts";

workOnThread();
