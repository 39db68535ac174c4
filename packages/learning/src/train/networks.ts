// What only networks and descents need, as one part: it loads when one is asked for, and a page that learns spline laws never does.
export { trainByGradient } from "./train-by-gradient.ts";
export { trainMclnn } from "./train-mclnn.ts";
