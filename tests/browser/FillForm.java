import java.util.List;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.SelectChoice;
import org.javarosa.core.model.data.SelectOneData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.data.helper.Selection;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.services.transport.payload.ByteArrayPayload;
import org.javarosa.form.api.FormEntryController;
import org.javarosa.form.api.FormEntryModel;
import org.javarosa.form.api.FormEntryPrompt;
import org.javarosa.model.xform.XFormSerializingVisitor;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;

/**
 * Fills a form with JavaRosa, the engine of ODK Collect, and prints what was shown and the answers.
 *
 * <pre>java -cp ODK_Validate.jar FillForm.java FORM.xml LANGUAGE yes|no</pre>
 *
 * Lines: {@code ticked, context, hint, first, second, place, intensity} separated by tabs, and last
 * the submission.
 */
public class FillForm {
    public static void main(String[] arguments) throws Exception {
        new XFormsModule().registerModule();
        FormDef form = XFormUtils.getFormFromFormXml(arguments[0], null);
        form.initialize(true, new InstanceInitializationFactory());
        form.getLocalizer().setLocale(arguments[1]);
        FormEntryModel model = new FormEntryModel(form);
        FormEntryController entry = new FormEntryController(model);
        String context = "";
        int number = 0;
        String shown = null;
        int event;
        while ((event = entry.stepToNextEvent()) != FormEntryController.EVENT_END_OF_FORM) {
            if (event == FormEntryController.EVENT_GROUP) context = String.valueOf(model.getCaptionPrompt().getQuestionText());
            if (event != FormEntryController.EVENT_QUESTION) continue;
            FormEntryPrompt prompt = model.getQuestionPrompt();
            List<SelectChoice> choices = prompt.getSelectChoices();
            String name = prompt.getIndex().getReference().getNameLast();
            if (choices == null || choices.isEmpty()) {
                if (name.equals("expert_code")) require(entry, new StringData("E07"));
            } else if (name.equals("consent")) {
                require(entry, new SelectOneData(new Selection(choices.get(arguments[2].equals("yes") ? 0 : 1))));
            } else if (name.endsWith("intensity")) {
                SelectChoice choice = choices.get(number % choices.size());
                require(entry, new SelectOneData(new Selection(choice)));
                System.out.println(shown + "\t" + choice.getValue());
                shown = null;
            } else {
                if (shown != null) System.out.println(shown + "\t");
                int place = number++ % 3;
                require(entry, new SelectOneData(new Selection(choices.get(place))));
                shown = String.join("\t", "ticked", context, String.valueOf(prompt.getHelpText()),
                    prompt.getSelectChoiceText(choices.get(0)), prompt.getSelectChoiceText(choices.get(2)), "" + place);
            }
        }
        if (shown != null) System.out.println(shown + "\t");
        ByteArrayPayload payload = (ByteArrayPayload) new XFormSerializingVisitor().createSerializedPayload(form.getInstance());
        System.out.println(new String(payload.getPayloadStream().readAllBytes(), "UTF-8").replace('\n', ' '));
    }

    private static void require(FormEntryController entry, org.javarosa.core.model.data.IAnswerData answer) throws Exception {
        if (entry.answerQuestion(answer, true) != FormEntryController.ANSWER_OK) throw new Exception("an answer was refused");
    }
}
