import { createSystem, lennardJones, pairwise } from "@mclnn/physics";
import { withCutoff } from "@mclnn/physics/potentials";
import { periodicSpace } from "@mclnn/physics/space";
import { rolloutIterator, velocityVerlet } from "@mclnn/integrators";
import { manyRecords, spreadIntervals } from "../packages/learning/src/many/many-records.ts";
import { fitMany } from "../packages/learning/src/many/fit-many.ts";
import { splineCurve, curveAt } from "@mclnn/models/parts";
const m = Number(process.argv[2] ?? 5), stride=Number(process.argv[3] ?? 5), R=Number(process.argv[4] ?? 4), dt=0.002;
const n = 4*m*m*m, L = Math.cbrt(n/0.84), a = L/m;
const x = new Float64Array(3*n), v = new Float64Array(3*n);
let k=0, s=1; const rnd=()=>{ s=(Math.imul(s,1664525)+1013904223)|0; return (s>>>0)/2**32; };
for(let i=0;i<m;i++)for(let j=0;j<m;j++)for(let l=0;l<m;l++)for(const b of [[0,0,0],[.5,.5,0],[.5,0,.5],[0,.5,.5]]){ x[k]=(i+b[0])*a;x[k+1]=(j+b[1])*a;x[k+2]=(l+b[2])*a; k+=3;}
for(let i=0;i<3*n;i++) v[i]=1.3*3.46*(rnd()-.5);
const space=periodicSpace({rows:[L,L,L]});
const law=withCutoff(lennardJones(),{cutoff:2.5});
const system=createSystem({masses:new Array(n).fill(1),dimension:3,potential:pairwise(law),space});
let st:any; for(const q of rolloutIterator(system,{time:0,positions:x,velocities:v},{dt,stride:m>8?200:500,records:2,integrator:velocityVerlet})) st={time:0,positions:q.positions.slice(),velocities:q.velocities.slice()};
const P:number[][]=[],V:number[][]=[],T:number[]=[];
for(const q of rolloutIterator(system,st,{dt,stride,records:R,integrator:velocityVerlet})){P.push(Array.from(q.positions));V.push(Array.from(q.velocities));T.push((q as any).time)}
const set:any={trajectories:1,records:R,particles:n,dimension:3,masses:new Float64Array(n).fill(1),times:Float64Array.from(T),positions:Float64Array.from(P.flat()),velocities:Float64Array.from(V.flat()),box:Float64Array.of(L,0,0,0,L,0,0,0,L),periodic:Uint8Array.of(1,1,1),provenance:{}};
const cpu=()=>{const u=process.cpuUsage();return (u.user+u.system)/1e6};
const rec=manyRecords(set,"none",null);
const t0=cpu();
const g=fitMany(rec,{steps:stride,ends:Float64Array.of(2.5),cells:60,intervals:spreadIntervals(rec,3)});
let r=g.next(); while(!r.done){ r=g.next(); }
const fit=r.value; const c=splineCurve(fit.laws.basis,fit.coefficients);
const sep=fit.separations[0]; const lo=sep[Math.floor(sep.length*0.001)];
let max=0,num=0,den=0; for(const q of sep){ const e=curveAt(fit.laws.basis.cells,c,0,q)-law.slope(q); num+=e*e; den+=law.slope(q)**2; if(q>lo) max=Math.max(max,Math.abs(e)); }
console.log({n,stride,passes:fit.passes,loss:fit.loss,share:fit.share,rms:Math.sqrt(num/den),max:max/Math.sqrt(den/sep.length),cpu:cpu()-t0,rss:process.memoryUsage().rss/1e6});
import { collocation } from "../packages/learning/src/prior/metric.ts";
import { matrixVector } from "../packages/learning/src/algebra/linear-algebra.ts";
{ const B=fit.laws.basis; const co=collocation(B); const vals=co.points.map(r=>law.slope(Math.min(r,2.5*(1-1e-12)))); const cc=matrixVector(co.toCoefficients,vals,B.size); const cu=splineCurve(B,cc); let num=0; let mx=0,at=0; for(const q of sep){const e=curveAt(B.cells,cu,0,q)-law.slope(q); num+=e*e; if(Math.abs(e)>mx){mx=Math.abs(e);at=q}} console.log('interp rms',Math.sqrt(num/den),'max',mx/Math.sqrt(den/sep.length),at, Array.from(B.clusters[0].knots).map(q=>q.toFixed(3)).join(' '));
let w=0,wa=0; for(const q of sep){const e=Math.abs(curveAt(B.cells,c,0,q)-law.slope(q)); if(e>w){w=e;wa=q}} console.log('worst',w,wa);
for(let q=0.9;q<2.5;q+=0.1) console.log(q.toFixed(2),(curveAt(B.cells,c,0,q)-law.slope(q)).toExponential(2),(curveAt(B.cells,cu,0,q)-law.slope(q)).toExponential(2)); }
import { adaptedKnots, basisOn, gradedKnots } from "../packages/learning/src/many/many-knots.ts";
{ const B=basisOn([gradedKnots(0.916,2.5,60)]); const co=collocation(B); const cc=matrixVector(co.toCoefficients,co.points.map(r=>law.slope(Math.min(r,2.5*(1-1e-12)))),B.size);
const kn=adaptedKnots(B,cc); console.log('true-adapted',Array.from(kn[0]).map(q=>q.toFixed(3)).join(' '));
const B2=basisOn(kn); const co2=collocation(B2); const cu=splineCurve(B2,matrixVector(co2.toCoefficients,co2.points.map(r=>law.slope(Math.min(r,2.5*(1-1e-12)))),B2.size)); let num=0,mx=0; for(const q of sep){const e=curveAt(B2.cells,cu,0,q)-law.slope(q); num+=e*e; if(q>lo)mx=Math.max(mx,Math.abs(e))} console.log(Math.sqrt(num/den),mx/Math.sqrt(den/sep.length)); }
