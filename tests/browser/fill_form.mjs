// Fills a form in Chromium as a respondent would, and sends it to a server on this machine.
//
//   node fill_form.mjs FORM.xml CHROMIUM LANGUAGE yes|no
//
// prints what was shown and ticked, and the submission as the server received it, as JSON.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';

const [formFile, chromium, language, consent] = process.argv.slice(2);
const SHELL = '<!doctype html><meta charset="utf-8"><div class="form-language-selector"></div><div id="host"></div><script type="module" src="/page.js"></script>';

async function script() {
    const bundle = await build({
        entryPoints: [new URL('page.js', import.meta.url).pathname],
        bundle: true, write: false, format: 'esm', logLevel: 'error',
        mainFields: ['browser', 'module', 'main'], conditions: ['browser'],
        loader: { '.png': 'dataurl', '.svg': 'dataurl' },
        external: ['libxslt'], // the converter's other half, for servers
    });
    return bundle.outputFiles[0].text;
}

// Serves the page and receives submissions the way OpenRosa servers do (POST, status 201).
async function serve(code) {
    const received = [];
    const server = createServer((request, response) => {
        if (request.method === 'POST') {
            const parts = [];
            request.on('data', (part) => parts.push(part));
            request.on('end', () => { received.push(Buffer.concat(parts).toString('utf8')); response.writeHead(201).end(); });
        } else if (request.url === '/page.js') {
            response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(code);
        } else {
            response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(SHELL);
        }
    });
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
    return { server, received, address: `http://127.0.0.1:${server.address().port}/` };
}

const radio = (name, value) => `input[name="${name}"][value="${value}"]:not(.itemset-template input)`;

async function tick(page, name, value) {
    await (await page.waitForSelector(radio(name, value), { timeout: 5000 })).click();
}

// Ticks every question; each third answer is “equal”, and some are changed to it afterwards.
async function answer(page) {
    const ticked = [];
    for (const [k, question] of (await page.evaluate('shownQuestions()')).entries()) {
        if (question.name.endsWith('/consent') || question.name.endsWith('ntensity')) continue;
        const intensityName = question.name.replace(/__side$/, '_') + '_intensity';
        const intensity = 2 + (k % 8);
        const place = k % 3;
        const changesMind = place === 1 && k % 2 === 0;
        if (place !== 1 || changesMind) {
            await tick(page, question.name, question.choices[changesMind ? 0 : place][0]);
            await tick(page, intensityName, intensity);
        }
        if (place === 1) await tick(page, question.name, question.choices[1][0]);
        ticked.push({ ...question, place, intensity: place === 1 ? null : intensity });
    }
    return ticked;
}

const { server, received, address } = await serve(await script());
const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []; // Chromium refuses its sandbox to root
const browser = await puppeteer.launch({ executablePath: chromium, args: sandbox, headless: true, protocolTimeout: 300_000 });
try {
    const page = await browser.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    await page.waitForFunction('window.openForm');
    errors.push(...(await page.evaluate((xform) => window.openForm(xform), readFileSync(formFile, 'utf8'))));
    if (await page.$('#form-languages')) await page.select('#form-languages', language);
    const root = await page.evaluate('form.model.xml.querySelector("instance > *").nodeName');
    await tick(page, `/${root}/consent`, consent);
    let ticked = [];
    if (consent === 'yes') {
        await page.type(`input[name="/${root}/expert_code"]`, 'E07');
        await page.keyboard.press('Tab');
        ticked = await answer(page);
    }
    const valid = await page.evaluate('form.validate()');
    await page.evaluate(() => fetch('/submission', { method: 'POST', body: window.form.getDataStr({ irrelevant: false }) }));
    process.stdout.write(JSON.stringify({ errors, valid, ticked, received }));
} finally {
    await browser.close();
    server.close();
}
