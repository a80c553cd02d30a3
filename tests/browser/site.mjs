// A reader at the built site: what the pages do in Chromium, opened from disk, as JSON.
//
//   node site.mjs SITE CHROMIUM
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const [site, chromium] = process.argv.slice(2);
const root = pathToFileURL(`${site}/`).href;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const CLAIM = 'table4.policy_making.E2.p';
const PAGES = [
    'index.html', 'ledger.html', 'figures.html', 'claims/table4.html', 'clashes/index.html',
    'clashes/table4.policy_making.E2.together.html', 'notebooks/03_delphi_round_one.html',
    'notebooks/README.html', 'panel.html', 'codebook.html', 'reporting.html',
    'source/tables34.html', 'api.html',
];
const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] });
const told = { errors: [], requests: [], wide: [], serious: [] };

async function open(address, width = 1200) {
    const page = await browser.newPage();
    await page.setViewport({ width, height: 800 });
    page.on('console', (message) => message.type() === 'error' && told.errors.push(`${address}: ${message.text()}`));
    page.on('pageerror', (error) => told.errors.push(`${address}: ${error.message}`));
    page.on('request', (request) => /^(file|data):/.test(request.url()) || told.requests.push(request.url()));
    await page.goto(root + address);
    return page;
}

const place = (page) => page.url().replace(root, '');
const press = async (page, selector) => {
    await Promise.all([page.waitForNavigation(), page.$eval(selector, (link) => link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })))]);
    return decodeURIComponent(place(page));
};
const left = (page) => page.$$eval('#ledger tbody tr', (rows) => rows.filter((row) => row.offsetParent).map((row) => row.dataset.id));

// The same place in another language, a claim and a section of a notebook.
let page = await open(`en/claims/table4.html#${CLAIM}`);
told.switched = [await press(page, '.languages [lang=kk]')];
told.target = await page.evaluate(() => document.querySelector(':target')?.id);
await page.close();
page = await open('en/notebooks/03_delphi_round_one.html#s03-table-4-by-hand');
told.switched.push(await press(page, '.languages [lang=ru]'));
told.section = await page.evaluate(() => document.querySelector(':target')?.querySelector('h2, h3')?.innerText ?? document.querySelector(':target')?.nextElementSibling?.innerText);
await page.close();

// The ledger: a choice is kept in the address, and the address chooses.
page = await open('en/ledger.html');
told.all = (await left(page)).length;
await page.select('select[name=place]', 'table4');
await page.select('select[name=verdict]', 'contradicted');
told.chosen = { rows: await left(page), address: place(page) };
await page.click('th[data-key=printed] button');
told.sorted = await page.$$eval('#ledger tbody tr', (rows) => rows.filter((row) => row.offsetParent).map((row) => row.cells[1].textContent));
const sent = await open(place(page));
told.sent = await left(sent);
await sent.type('input[name=words]', 'no such word');
told.none = await sent.$eval('output', (output) => output.textContent);
await sent.close();
await page.close();
page = await browser.newPage();
await page.setJavaScriptEnabled(false);
await page.goto(`${root}ru/ledger.html`);
told.plain = (await page.$$('#ledger tbody tr')).length;
told.plainForm = await page.$eval('form.filter', (form) => form.hidden);
await page.close();

// From the first picture to the worked line, and on to the notebook, the source and back.
page = await open('kk/index.html');
told.path = [await press(page, `[id="square-${CLAIM}"]`)];
const inside = `[id="${CLAIM}"]`;
told.worked = await page.$eval(inside, (claim) => claim.innerText);
for (const part of ['notebooks', 'source', 'figures', 'clashes']) {
    told.path.push(await press(page, `${inside} a[href*="${part}"]`));
    told.path.push(await page.evaluate(() => location.hash === '' || document.getElementById(decodeURIComponent(location.hash.slice(1))) !== null));
    await page.goBack();
}
await page.close();

// By keyboard alone: the first stop skips to the text, and Enter follows a cell.
page = await open('en/index.html');
await page.keyboard.press('Tab');
told.first = await page.evaluate(() => document.activeElement.className);
let stops = 0;
while (stops < 400 && !(await page.evaluate(() => document.activeElement.closest?.('.picture')))) { await page.keyboard.press('Tab'); stops += 1; }
told.stops = stops;
await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
told.entered = place(page);
await page.close();

// The checker as it lies on the site.
page = await open('checker.html');
told.checker = await page.$$eval('input', (inputs) => inputs.length);
await page.close();

// Every kind of page in every language, on a phone and read by axe.
for (const language of ['en', 'kk', 'ru']) {
    for (const name of PAGES) {
        page = await open(`${language}/${name}`, 375);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        if (width > 375) told.wide.push(`${language}/${name}: ${width}`);
        if (language !== 'kk' || name === 'index.html') {
            await page.evaluate(axe);
            const found = await page.evaluate(() => axe.run({ resultTypes: ['violations'], preload: false }));
            for (const each of found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))) {
                told.serious.push(`${language}/${name}: ${each.id}: ${each.nodes[0].html.slice(0, 120)}`);
            }
        }
        await page.close();
    }
}
await browser.close();
console.log(JSON.stringify(told));
