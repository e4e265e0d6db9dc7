// Answers SPARQL on loopback from a Turtle file, with Comunica: stores.cjs MODULES PORT FILE.
const fs = require("fs");
const http = require("http");
const path = require("path");

const [modules, port, file] = process.argv.slice(2);
const { QueryEngine } = require(path.resolve(modules, "@comunica/query-sparql-rdfjs"));
const { Parser, Store } = require(path.resolve(modules, "n3"));

const store = new Store(new Parser({ format: "Turtle" }).parse(fs.readFileSync(file, "utf8")));
const engine = new QueryEngine();

async function answer(query) {
  const result = await engine.query(query, { sources: [store] });
  const { data } = await engine.resultToString(result, "application/sparql-results+json");
  const chunks = [];
  for await (const chunk of data) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

http
  .createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const body = await answer(new URLSearchParams(Buffer.concat(chunks).toString()).get("query"));
      response.writeHead(200, { "Content-Type": "application/sparql-results+json" });
      response.end(body);
    } catch (error) {
      response.writeHead(400);
      response.end(String(error));
    }
  })
  .listen(Number(port), "127.0.0.1");
