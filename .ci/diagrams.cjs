// Holds Mermaid files to the Cytoscape JSON of the same figure, and that to Cytoscape.js:
// diagrams.cjs FIGURE.cyjs...
//
// All is well if Cytoscape.js takes every element and every style, if Mermaid in a browser shows every
// label and links, and if nothing but text and lines comes out of it. With PICTURES=DIR in the
// environment, what the browser shows is left there to look at.
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const modules = path.resolve("target/judges-js/node_modules");
const cytoscape = require(path.join(modules, "cytoscape"));
const puppeteer = require(path.join(modules, "puppeteer-core"));

console.warn = (...words) => assert.fail(words.join(" "));

function checkCytoscape(document) {
  const cy = cytoscape({ headless: true, styleEnabled: true, ...document, layout: { name: "preset" } });
  for (const { data } of [...document.elements.nodes, ...document.elements.edges]) {
    const element = cy.getElementById(data.id);
    assert.equal(element.data("label"), data.label);
    assert.equal(element.style("label").trim(), data.label.trim());
    if (data.parent) assert.equal(element.parent().id(), data.parent);
    if (data.source) assert.deepEqual([element.source().id(), element.target().id()], [data.source, data.target]);
    if (data.line) assert.equal(element.style("line-style"), data.line);
  }
  const count = cy.nodes().length + cy.edges().length;
  cy.destroy(); // Else its clock keeps the process alive.
  return count;
}

// A text as Mermaid shows it: without control characters, with blanks as they come.
function shown(text) {
  return text
    .replace(/[\0-\x09\x0b-\x1f\x7f-\x9f]/g, "\ufffd")
    .replace(/\u2060/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

// The labels that Mermaid shows: the loops of a node are one loop.
function labels(elements) {
  const loops = new Map();
  for (const { source, target, label } of elements) {
    if (source && source === target) loops.set(source, [...(loops.get(source) ?? []), label]);
  }
  const others = elements.filter((it) => !it.source || it.source !== it.target).map((it) => it.label);
  return [...others, ...[...loops.values()].map((it) => it.join("\n"))].filter((it) => it.trim());
}

async function draw(page, text) {
  return page.evaluate(async (text) => {
    const { svg } = await mermaid.render("figure", text);
    const holder = document.getElementById("holder");
    holder.innerHTML = svg;
    const all = (selector) => [...holder.querySelectorAll(selector)];
    return {
      labels: all(".nodeLabel, .edgeLabel .edgeLabel").map((it) => it.innerText),
      title: all("svg > title").map((it) => it.textContent).join(),
      description: all("svg > desc").map((it) => it.textContent).join(),
      links: all("a").map((it) => it.getAttribute("xlink:href") ?? it.getAttribute("href")),
      nodes: all(".node").length,
      tags: [...new Set(all("*").map((it) => it.tagName.toLowerCase()))],
    };
  }, text);
}

const TAGS = "svg style g path rect polygon circle marker foreignobject div span p br a title desc defs filter fedropshadow lineargradient stop".split(" ");

async function main(files) {
  assert(files.length > 0, "no figures");
  const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.setContent('<!doctype html><meta charset="utf-8"><body><div id="holder"></div>');
  await page.addScriptTag({ path: path.join(modules, "mermaid/dist/mermaid.min.js") });
  await page.evaluate(() => mermaid.initialize({ startOnLoad: false }));
  let alerts = 0;
  page.on("dialog", () => (alerts += 1));
  for (const file of files) {
    const document = JSON.parse(fs.readFileSync(file, "utf8"));
    const said = [`Cytoscape.js takes ${checkCytoscape(document)} elements`];
    const source = file.replace(/cyjs$/, "mmd");
    if (fs.existsSync(source)) {
      const found = await draw(page, fs.readFileSync(source, "utf8"));
      const elements = [...document.elements.nodes, ...document.elements.edges].map((it) => it.data);
      const left = found.labels.map(shown);
      for (const label of labels(elements)) {
        const at = left.indexOf(shown(label));
        assert(at >= 0, `${source}: ${JSON.stringify(label)} is not shown; ${JSON.stringify(left)}`);
        left.splice(at, 1);
      }
      assert.equal(shown(found.title), shown(document.data.name));
      assert.equal(shown(found.description), shown(document.data.description));
      assert.equal(found.links.length, elements.filter((it) => it.class && it.href).length);
      assert(found.links.every((it) => it.startsWith("https://")), found.links.join(" "));
      const foreign = found.tags.filter((it) => !TAGS.includes(it));
      assert.deepEqual(foreign, [], `${source} becomes markup`);
      said.push(`Mermaid shows ${found.labels.length} labels, ${found.links.length} links`);
      if (process.env.PICTURES) {
        const picture = path.join(process.env.PICTURES, `${path.basename(source)}.png`);
        await (await page.$("#holder svg")).screenshot({ path: picture });
      }
    }
    console.log(`${path.basename(file, ".cyjs")}: ${said.join(", ")}`);
  }
  assert.equal(alerts, 0, "a script ran");
  await browser.close();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
