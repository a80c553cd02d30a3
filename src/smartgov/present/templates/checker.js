// The arithmetic of the checker page; checker_page.js shows it, and the tests run it under Node.
// Printed numbers are exact intervals of BigInt fractions, and only tails of distributions are
// floats. What is judged, and how, is that of src/smartgov/audit with its usual reading; GIVEN
// holds the constants of that package, so that none is written down twice.

// Fractions and intervals -------------------------------------------------------------------

// A fraction is [numerator, denominator], the denominator above 0.
const frac = (numerator, denominator = 1) => [BigInt(numerator), BigInt(denominator)];
const plus = (a, b) => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];
const minus = (a, b) => plus(a, [-b[0], b[1]]);
const times = (a, b) => [a[0] * b[0], a[1] * b[1]];
const over = (a, b) => (b[0] < 0n ? [-a[0] * b[1], -a[1] * b[0]] : [a[0] * b[1], a[1] * b[0]]);
const sign = (whole) => (whole > 0n) - (whole < 0n);
const compare = (a, b) => sign(a[0] * b[1] - b[0] * a[1]);
const power10 = (k) => (k < 0 ? [1n, 10n ** BigInt(-k)] : [10n ** BigInt(k), 1n]);
const floor = ([a, b]) => a / b - (a % b < 0n ? 1n : 0n);
const ceil = ([a, b]) => -floor([-a, b]);

function toNumber([a, b]) {
  const long = Math.max(0, Math.max(String(a).length, String(b).length) - 300); // beyond all floats
  return Number(a / 10n ** BigInt(long)) / Number(b / 10n ** BigInt(long));
}

// A fraction to so many decimals, a half away from zero.
function fixed(value, decimals) {
  const [a, b] = times(value, power10(decimals));
  const shown = String(((a < 0n ? -a : a) * 2n + b) / (2n * b)).padStart(decimals + 1, "0");
  const digits = decimals > 0 ? `${shown.slice(0, -decimals)}.${shown.slice(-decimals)}` : shown;
  return a < 0n && /[1-9]/.test(digits) ? `−${digits}` : digits;
}

// An interval has two ends, null where there is none, and says of each whether it is open.
const span = (low, high, lowOpen = false, highOpen = false) => ({ low, high, lowOpen, highOpen });
const ALL = span(null, null);
const UNIT = span(frac(0), frac(1));

function narrower(x, xOpen, y, yOpen, side) {
  if (x === null || y === null) return x === null ? [y, yOpen] : [x, xOpen];
  const order = side * compare(x, y);
  return order === 0 ? [x, xOpen || yOpen] : order > 0 ? [x, xOpen] : [y, yOpen];
}

function meet(a, b) {
  const [low, lowOpen] = narrower(a.low, a.lowOpen, b.low, b.lowOpen, 1);
  const [high, highOpen] = narrower(a.high, a.highOpen, b.high, b.highOpen, -1);
  return span(low, high, lowOpen, highOpen);
}

function isEmpty({ low, high, lowOpen, highOpen }) {
  if (low === null || high === null) return false;
  const order = compare(low, high);
  return order > 0 || (order === 0 && (lowOpen || highOpen));
}

function scaled(interval, factor) {
  const [low, high] = [interval.low, interval.high].map((end) => end && times(end, factor));
  return { ...interval, low, high };
}

function holds(interval, value) {
  return !isEmpty(meet(interval, span(value, value)));
}

// The first and the last whole number of an interval; null where it has no such end.
function wholes({ low, high, lowOpen, highOpen }) {
  const first = low && (lowOpen ? floor(low) + 1n : ceil(low));
  const last = high && (highOpen ? ceil(high) - 1n : floor(high));
  return [first, last];
}

// Printed numbers: notations as in audit/printed.py ------------------------------------------

const NAME = String.raw`(?:[pр](?:-?value)?|W|χ\^?2|chi\^?2)`;
const RELATION = "(?:<=|>=|<<|>>|[=<>≤≥⩽⩾≦≧≪≫≈≃≅~∼])";
const POWER = String.raw`[({]?([+-]?\s*\d{1,3})[)}]?`;
const THOUSANDS = String.raw`[1-9]\d{0,2}(?:(?:[ '’]\d{3})+|(?:,\d{3})+(?=\.\d)|(?:\.\d{3})+(?=,\d)`
  + String.raw`|(?:,\d{3}){2,}|(?:\.\d{3}){2,})`;
