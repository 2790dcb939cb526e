import { filesCollector } from '/work/main/src/collect/files/collector.ts';
import { nodeWorld } from '/work/main/src/world/node.ts';
import { filesTarget, plain } from '/work/main/test/support/collect.ts';
const [dir, version, root] = process.argv.slice(2);
const t = { ...filesTarget(version ? { nginx: version, openssl: '3.0.15' } : {}, root ? { root } : {}), address: dir };
const c = await filesCollector.collect(t, nodeWorld('/'), new AbortController().signal);
for (const r of c.resources) { if (r.kind==='secret.exposure') continue; console.log(r.kind, r.id); for (const [k, f] of Object.entries(r.facts)) { const p = JSON.stringify(plain(f as never)); console.log('   ', k, p.slice(0, 160)); } }
console.log(Object.fromEntries(Object.entries(c.coverage).map(([k,v])=>[k, [v.status, ...v.gaps.map(g=>g.detail)]])));
console.log(c.looked.map(l=>l.name+':'+l.as).join(' '));
