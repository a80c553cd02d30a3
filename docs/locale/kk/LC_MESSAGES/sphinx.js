Documentation.addTranslations({
 "locale": "kk",
 "messages": {
  ", in ": ", мұнда: ",
  "Hide Search Matches": "Табылған сөздердің белгісін алу",
  "Preparing search...": "Іздеуге дайындалуда…",
  "Search Results": "Іздеу нәтижелері",
  "Search finished, found one page matching the search query.": [
   "Табылған беттер: ${resultCount}.",
   "Табылған беттер: ${resultCount}."
  ],
  "Searching": "Ізделуде",
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.": "Ештеңе табылмады. Сөздердің дұрыс жазылғанын тексеріңіз."
 },
 "plural_expr": "1"
});