const TIMES_TEN = String.raw`(?:e|\s*(?:[×xх·⋅∙•*]|\\times|\\cdot)\s*10\s*(?:\^|\*\*)?\s*)`;
const NUMBER = new RegExp(
  String.raw`^(?:${NAME}\s*(?=${RELATION}))?(${RELATION})?\s*([+-])?\s*(?:(${THOUSANDS}|\d*)`
  + String.raw`(?:\s*([.,])\s*(\d+))?(?:${TIMES_TEN}${POWER})?|10\s*(?:\^|\*\*)\s*${POWER})`
  + String.raw`\s*(%)?\s*[*†‡§¶]*(?:\s*\(?n\.?\s?s\.?\)?)?$`, "i");
const BOUNDED = new RegExp(
  String.raw`^([^<>]+?)\s*(${RELATION})\s*${NAME}(?:\s*(${RELATION})\s*(.+))?$`, "i");
const NOT_SIGNIFICANT = /^(?:p\s*=?\s*)?(?:n\.?\s?s\.?|(?:not|non)[ -]?significant|insignificant)$/i;
const SPELT = {
  "≤": "<=", "⩽": "<=", "≦": "<=", "≥": ">=", "⩾": ">=", "≧": ">=",
  "≪": "<", "<<": "<", "≫": ">", ">>": ">", "≈": "~", "≃": "~", "≅": "~", "∼": "~",
};
const FLIPPED = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };
const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function plain(text) {
  return text.trim().replace(/[⁺⁻]?[⁰¹²³⁴-⁹]+/g, (found) => `^${found}`)
    .replace(/[⁰¹²³⁴-⁹]/g, (digit) => SUPER.indexOf(digit)).replace(/⁺/g, "+").replace(/％/g, "%")
    .replace(/[−–‐‑‒﹣－⁻]/g, "-").replace(/[\u200b\u200e\u200f\u2060\ufeff]/g, "")
    .replace(/\s/g, " ");
}

function readNumber(text) {
  const found = NUMBER.exec(text);
  if (!found) return null;
  const [, relation = "=", minusSign = "", whole = "", mark = "", part = "", times10, bare, percent] = found;
  if (!whole && !part && !bare) return null;
  const power = times10 ?? bare;
  const decimals = part.length - Number((power ?? "0").replaceAll(" ", "")) + (percent ? 2 : 0);
  const digits = BigInt((bare ? "1" : whole.replace(/\D/g, "")) + part);
  const value = times([minusSign === "-" ? -digits : digits, 1n], power10(-decimals));
  return { text, value, decimals, mark, relation: SPELT[relation] ?? relation, also: null };
}

function readBounds(text) {
  const found = BOUNDED.exec(text);
  if (!found) return null;
  const first = SPELT[found[2]] ?? found[2];
  const ends = [(FLIPPED[first] ?? first) + found[1]];
  if (found[3]) ends.push(found[3] + found[4]);
  const bounds = ends.map(readNumber);
  if (bounds.includes(null)) return null;
  const sides = bounds.map((bound) => bound.relation[0]);
  if (sides.some((side) => !"<>".includes(side)) || new Set(sides).size < sides.length) return null;
  const upper = bounds[Math.max(0, sides.indexOf("<"))];
  const both = { ...upper, also: bounds.find((bound) => bound !== upper) ?? null };
  return isEmpty(intervalOf(both)) ? null : both;
}

// A printed number from its string; null where it is none.
function readPrinted(text) {
  const clean = plain(text);
  if (text.length > GIVEN.longest) return null;
  if (NOT_SIGNIFICANT.test(clean)) {
    return { text, value: frac(1, 20), decimals: 2, relation: ">", mark: ".", also: null };
  }
  const found = readBounds(clean) ?? readNumber(clean);
  return found && { ...found, text: text.trim() };
}

// Every number that prints like this: to the nearest, a half to either side.
function intervalOf(printed) {
  if (!printed) return ALL;
  const { value, relation, also } = printed;
  const unit = power10(-printed.decimals);
  const width = relation === "~" ? unit : over(unit, frac(2));
  const [low, high] = [minus(value, width), plus(value, width)];
  const own = {
    "<": () => span(null, value, false, true), ">": () => span(value, null, true),
    "<=": () => span(null, high), ">=": () => span(low, null),
  }[relation]?.() ?? span(low, high);
  return also ? meet(own, intervalOf(also)) : own;
}

