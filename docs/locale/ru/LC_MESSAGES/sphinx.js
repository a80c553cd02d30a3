Documentation.addTranslations({
 "locale": "ru",
 "messages": {
  ", in ": ", в ",
  "Hide Search Matches": "Снять выделение",
  "Preparing search...": "Подготовка поиска…",
  "Search Results": "Результаты поиска",
  "Search finished, found one page matching the search query.": [
   "Найдено страниц: ${resultCount}.",
   "Найдено страниц: ${resultCount}."
  ],
  "Searching": "Идёт поиск",
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.": "Ничего не найдено. Проверьте, правильно ли написаны слова."
 },
 "plural_expr": "1"
});
