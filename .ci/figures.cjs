// Measures SVG files as a browser shows them: figures.cjs DIR...
//
// All is well if no two texts overlap, no text leaves its box or the figure, every text has a contrast
// of at least 4.5 in light and in dark, relative links lead to a file, and nothing can run.
const assert = require("assert");
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const puppeteer = require(path.resolve("target/judges-js/node_modules/puppeteer-core"));

// What the page measures; everything that is wrong, in words.
function measure() {
  const faults = [];
  const svg = document.documentElement;
  const box = (element) => element.getBoundingClientRect();
  const whole = box(svg);
  const name = (element) => `“${element.textContent.trim().slice(0, 30)}”`;
  const inside = (inner, outer, slack) =>
    inner.left >= outer.left - slack && inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;

  const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());
  const boxes = texts.map(box);
  texts.forEach((text, at) => {
    if (!inside(boxes[at], whole, 0.5)) faults.push(`${name(text)} leaves the figure`);
    for (let other = at + 1; other < texts.length; other++) {
      const across = Math.min(boxes[at].right, boxes[other].right) - Math.max(boxes[at].left, boxes[other].left);
      const down = Math.min(boxes[at].bottom, boxes[other].bottom) - Math.max(boxes[at].top, boxes[other].top);
      // Lines of one text touch; their glyphs do not.
      if (across > 1 && down > 0.3 * Math.min(boxes[at].height, boxes[other].height)) {
        faults.push(`${name(text)} overlaps ${name(texts[other])}`);
      }
    }
  });
  for (const node of svg.querySelectorAll("g.node")) {
    const outline = box(node.querySelector(".outline"));
    for (const text of node.querySelectorAll("text")) {
      if (text.textContent.trim() && !inside(box(text), outline, 0.5)) {
        faults.push(`${name(text)} leaves its box`);
      }
    }
  }
  for (const edge of svg.querySelectorAll("g.edge")) {
    for (const text of edge.querySelectorAll("text")) {
      for (const node of svg.querySelectorAll("g.node")) {
        const [a, b] = [box(text), box(node.querySelector(".outline"))];
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) {
          faults.push(`${name(text)} lies over the box of ${name(node.querySelector("text"))}`);
        }
      }
    }
  }

  const light = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  // The smallest painted shape below a text.
  const shapes = [...svg.querySelectorAll(".canvas, .box, .outline")]
    .map((shape) => ({ fill: getComputedStyle(shape).fill, box: box(shape) }))
    .filter((shape) => shape.fill.startsWith("rgb(") && shape.box.width > 0);
  let least = Infinity;
  texts.forEach((text, at) => {
    const below = shapes
      .filter((shape) => inside(boxes[at], shape.box, 2))
      .sort((a, b) => a.box.width * a.box.height - b.box.width * b.box.height)[0];
    if (!below) return faults.push(`${name(text)} lies on nothing`);
    const [a, b] = [light(getComputedStyle(text).fill), light(below.fill)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    least = Math.min(least, contrast);
    if (contrast < 4.5) faults.push(`${name(text)} has a contrast of ${contrast.toFixed(2)}`);
  });

  const running = svg.querySelectorAll("script, foreignObject, iframe, [onload], [onclick], image, use");
  if (running.length) faults.push("something in it can run or load");
  const links = [...svg.querySelectorAll("a")].map((a) => a.getAttribute("href"));
  const canvas = getComputedStyle(svg.querySelector(".canvas")).fill;
  return { faults, links, texts: texts.length, least, canvas };
}

async function main(folders) {
  const files = folders.flatMap((folder) =>
    fs.readdirSync(folder).filter((name) => name.endsWith(".svg")).map((name) => path.join(folder, name)));
  assert(files.length > 20, "there is little to look at");
  const browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage();
  let faults = 0;
  let texts = 0;
  let linked = 0;
  for (const file of files) {
    await page.goto(pathToFileURL(path.resolve(file)).href);
    const canvases = new Set();
    for (const scheme of ["light", "dark"]) {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      const seen = await page.evaluate(measure);
      canvases.add(seen.canvas);
      texts += seen.texts;
      for (const link of seen.links) {
        const leads = /^https?:\/\//.test(link) || link.startsWith("#") || fs.existsSync(path.join(path.dirname(file), link));
        if (!leads) seen.faults.push(`the link ${link} leads nowhere`);
        linked += 1;
      }
      for (const fault of seen.faults) console.error(`${file} (${scheme}): ${fault}`);
      faults += seen.faults.length;
    }
    if (canvases.size !== 2) {
      console.error(`${file}: light and dark are the same`);
      faults += 1;
    }
  }
  await browser.close();
  assert(texts > 1000 && linked > 100, "texts and links were found");
  console.log(`${files.length} figures, ${texts} texts and ${linked} links looked at`);
  process.exit(faults ? 1 : 0);
}

main(process.argv.slice(2));
