// The checker page: reads the inputs, asks checker.js, and writes its lines in the chosen language.
const $ = (selector) => document.querySelector(selector);
let language = "en";

// A computed number, with the language's decimal mark.
const spoken = ({ shown: text }) => text.replace(".", WORDS[language].decimal_mark);

// A message, its values filled in.
function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (_, name) => (
    values[name]?.shown ? spoken(values[name]) : values[name]));
}

const number = (value, places) => ({ shown: value.toFixed(places) });

function element(tag, text, properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: text, ...properties });
}

function fill(place, ...children) {
  $(place).replaceChildren(...children);
}

// A printed row ------------------------------------------------------------------------------

const FIELDS = ["m", "n", "df", "W", "chi2", "p", "mean_ranks"];
const texts = () => Object.fromEntries(FIELDS.map((name) => [name, $(`#${name}`).value]));

function lineElement({ key, values, against }) {
  const item = element("li", say(key, values));
  if (typeof against === "boolean") {
    const verdict = element("span", say(against ? "checker.fails" : "checker.fits"));
    verdict.className = against ? "tag against" : "tag";
    item.append(" ", verdict);
  }
  return item;
}

function showRow() {
  const given = texts();
  const { row, wrong } = readRow(given);
  for (const name of FIELDS) $(`#${name}`).setAttribute("aria-invalid", wrong.includes(name));
  if (wrong.length) {
    const fields = wrong.map((name) => say("checker." + name)).join("; ");
    return fill("#row_result", element("p", say("checker.wrong", { fields }), { className: "against" }));
  }
  if (!Object.values(given).some((text) => text.trim())) return fill("#row_result");
  const { verdict, lines } = judge(row);
  const found = element("p", "", { className: "verdict" });
  const word = element("b", say("verdict." + verdict), { className: verdict });
  found.append(word, ". ", say("checker.means." + verdict));
  const list = element("ol", "");
  list.append(...lines.map(lineElement));
  return fill("#row_result", found, list);
}

function fillRow(values) {
  for (const name of FIELDS) $(`#${name}`).value = values[name] ?? "";
  showRow();
}

// A pairwise matrix ----------------------------------------------------------------------------

const LETTERS = "ABCDEFGHI";

function pairs(n) {
  return upTo(n).flatMap((_, i) => upTo(n).slice(i).map((j) => [LETTERS[i], LETTERS[j - 1]]));
}

// The inputs of the upper triangle; what was typed for a pair stays.
function drawMatrix() {
  const n = Number($("#items").value);
  const before = Object.fromEntries([...document.querySelectorAll("#pairs input")].map((input) => [input.id, input.value]));
  const known = Object.keys(before).length ? before : Object.fromEntries(pairs(3).map((pair, k) => [pair.join(""), ["3", "5", "1/5"][k]]));
  fill("#pairs", ...pairs(n).map(([first, second]) => {
    const id = first + second;
    const label = element("label", `${first} : ${second}`);
    label.append(element("input", "", { id, type: "text", value: known[id] ?? "", autocomplete: "off" }));
    return label;
  }));
  showMatrix();
}

function showMatrix() {
  const n = Number($("#items").value);
  const inputs = [...document.querySelectorAll("#pairs input")];
  const judged = inputs.map((input) => (input.value.trim() ? readJudgement(input.value) : undefined));
  inputs.forEach((input, k) => input.setAttribute("aria-invalid", judged[k] === null));
  const named = (k) => inputs[k].id.split("").join(" : ");
  const wrong = judged.flatMap((value, k) => (value === null ? [named(k)] : []));
  if (wrong.length) {
    const words = say("checker.wrong_pairs", { pairs: wrong.join(", ") });
    return fill("#matrix_result", element("p", words, { className: "against" }));
  }
  const open = judged.filter((value) => value === undefined).length;
  if (open) return fill("#matrix_result", element("p", say("checker.open_pairs", { open })));
  const found = consistency(judged, n);
  const bars = element("div", "", { className: "bars" });
  found.priorities.forEach((priority, k) => {
    const bar = element("i", "");
    bar.style.width = `${100 * priority}%`;
    const track = element("span", "", { className: "track" });
    track.append(bar);
    bars.append(element("b", LETTERS[k]), track, element("span", spoken(number(priority, 3))));
  });
  const shownIndex = {
    n, lambda: number(found.lambda, 3), ci: number(found.ci, 4), ri: number(found.ri, 2), cr: number(found.cr, 3),
  };
  const cr = element("p", say(found.cr > 0.1 ? "checker.cr_high" : "checker.cr_low", shownIndex));
  const { i, j, implied, factor } = found.worst;
  const values = {
    pair: `${LETTERS[i]} : ${LETTERS[j]}`, judged: inputs[pairs(n).findIndex(([a, b]) => a === LETTERS[i] && b === LETTERS[j])].value,
    implied: number(implied, 2), factor: number(factor, 2),
  };
  const worst = element("p", factor > 1 + 1e-6 ? say("checker.worst", values) : say("checker.no_worst"));
  return fill("#matrix_result", element("h3", say("checker.priorities")), bars,
    element("p", say("checker.index", shownIndex)), cr, worst);
}

