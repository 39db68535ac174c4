/** Points in space, one a particle. */
export type Points = readonly (readonly number[])[];

/** Corners of a regular polygon in the plane z = 0. @param radius - of the circle through them */
export function polygon(corners: number, radius: number, dimension: 2 | 3): Points {
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners;
    const corner = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return dimension === 2 ? corner : [...corner, 0];
  });
}

/** Corners of a regular tetrahedron. */
export function tetrahedron(edge: number): Points {
  const a = edge / Math.sqrt(8);
  return [
    [a, a, a],
    [a, -a, -a],
    [-a, a, -a],
    [-a, -a, a],
  ];
}

/** A polygon with a point above and one below, all neighbours but the two about as far apart as the polygon's. */
export function bipyramid(corners: number, edge: number): Points {
  const radius = edge / (2 * Math.sin(Math.PI / corners));
  const height = Math.sqrt(Math.max(0.25 * edge * edge, edge * edge - radius * radius));
  return [...polygon(corners, radius, 3), [0, 0, height], [0, 0, -height]];
}

/** Velocities of a rigid turn about the z axis. */
export function turning(points: Points, rate: number): Points {
  return points.map(([x = 0, y = 0, ...rest]) => [-rate * y, rate * x, ...rest.map(() => 0)]);
}

/** Velocities towards the origin, `speed` each. */
export function inward(points: Points, speed: number): Points {
  return points.map((point) => {
    const distance = Math.sqrt(point.reduce((sum, x) => sum + x * x, 0));
    return point.map((x) => (-speed * x) / distance);
  });
}

/** No velocities. */
export function still(points: Points): Points {
  return points.map((point) => point.map(() => 0));
}
