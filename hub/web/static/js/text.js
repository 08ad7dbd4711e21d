/* The catalogue in the reader's language, the same one that the server uses. */

const language = document.documentElement.lang;
const texts = await (await fetch(`/text/${language}.json`)).json();
const locale = { nb: "nb-NO", nn: "nn-NO", en: "en-GB" }[language];
/* The municipality's time, whatever the phone believes. */
const timeZone = document.documentElement.dataset.timezone;
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...options });
const clock = format({ hour: "2-digit", minute: "2-digit" });
const exact = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
/* As the server writes it: 22.11., and 22 Nov in English. */
const day = format(language === "en" ? { day: "numeric", month: "short" } : { day: "2-digit", month: "2-digit" });

export function t(msgid, params = {}) {
  return texts[msgid].replace(/\{(\w+)\}/g, (_, name) => String(params[name] ?? ""));
}

const isToday = (date) => day.format(date) === day.format(new Date());
const withDay = (date, time) => (isToday(date) ? time : `${day.format(date)} ${time}`);

export function timeOf(instant) {
  const date = new Date(instant);
  return withDay(date, clock.format(date));
}

export function exactTimeOf(instant) {
  const date = new Date(instant);
  return withDay(date, exact.format(date));
}

const MINUTE = 60, HOUR = 3600, DAY = 86400;

/* 0:42, 12:07, then hours and days. */
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < HOUR) return `${Math.floor(s / MINUTE)}:${String(s % MINUTE).padStart(2, "0")}`;
  if (s < DAY) return t("duration.hours", { hours: Math.floor(s / HOUR), minutes: Math.floor((s % HOUR) / MINUTE) });
  return t("duration.days", { days: Math.floor(s / DAY), hours: Math.floor((s % DAY) / HOUR) });
}