// Exact against chi-square ---------------------------------------------------------------------

const known = new Map();

function tailOf(m, n) {
  if (!isExact(m, n)) return null;
  const key = `${m} ${n}`;
  if (!known.has(key)) known.set(key, exactTail(m, n));
  return known.get(key);
}

function showExact() {
  const [m, n, chosen] = ["raters", "exact_items", "w"].map((id) => Number($(`#${id}`).value));
  const tail = tailOf(m, n);
  // Only some W can occur: the nearest is shown.
  const point = tail?.reduce((a, b) => (Math.abs(b.w - chosen) < Math.abs(a.w - chosen) ? b : a));
  const w = point?.w ?? chosen;
  const chi2 = (x) => chi2P(m * (n - 1) * x, n - 1);
  for (const [id, value] of [["raters", m], ["exact_items", n]]) $(`#${id}_shown`).textContent = value;
  $("#w_shown").textContent = spoken(number(w, 3));
  const values = {
    m, n, w: number(w, 3), chi2: pShown(chi2(w), 4), exact: pShown(point?.p ?? 0, 4), most: GIVEN.exact[n] ?? 0,
  };
  const told = [element("p", say(tail ? "checker.exact_p" : "checker.too_many", values))];
  if (tail) {
    const first = (p) => { const at = tail.find((one) => p(one) <= 0.05); return at ? number(at.w, 3) : { shown: "–" }; };
    const reached = { alpha: number(0.05, 2), exact: first(({ p }) => p), chi2: first((one) => chi2(one.w)) };
    told.push(element("p", say("checker.reached", reached)));
  }
  fill("#exact_result", ...told);
  drawTails(tail, chi2, w);
}

function drawTails(tail, chi2, w) {
  const [x, y] = [(value) => 34 + 300 * value, (p) => 150 - 140 * p];
  const line = (points) => points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
  const curve = Array.from({ length: 101 }, (_, k) => [k / 100, chi2(k / 100)]);
  // p falls just above each W that can occur
  const steps = (tail ?? []).flatMap(({ w: at, p }, k) => [[k ? tail[k - 1].w : 0, p], [at, p]]);
  const mark = WORDS[language].decimal_mark;
  const ticks = [0, 0.5, 1].flatMap((t) => [
    `<text x="${x(t)}" y="166" text-anchor="middle">${String(t).replace(".", mark)}</text>`,
    `<text x="28" y="${y(t) + 4}" text-anchor="end">${String(t).replace(".", mark)}</text>`]);
  $("#tails").setAttribute("aria-label", say("checker.chart"));
  $("#tails").innerHTML = `<path d="M34 10V150H334" class="axis"/>${ticks.join("")}
    <line x1="${x(w)}" x2="${x(w)}" y1="10" y2="150" class="chosen"/>
    <polyline points="${line(curve)}" class="chi2"/><polyline points="${line(steps)}" class="exact"/>
    <text x="184" y="180" text-anchor="middle">W</text><text x="16" y="50">p</text>`;
}

// Start, and the language ------------------------------------------------------------------------

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = say("checker.title");
  for (const place of document.querySelectorAll("[data-say]")) place.textContent = say(place.dataset.say);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", button.dataset.language === chosen);
  }
  showRow();
  showMatrix();
  showExact();
}

function start() {
  for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
      speak(button.dataset.language);
      history.replaceState(null, "", `#${language}`);
    });
  }
  $("#row").addEventListener("input", showRow);
  for (const [k, button] of document.querySelectorAll("[data-example]").entries()) {
    button.addEventListener("click", () => fillRow(EXAMPLES[k] ?? {}));
  }
  $("#items").addEventListener("input", drawMatrix);
  $("#pairs").addEventListener("input", showMatrix);
  $("#exact").addEventListener("input", showExact);
  drawMatrix();
  fillRow(EXAMPLES[0]);
  const wanted = [location.hash.slice(1), navigator.language.slice(0, 2), "en"];
  speak(wanted.find((name) => name in WORDS));
}

start();
