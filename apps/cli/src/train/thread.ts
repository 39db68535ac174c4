import { workOnThread } from "@mclnn/learning/node";

workOnThread();
