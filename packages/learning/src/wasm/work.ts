/** Work done since the program began, by kernels and by plain TypeScript alike: what a run costs, whatever the machine. */
export interface WorkCount {
  /** Calls into WebAssembly; 0 where plain TypeScript does the work. */
  kernelCalls: number;
  /** Trajectories rolled out. */
  rollouts: number;
  /** Trajectories whose sensitivities were propagated. */
  sensitivities: number;
  /** Trajectories whose rollout was reversed. */
  adjoints: number;
  /** Separations at which a pair network was evaluated in a batch, and at which its gradient was taken. */
  networkPoints: number;
  networkGradients: number;
  /** Levenberg-Marquardt iterations of a network's slope. */
  distillations: number;
  /** Configurations at which a position network was evaluated, and at which its gradient or rows of J were made. */
  positionPoints: number;
  positionGradients: number;
}

export const work: WorkCount = {
  kernelCalls: 0,
  rollouts: 0,
  sensitivities: 0,
  adjoints: 0,
  networkPoints: 0,
  networkGradients: 0,
  distillations: 0,
  positionPoints: 0,
  positionGradients: 0,
};

let wanted = true;

/**
 * Chooses between WebAssembly kernels (the default, where the host has SIMD) and the plain TypeScript that they are checked against.
 *
 * Both give the same bits; only the time differs.
 */
export function useKernels(use: boolean): void {
  wanted = use;
}

/** Whether kernels are wanted. */
export function kernelsWanted(): boolean {
  return wanted;
}
