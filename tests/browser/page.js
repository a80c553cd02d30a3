// The page under test: Enketo's converter and form engine, as an Enketo server would serve them.
import { Form } from 'enketo-core';
import { transform } from 'enketo-transformer/web';

window.openForm = async (xform) => {
    const converted = await transform({ xform });
    document.querySelector('#host').innerHTML = converted.form;
    window.form = new Form(document.querySelector('form.or'), { modelStr: converted.model, external: [] }, {});
    return window.form.init();
};

// What the respondent sees of a question: its page's heading, its text, and its choices in order.
window.shownQuestions = () =>
    [...document.querySelectorAll('fieldset.question')]
        .filter((question) => !question.closest('.disabled') && !question.classList.contains('disabled'))
        .map((question) => {
            const text = (element) => element?.innerText.trim() ?? '';
            const active = (parent) => text(parent?.querySelector(':scope > .active, :scope > .option-label.active'));
            const inputs = [...question.querySelectorAll('input[type=radio]')].filter((i) => !i.closest('.itemset-template'));
            return {
                name: inputs[0]?.name ?? '',
                context: active(question.closest('section')?.querySelector('h4, h3')),
                hint: text(question.querySelector('.or-hint.active')),
                choices: inputs.map((input) => [input.value, active(input.closest('label'))]),
            };
        });