// What a number says from one side, "<=" or ">="; null where it bounds the other.
function asBound(printed, relation) {
  if (!printed) return null;
  const { also, decimals, value } = printed;
  if (also && also.relation[0] === relation[0]) return also;
  if (printed.relation === "~") {
    const unit = power10(-decimals);
    return { ...printed, relation, value: relation === "<=" ? plus(value, unit) : minus(value, unit) };
  }
  if (printed.relation === "=") return { ...printed, relation };
  return printed.relation[0] === relation[0] ? printed : null;
}

// The other number that 1,234 or 1.234 may stand for; null where it cannot.
function withThousands(printed) {
  if (!printed?.mark || printed.decimals !== 3) return null;
  const large = compare(printed.value, frac(1)) >= 0 && compare(printed.value, frac(1000)) < 0;
  const value = times(printed.value, frac(1000));
  return large ? { ...printed, value, decimals: 0, mark: "", also: null } : null;
}

// Tails of distributions, relative error below 1e-10 ------------------------------------------
// Densities by Loader (2000), "Fast and accurate computation of binomial probabilities".

// ln z! less Stirling's formula.
function stirlingRest(z) {
  if (z < 16) return stirlingRest(z + 1) + (z + 0.5) * Math.log1p(1 / z) - 1;
  const q = 1 / (z * z);
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - q / 1188) * q) * q) * q) / z;
}

// x ln(x / mean) + mean - x, without cancellation where x is near the mean.
function deviance(x, mean) {
  const v = (x - mean) / (x + mean);
  if (Math.abs(v) > 0.1) return x * Math.log(x / mean) + mean - x;
  let sum = (x - mean) * v;
  let term = 2 * x * v;
  for (let j = 3; ; j += 2) {
    term *= v * v;
    const next = sum + term / j;
    if (next === sum) return sum;
    sum = next;
  }
}

