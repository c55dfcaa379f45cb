// Asks a live endpoint through Comunica, as a SPARQL endpoint and by finding out itself what it is:
// npm ci && node comunica.mjs http://127.0.0.1:8000/sparql
import assert from "node:assert/strict";
import { QueryEngine } from "@comunica/query-sparql";

const OPGAVE = "<https://w3id.org/wijkaanpak/def#Opgave>";
const endpoint = process.argv[2];
const engine = new QueryEngine();

for (const source of [{ type: "sparql", value: endpoint }, endpoint]) {
  const context = { sources: [source] };
  const solutions = await (await engine.queryBindings(`SELECT ?o { ?o a ${OPGAVE} }`, context)).toArray();
  const quads = await (await engine.queryQuads(`CONSTRUCT WHERE { ?o a ${OPGAVE} }`, context)).toArray();
  assert.ok(solutions.length > 20);
  assert.equal(quads.length, solutions.length);
  assert.equal(await engine.queryBoolean(`ASK { ?o a ${OPGAVE} }`, context), true);
}
console.log("Comunica: in orde");
