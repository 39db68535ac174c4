import { createState, type State } from "@mclnn/physics";

const DIMENSION = { dimension: 3 } as const;

const TRIANGLE = [
  [0.486657678894505, 0.755041888583519, 0],
  [-0.681737994414464, 0.29366023319721, 0],
  [-0.02259632746864, -0.612645601255358, 0],
];

/** Start of both spring systems (A.6.1, A.6.2). */
export const springTrainStart = (): State =>
  createState(
    {
      positions: TRIANGLE,
      velocities: [
        [-0.182709864466916, 0.363013287999004, 0],
        [-0.579074922540872, -0.748157481446087, 0],
        [0.761784787007641, 0.385144193447218, 0],
      ],
    },
    DIMENSION,
  );

/** The same positions, nine tenths of the velocities. */
export const springTestStart = (): State =>
  createState(
    {
      positions: TRIANGLE,
      velocities: [
        [-0.16443887802022442, 0.3267119591991036, 0],
        [-0.5211674302867848, -0.6733417333014783, 0],
        [0.6856063083068769, 0.34662977410249624, 0],
      ],
    },
    DIMENSION,
  );

/** Half the edge of the octahedron times the square root of 2. */
const A = 0.6380931593427405;

/** Six bodies on an octahedron with edge 0.9024 and small velocities: separations stay where the training was. */
export const octahedronStart = (): State =>
  createState(
    {
      positions: [
        [A, 0, 0],
        [-A, 0, 0],
        [0, A, 0],
        [0, -A, 0],
        [0, 0, A],
        [0, 0, -A],
      ],
      velocities: [
        [0.02, -0.03, 0.01],
        [-0.01, 0.02, 0.03],
        [0.03, 0.01, -0.02],
        [-0.02, -0.02, -0.01],
        [-0.03, 0.03, 0.02],
        [0.01, -0.01, -0.03],
      ],
    },
    DIMENSION,
  );

/** The training start twice, the second one 1.2 above: six bodies that all pull each other through separations that training never saw. */
export const twoTrianglesStart = (): State => {
  const { positions, velocities } = springTrainStart();
  const above = positions.map((x, k) => (k % 3 === 2 ? x + 1.2 : x));
  return createState(
    { positions: [...positions, ...above], velocities: [...velocities, ...velocities] },
    DIMENSION,
  );
};

/** N unit masses. */
export const unitMasses = (n: number): Float64Array => new Float64Array(n).fill(1);