// A continued fraction b0 + a1/(b1 + a2/(b2 + …)) by the method of Lentz (1976).
function continuedFraction(b0, step) {
  const tiny = 1e-300;
  let [value, c, d] = [b0 || tiny, b0 || tiny, 0];
  for (let k = 1; k < 1e6; k += 1) {
    const [a, b] = step(k);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    value *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return value;
}

// Upper tail of chi-square: Q(df/2, chi2/2) by its series or its fraction (Abramowitz & Stegun
// 6.5.29 and 6.5.31).
function chi2P(chi2, df) {
  const [a, x] = [df / 2, Math.max(chi2, 0) / 2];
  if (x === 0) return 1;
  if (x === Infinity) return 0;
  // x^a e^-x / Gamma(a + 1)
  const density = Math.exp(-stirlingRest(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
  if (x > a + 1) {
    return density * a / continuedFraction(x + 1 - a, (k) => [k * (a - k), x + 2 * k + 1 - a]);
  }
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-17; k += 1) sum += (term *= x / (a + k));
  return 1 - density * sum;
}

// I_x(a, b), x and y = 1 - x given both (Abramowitz & Stegun 26.5.8).
function betaLower(a, b, x, y) {
  const density = Math.sqrt(a * b / (2 * Math.PI * (a + b)))
    * Math.exp(stirlingRest(a + b) - stirlingRest(a) - stirlingRest(b)
      - deviance(a, (a + b) * x) - deviance(b, (a + b) * y));
  const step = (k) => {
    const j = Math.floor(k / 2);
    const top = k % 2 ? -(a + j) * (a + b + j) : j * (b - j);
    return [top * x / ((a + k - 1) * (a + k)), 1];
  };
  return density / (a * continuedFraction(1, step));
}

// Upper tail of F = (m - 1) W / (1 - W) with `first` and (m - 1) first degrees of freedom: that of
// Beta(first/2, (m - 1) first/2) at W. NaN where there are no such degrees of freedom.
function fP(w, m, first) {
  if (!(first > 0)) return NaN;
  const [a, b] = [first / 2, ((m - 1) * first) / 2];
  if (w <= 0 || w >= 1) return w <= 0 ? 1 : 0;
  return w > (a + 1) / (a + b + 2) ? betaLower(b, a, 1 - w, w) : 1 - betaLower(a, b, w, 1 - w);
}

const DEGREES = [(m, n) => n - 1 - 2 / m, (m, n) => n - 1];

// Between what any permutation p lies, by Cantelli's inequality (audit/exact_p.py).
function permutationBounds(wLow, wHigh, m, n) {
  const variance = 2 * (n - 1) * (1 - 1 / m);
  const above = m * (n - 1) * wLow - (n - 1);
  const below = n - 1 - m * (n - 1) * wHigh;
  return [below > 0 ? 1 - variance / (variance + below ** 2) : 0,
    above > 0 ? variance / (variance + above ** 2) : 1];
}

const isCustomary = (m, n) => m <= (GIVEN.customary[n] ?? GIVEN.customary_beyond);

// What W of some panel may print as p, by each method: [method, least, most].
function pRanges(wLow, wHigh, m, n) {
  const chi2 = (w) => chi2P(m * (n - 1) * w, n - 1);
  const ranges = [["chi2", chi2(wHigh), chi2(wLow)]];
  for (const degrees of DEGREES) {
    ranges.push(["F", fP(wHigh, m, degrees(m, n)), fP(wLow, m, degrees(m, n))]);
  }
  if (isCustomary(m, n)) ranges.push(["exact", ...permutationBounds(wLow, wHigh, m, n)]);
  return ranges;
}

// Whether a range of p meets the printed p; near its ends it is taken to.
function meetsP(printed, [, least, most]) {
  const { low, high } = intervalOf(printed);
  const guard = (end) => GIVEN.guard * Math.abs(end) + 1e-290;
  const [from, to] = [low ? toNumber(low) : -1, high ? toNumber(high) : 2];
  return least <= to + guard(to) && most >= from - guard(from);
}

// A power of ten may be the smallest p that Monte-Carlo draws can give.
function isSmallestP(printed, most) {
  const powers = [3, 4, 5, 6, 7].map((k) => power10(-k));
  const smallest = printed.relation === "=" && powers.some((p) => compare(p, printed.value) === 0);
  return smallest && most <= toNumber(printed.value) * (1 + GIVEN.guard);
}

// One row against every panel of one size -----------------------------------------------------

const RANKED = (row) => row.mean_ranks.some(Boolean);

// Doubled rank deviations D of the items, whole numbers 2m(mean rank) - m(n + 1): what the printed
// mean ranks leave open, and which condition they break (audit/rank_bounds.py).
function rankBounds(row, m, n) {
  const [M, N] = [BigInt(m), BigInt(n)];
  const most = M * (N - 1n);
  const ends = row.mean_ranks.map((cell) => {
    const deviation = (end) => end && minus(times(end, [2n * M, 1n]), [M * (N + 1n), 1n]);
    const { low, high, lowOpen, highOpen } = intervalOf(cell);
    const [first, last] = wholes(span(deviation(low), deviation(high), lowOpen, highOpen));
    return [first === null || first < -most ? -most : first, last === null || last > most ? most : last];
  });
  const bad = ends.flatMap(([low, high], item) => (low > high ? [item] : []));
  const inOrder = (side) => ends.map((end) => end[side]).sort((a, b) => sign(a - b));
  const shares = [["most", inOrder(1)], ["least", inOrder(0).reverse()]].flatMap(([side, sorted]) => {
    let sum = 0n; // of the j items whose own bounds are most extreme
    return sorted.flatMap((end, index) => {
      sum += end;
      const j = BigInt(index + 1);
      const beyond = (side === "most" ? -sum : sum) > M * j * (N - j);
      return beyond ? [{ side, j: index + 1, sum: [sum + M * j * (N + 1n), 2n * M] }] : [];
    });
  });
  const square = (whole) => whole * whole;
  const abs = (whole) => (whole < 0n ? -whole : whole);
  const nearest = ends.map(([low, high]) => (low > 0n ? low : high < 0n ? -high : 0n));
  const farthest = ends.map(([low, high]) => [low, high].map(abs).sort((a, b) => sign(b - a))[0]);
  const spread = (sizes) => sizes.map(square).reduce((a, b) => a + b, 0n);
  const least = [3n * spread(nearest), M * M * N * (N * N - 1n)];
  // Ties make W larger, up to 1, unless all mean ranks are alike.
  return { bad, shares, w: span(least, frac(spread(farthest) > 0n ? 1 : 0)) };
}

// What the lines for one size need: the W that each number allows, and what p it gives.
function atSize(row, m, n) {
  const scale = frac(1, m * (n - 1));
  const ranks = RANKED(row) ? rankBounds(row, m, n) : null;
  const possible = !ranks || !(ranks.bad.length || ranks.shares.length);
  const byRanks = ranks && possible ? ranks.w : UNIT;
  const byW = meet(byRanks, intervalOf(row.W));
  const byChi2 = scaled(intervalOf(row.chi2), scale);
  const w = meet(byW, byChi2);
  const usable = [w, byW, byRanks].find((interval) => !isEmpty(interval)) ?? UNIT;
  const found = { m, n, df: n - 1, ranks, byRanks, byW, w: usable, ranges: [], pFits: true };
  if (row.p) {
    found.ranges = pRanges(toNumber(usable.low), toNumber(usable.high), m, n);
    found.pFits = !isEmpty(meet(intervalOf(row.p), UNIT))
      && (found.ranges.some((range) => meetsP(row.p, range)) || isSmallestP(row.p, found.ranges[0][1]));
  }
  found.wFits = !isEmpty(byW);
  found.chi2Fits = !found.wFits || !isEmpty(w);
  found.fits = possible && found.wFits && found.chi2Fits && found.pFits;
  return found;
}

// What each number that tells the number of items says it is.
function itemsTold(row) {
  const told = { n: row.n, df: row.df === null ? null : row.df + 1, mean_ranks: row.mean_ranks.length || null };
  return Object.entries(told).filter(([, n]) => n !== null);
}

function canPrint(row, m, n) {
  return itemsTold(row).every(([, told]) => told === n) && atSize(row, m, n).fits;
}

// Whether a panel beyond the largest number of raters tried is not excluded (audit/fitting.py).
function mayBeLarger(row, n) {
  const none = { m: null, n, df: null, W: null, chi2: null, p: null, mean_ranks: [] };
  const next = { ...none, W: asBound(row.W, ">="), chi2: asBound(row.chi2, "<="), p: asBound(row.p, ">=") };
  return (!RANKED(row) || holds(rankSum(row), halfSum(n)))
    && canPrint(next, GIVEN.most_raters + 1, n)
    && canPrint({ ...none, chi2: row.chi2, p: row.p }, GIVEN.any_large_m, n);
}

const halfSum = (n) => frac(n * (n + 1), 2);

function rankSum(row) {
  return row.mean_ranks.map(intervalOf).reduce((a, b) => span(
    a.low && b.low && plus(a.low, b.low), a.high && b.high && plus(a.high, b.high),
    a.lowOpen || b.lowOpen, a.highOpen || b.highOpen));
}

// A verdict, and the lines it rests on ---------------------------------------------------------

// A line is { key, values, against }: computed values are { shown }, printed ones strings; `against`
// says whether the printed numbers fail it, and is null where the line alone decides nothing.
const shown = (text) => ({ shown: text });

// Numbers that are impossible whatever the panel's size.
function impossibleAlone(row) {
  const lines = [];
  const against = (key, values) => lines.push({ key, values, against: true });
  const told = itemsTold(row);
  if (new Set(told.map(([, n]) => n)).size > 1) {
    against("checker.line.items", {
      n: row.n ?? "–", df: row.df ?? "–", count: row.mean_ranks.length || "–",
    });
  }
  for (const [name, possible] of [["W", UNIT], ["chi2", span(frac(0), null)], ["p", UNIT]]) {
    const cell = row[name];
    const stands = cell && cell.relation === "=" && holds(possible, cell.value);
    if (cell && !stands && isEmpty(meet(intervalOf(cell), possible))) {
      against({ W: "checker.line.w_alone", chi2: "checker.line.chi2_alone", p: "checker.line.p_alone" }[name],
        { printed: cell.text });
    }
  }
  const n = row.mean_ranks.length;
  for (const cell of row.mean_ranks) {
    if (isEmpty(meet(intervalOf(cell), span(frac(1), frac(n))))) {
      against("checker.line.rank_alone", { printed: cell.text, n });
    }
  }
  if (n && !lines.some(({ key }) => key === "checker.line.rank_alone")) {
    const sum = rankSum(row);
    if (sum.low && sum.high) {
      const places = Math.max(...row.mean_ranks.map((cell) => cell.decimals)) + 1;
      const [low, high] = [sum.low, sum.high].map((end) => shown(fixed(end, places)));
      const values = { n, total: n * (n + 1) / 2, low, high };
      lines.push({ key: "checker.line.sum", values, against: !holds(sum, halfSum(n)) });
    } else if (!holds(sum, halfSum(n))) against("checker.line.sum_open", { n });
  }
  return lines;
}

// A p to so many places, in powers of ten where these show nothing but zeros.
function pShown(p, places) {
  const text = p.toFixed(places);
  if (Number.isNaN(p) || p === 0 || /[1-9]/.test(text)) return shown(Number.isNaN(p) ? "–" : text);
  const [digits, power] = p.toExponential(1).split("e-");
  return shown(`${digits} × 10⁻${[...power].map((digit) => SUPER[digit]).join("")}`);
}

// Each mean rank against the multiples of 1/(2m) that m raters can have (GRIM for ranks).
function rankLines(row, at) {
  const halves = 2 * at.m;
  const lines = row.mean_ranks.flatMap((cell, item) => {
    if (cell?.relation !== "=") return [];
    const product = times(cell.value, frac(halves));
    const places = Math.max(cell.decimals, 0);
    const [first, last] = wholes(scaled(intervalOf(cell), frac(halves)));
    const against = at.ranks.bad.includes(item);
    const [k, next] = against ? [floor(product), floor(product) + 1n] : [first, last];
    return [{
      key: against ? "checker.line.rank_none" : "checker.line.rank_some",
      values: {
        printed: cell.text, halves, product: shown(fixed(product, places)), k: String(k), next: String(next),
        below: shown(fixed([k, BigInt(halves)], places)), above: shown(fixed([next, BigInt(halves)], places)),
      },
      against,
    }];
  });
  if (at.ranks.bad.length) return lines;
  return lines.concat(at.ranks.shares.slice(0, 1).map(({ side, j, sum }) => {
    const [N, J] = [at.n, j];
    const least = side === "most" ? frac(J * (J + 1), 2) : frac(J * (2 * N - J + 1), 2);
    const values = { j, reached: shown(fixed(sum, 3)), needed: shown(fixed(least, 0)) };
    const key = side === "most" ? "checker.line.share_most" : "checker.line.share_least";
    return { key, values, against: true };
  }));
}

// The lines of a row at one size: mean ranks, W, chi-square, p.
function sizeLines(row, at) {
  const { m, n, df } = at;
  const lines = at.ranks ? rankLines(row, at) : [];
  const add = (key, values, against) => lines.push({ key, values: { m, n, df, ...values }, against });
  const ends = (interval, places) => ({
    low: shown(fixed(interval.low, places)), high: shown(fixed(interval.high, places)),
  });
  if (at.ranks && sign(at.byRanks.low[0]) > 0) {
    const values = { least: shown(fixed(at.byRanks.low, 3)), printed: row.W?.text ?? "" };
    if (row.W) add("checker.line.w_ranks", values, !at.wFits);
    else add("checker.line.w_least", values, null);
  } else if (!at.wFits) add("checker.line.w_flat", { printed: row.W.text }, true);
  const scale = frac(m * df);
  if (row.W && row.W.relation === "=") {
    const places = Math.max(2, row.chi2?.decimals ?? 0);
    const values = {
      W: row.W.text, product: shown(fixed(times(row.W.value, scale), places)), printed: row.chi2?.text ?? "",
      ...ends(scaled(at.wFits ? at.byW : intervalOf(row.W), scale), places),
    };
    if (row.chi2) add("checker.line.chi2", values, !at.chi2Fits);
    else add("checker.line.product", values, null);
  } else if (!at.chi2Fits) add("checker.line.chi2_open", { printed: row.chi2.text }, true);
  if (row.p) pLines(row, at, add);
  return lines;
}

function pLines(row, at, add) {
  const scale = at.m * at.df;
  const places = row.p.decimals > 12 ? 3 : Math.max(3, row.p.decimals);
  const range = ([, least, most]) => ({ low: pShown(least, places), high: pShown(most, places) });
  const told = row.W?.relation === "=" ? toNumber(row.W.value) * scale
    : row.chi2?.relation === "=" ? toNumber(row.chi2.value) : null;
  const [usual, kendall, iman, exact] = at.ranges;
  // A reading that does not fit decides nothing where another one does.
  const fails = (fits) => (fits ? false : at.pFits ? null : true);
  const [direct, f] = [meetsP(row.p, usual), meetsP(row.p, kendall) || meetsP(row.p, iman)];
  add(told === null ? "checker.line.p_range" : "checker.line.p", {
    chi2: shown((told ?? toNumber(at.w.low) * scale).toFixed(2)), printed: row.p.text,
    at: pShown(chi2P(told ?? 0, at.df), places), ...range(usual),
  }, fails(direct));
  if (direct) return;
  const [one, two] = [range(kendall), range(iman)];
  const both = { low: one.low, high: one.high, low_2: two.low, high_2: two.high };
  add("checker.line.p_f", both, fails(f));
  if (f) return;
  if (exact) add("checker.line.p_exact", range(exact), fails(meetsP(row.p, exact)));
  else add("checker.line.p_exact_none", {}, null);
}

// The verdict on a row { m, n, df: whole numbers, W, chi2, p: printed, mean_ranks: [printed] }, each
// null where nothing is printed: { verdict, sizes, lines }, the numbers of raters that can print all
// numbers but m.
function judge(row) {
  const alone = impossibleAlone(row);
  const told = itemsTold(row);
  const n = told.length ? told[0][1] : null;
  const against = alone.filter((line) => line.against);
  if (against.length) {
    const onlySum = row.m !== null && against.every(({ key }) => key.startsWith("checker.line.sum"));
    const more = onlySum ? sizeLines(row, atSize(row, row.m, n)) : [];
    return { verdict: "contradicted", sizes: [], lines: [...alone, ...more] };
  }
  const open = (key, sizes = [], lines = alone, values = {}) => (
    { verdict: "not_checkable", sizes, lines: [...lines, { key, values, against: null }] });
  const figures = [row.W, row.chi2, row.p].filter(Boolean).length;
  const enough = row.m !== null && n !== null && row.m <= (GIVEN.listed[n] ?? 0) ? 1 : 2;
  const sized = row.m !== null || n !== null;
  if (told.length < 2 && !RANKED(row) && !(sized && figures >= enough)) return open("checker.line.too_little");
  if (n === null) {
    const items = upTo(GIVEN.most_items).filter((size) => canPrint(row, row.m, size));
    const found = open("checker.line.no_items", [], alone, { most: GIVEN.most_items, sizes: runs(items) || "–" });
    return items.length ? { ...found, verdict: "consistent" } : found;
  }
  const sizes = upTo(GIVEN.most_raters).filter((m) => canPrint(row, m, n));
  const at = row.m !== null && atSize(row, row.m, n);
  const values = { most: GIVEN.most_raters, sizes: runs(sizes) };
  const key = sizes.length ? "checker.line.sizes" : "checker.line.no_sizes";
  const lines = [...alone, ...(at ? sizeLines(row, at) : []), { key, values, against: null }];
  if (at ? at.fits : sizes.length) return { verdict: "consistent", sizes, lines };
  if (!at && mayBeLarger(row, n)) return open("checker.line.larger", sizes, lines);
  const other = withThousands(row.chi2);
  const found = other && judge({ ...row, chi2: { ...other, text: fixed(other.value, 0) } });
  if (found?.verdict !== "consistent") return { verdict: "contradicted", sizes, lines };
  const read = { printed: row.chi2.text, other: fixed(other.value, 0) };
  return { ...found, lines: [{ key: "checker.line.thousands", values: read, against: null }, ...found.lines] };
}

const upTo = (most) => Array.from({ length: most - 1 }, (_, k) => k + 2);

// Whole numbers with their runs shortened: 2, 5–8.
function runs(sizes) {
  const found = [];
  for (const size of sizes) {
    if (found.length && found.at(-1)[1] === size - 1) found.at(-1)[1] = size;
    else found.push([size, size]);
  }
  return found.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(", ");
}

// A row from its strings; the names of those that are no printed numbers stand in `wrong`.
function readRow(texts) {
  const row = { m: null, n: null, df: null, W: null, chi2: null, p: null, mean_ranks: [] };
  const wrong = [];
  for (const [name, [least, most]] of Object.entries(GIVEN.wholes)) {
    const text = (texts[name] ?? "").trim();
    if (!text) continue;
    row[name] = /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : null;
    if (row[name] === null) wrong.push(name);
  }
  const speaksOf = { W: /w/i, chi2: /χ|^c/i, p: /[pр]|^[ni]/i };
  const read = (name, text) => {
    const others = Object.entries(speaksOf).filter(([other]) => other !== name);
    const found = others.some(([, pattern]) => pattern.test(text.trim())) ? null : readPrinted(text);
    if (!found) wrong.push(name);
    return found;
  };
  for (const name of ["W", "chi2", "p"]) if (texts[name]?.trim()) row[name] = read(name, texts[name]);
  const ranks = (texts.mean_ranks ?? "").trim();
  const cells = ranks ? ranks.split(/[;\n]/.test(ranks) ? /\s*[;\n]\s*/ : /\s+/) : [];
  row.mean_ranks = cells.map((cell) => (cell ? read("mean_ranks", cell) : null));
  if (cells.length === 1 || cells.length > GIVEN.wholes.n[1]) wrong.push("mean_ranks");
  return { row, wrong: [...new Set(wrong)] };
}

// Pairwise comparisons --------------------------------------------------------------------------

// A judgement of Saaty's scale from its string, 3 or 1/5 or 0,2; null where it is none.
function readJudgement(text) {
  const parts = text.split("/").map((part) => readPrinted(part));
  if (parts.length > 2 || parts.some((part) => part?.relation !== "=" || sign(part.value[0]) <= 0)) return null;
  const value = parts.map((part) => toNumber(part.value)).reduce((a, b) => a / b);
  // 1/9 may be typed as 0.11
  return value <= GIVEN.scale && value >= 1 / GIVEN.scale - 0.005 ? value : null;
}

// Priorities by the principal eigenvector, lambda, CI and CR (Saaty, 1980), and the judgement
// farthest from the ratio of priorities (Saaty, 2003); `ratios` are the upper triangle by rows.
function consistency(ratios, n) {
  const matrix = Array.from({ length: n }, () => Array(n).fill(1));
  const pairs = [];
  for (let i = 0; i < n; i += 1) for (let j = i + 1; j < n; j += 1) pairs.push([i, j]);
  pairs.forEach(([i, j], k) => { matrix[i][j] = ratios[k]; matrix[j][i] = 1 / ratios[k]; });
  let [vector, lambda, change] = [Array(n).fill(1 / n), n, 1];
  for (let k = 0; k < 10000 && change > 1e-15; k += 1) {
    const next = matrix.map((row) => row.reduce((sum, a, j) => sum + a * vector[j], 0));
    lambda = next.reduce((a, b) => a + b); // for the vector before adds up to 1
    const scaledNext = next.map((x) => x / lambda);
    change = Math.max(...scaledNext.map((x, i) => Math.abs(x - vector[i])));
    vector = scaledNext;
  }
  const ci = Math.max(lambda - n, 0) / (n - 1);
  const worst = pairs.map(([i, j], k) => {
    const implied = vector[i] / vector[j];
    return { i, j, judged: ratios[k], implied, factor: Math.exp(Math.abs(Math.log(ratios[k] / implied))) };
  }).reduce((a, b) => (b.factor > a.factor * (1 + 1e-12) ? b : a));
  const ri = GIVEN.random_index[n - 1];
  return { priorities: vector, lambda, ci, ri, cr: ri ? ci / ri : 0, worst };
}

// The exact distribution of W -------------------------------------------------------------------

function permutations(items) {
  if (items.length < 2) return [items];
  return items.flatMap((first, k) => permutations(items.filter((_, other) => other !== k)).map((rest) => [first, ...rest]));
}

// Every W without ties and the chance of one at least as large, smallest first: raters are added one
// by one, and only the sorted rank sums matter for what follows. The first rater is held fixed.
function exactTail(m, n) {
  const ranks = Array.from({ length: n }, (_, k) => 2 * k - (n - 1));
  const orders = permutations(ranks);
  let states = new Map([[ranks.join(), [ranks, 1]]]);
  for (let rater = 2; rater <= m; rater += 1) {
    const more = new Map();
    for (const [sums, chance] of states.values()) {
      for (const order of orders) {
        const next = sums.map((sum, item) => sum + order[item]).sort((a, b) => a - b);
        const key = next.join();
        const known = more.get(key);
        if (known) known[1] += chance / orders.length;
        else more.set(key, [next, chance / orders.length]);
      }
    }
    states = more;
  }
  const chances = new Map();
  for (const [sums, chance] of states.values()) {
    const spread = sums.reduce((total, sum) => total + sum * sum, 0);
    chances.set(spread, (chances.get(spread) ?? 0) + chance);
  }
  const most = m * m * n * (n * n - 1) / 3;
  let tail = 0;
  return [...chances].sort(([a], [b]) => b - a)
    .map(([spread, chance]) => ({ w: spread / most, p: Math.min(1, tail += chance) })).reverse();
}

const isExact = (m, n) => m <= (GIVEN.exact[n] ?? 0);

if (typeof module !== "undefined") {
  module.exports = { chi2P, consistency, exactTail, fP, judge, readJudgement, readPrinted, readRow };
}
