const root = process.argv[2] as string;
const { EXPLAINED, explainedSet } = await import(`${root}/bench/findings/explained.ts`);
const { UNEXPLAINED, recorded } = await import(`${root}/bench/findings/unexplained.ts`);
const { lawSystemByName } = await import(`${root}/bench/laws/systems/catalogue.ts`);
const { train, trainSpecies } = await import(`${root}/packages/learning/src/index.ts`);
const { runCase } = await import(`${root}/bench/findings/run-case.ts`);
for (const [table, row, seed, noise] of [["explained",0,11],["explained",8,11],["unexplained",0,1,1e-3],["unexplained",2,1,1e-3],["unexplained",3,1,1e-3],["unexplained",5,1,1e-3],["unexplained",6,1,1e-3],["unexplained",7,1,1e-3],["unexplained",9,1,1e-3],["unexplained",10,1,1e-3],["unexplained",11,1,1e-3],["unexplained",12,1,1e-3],["unexplained",13,1,1e-3],["unexplained",2,1,0],["unexplained",9,1,0]] as const) {
  const t = performance.now();
  const { title, findings, failed } = await runCase({ table, row, seed, noise });
  console.log(JSON.stringify({ title, noise, findings, failed }));
  console.error((performance.now() - t) | 0, title);
}
