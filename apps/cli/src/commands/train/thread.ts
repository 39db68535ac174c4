import { workOnThread } from "@mclnn/models/node";

workOnThread();
