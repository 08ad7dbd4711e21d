/* No module: it is there before the page is. The modules wait for their texts, and a form that is sent
   before they listen is kept for them (`early_sent.js`). */

addEventListener("submit", (event) => {
  if (window.vardeEarly === null || event.target.method !== "dialog") return;
  event.preventDefault();
  window.vardeEarly = { form: event.target, button: event.submitter };
});
