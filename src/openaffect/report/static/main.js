"use strict";
/* Puts the page together. */

(() => {
  const place = (id) => document.getElementById(id);
  place("title").textContent = page.title;
  place("facts").textContent = page.facts.join(" · ");
  place("law").textContent = page.law[0];
  place("foot").textContent = `Made by openaffect ${page.version}. Nothing in this page reaches a network.`;

  const theme = place("theme");
  const named = () => {
    theme.textContent = Theme.dark() ? "Light" : "Dark";
    theme.setAttribute("aria-pressed", String(Theme.dark()));
  };
  theme.addEventListener("click", Theme.toggle);
  Theme.changed(named);
  named();
  place("print").addEventListener("click", () => window.print());

  Player.build(place("player"));
  Sections.now(place("now"));
  Timeline.build(place("timeline"));
  Sections.build(place("sections"));

  /* Say where we are when somebody moved there, not while it plays. */
  let waiting = 0;
  Clock.moved((time, sought) => {
    if (!sought) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!Clock.playing()) place("status").textContent = Sections.spoken(time); }, 250);
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details.card").forEach((one) => { one.open = true; }));
  /* An address may name a moment: talk.mp4.html#t=12.5 */
  Clock.seek(Number(new URLSearchParams(location.hash.slice(1)).get("t")) || 0);
  document.documentElement.dataset.ready = "true";
})();
