// Reads an RDF file with N3.js and prints how many distinct quads it holds.
const fs = require("fs");
const path = require("path");
const { Parser, Store } = require(path.resolve("target/judges-js/node_modules/n3"));

const file = process.argv[2];
const formats = { ".ttl": "Turtle", ".nt": "N-Triples", ".nq": "N-Quads", ".trig": "TriG" };
const parser = new Parser({ format: formats[path.extname(file)] });
console.log(new Store(parser.parse(fs.readFileSync(file, "utf8"))).size);
