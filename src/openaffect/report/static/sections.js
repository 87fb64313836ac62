"use strict";
/* What stands around the timeline: now, people, words, conflicts, tables, models. */

const Sections = (() => {
  const card = (title, ...children) => make("section", { class: "card" }, make("h2", { text: title }), ...children);

  function dot(label) {
    const point = make("i", { class: "dot" });
    const paint = () => { point.style.background = Theme.emotion(label); };
    paint();
    Theme.changed(paint);
    return point;
  }

  /* A label, a bar and its value; `set` changes them. */
  function bar() {
    const name = make("span", { class: "label" });
    const fill = make("i");
    const value = make("span", { class: "figure" });
    const row = make("div", { class: "bar-row" }, name, make("span", { class: "track" }, fill), value);
    row.set = (label, part, text) => {
      name.textContent = label;
      fill.style.width = `${Math.max(0, Math.min(1, part)) * 100}%`;
      fill.style.background = Theme.emotion(label);
      value.textContent = text;
      row.hidden = false;
    };
    return row;
  }

  const seek = (time) => { Clock.seek(time); };

  /* ---- now ---- */

  function now(place) {
    if (page.kind === "image") return still(place);
    const lanes = Data.lanes.filter((lane) => lane.drawn === "stack" && lane.columns > 1 && lane.shown);
    if (!lanes.length) {
      if (page.unit === "char" || page.unit === "whole") return reading(place);
      place.append(make("h2", { text: "Now" }), make("p", { class: "quiet", text: page.coverage.join(" ") || "Nothing was analysed." }));
      return undefined;
    }
    const time = make("span", { class: "time" });
    place.append(make("div", { class: "now-head" }, make("h2", { text: "Now" }), time));
    const boxes = lanes.slice(0, 8).map((lane) => {
      const person = page.people.find((one) => one.name === lane.group);
      const mark = make("i", { class: "dot" });
      mark.style.background = person ? person.colour : "var(--faint)";
      const none = make("p", { class: "quiet" });
      const rows = [bar(), bar(), bar()];
      const titled = lane.group === lane.title ? lane.title : `${lane.group} · ${lane.title}`;
      place.append(make("div", { class: "now-item" }, make("h3", {}, mark, titled), none, ...rows));
      return { lane, none, rows };
    });
    const words = make("p", { class: "said" });
    place.append(words);
    const show = (at) => {
      time.textContent = Say.clock(at);
      for (const { lane, none, rows } of boxes) {
        const row = Data.at(lane, at);
        const found = row >= 0 ? Data.said(lane, at) : null;
        none.hidden = Boolean(found) && !lane.withheld(row);
        none.textContent = found ? "unsure" : { "–": nobody(lane) }[Say.lane(lane, at)] || Say.lane(lane, at);
        rows.forEach((one, k) => {
          one.hidden = !found || k >= found.length || (k > 0 && found[k].value < 0.02);
          if (!one.hidden) one.set(found[k].label, found[k].share, Say.percent(found[k].value));
        });
      }
      const saying = page.sentences.find((one) => at >= one.start && at < one.end);
      words.textContent = saying ? `“${saying.text}”` : "";
    };
    Clock.moved(show);
    Theme.changed(() => show(Clock.now()));
    show(0);
    return undefined;
  }

  const STREAMS = new Set(["face.emotion", "speech.emotion", "speech.diarization", "fused.emotion"]);
  const nobody = (lane) => ({ face: "nobody in sight", speech: "nobody speaks" })[lane.name.split(".")[0]] || "nothing to say";

  function still(place) {
    place.append(make("h2", { text: page.faces.length === 1 ? "The face" : `${page.faces.length || "No"} faces` }));
    if (!page.faces.length) place.append(make("p", { class: "quiet", text: page.coverage.join(" ") }));
    for (const face of page.faces) {
      const mark = make("i", { class: "dot" });
      mark.style.background = face.colour;
      const item = make("div", { class: "now-item" }, make("h3", {}, mark, `${face.name} · ${face.label || "unsure"}`));
      Object.entries(face.scores).sort((a, b) => b[1] - a[1]).slice(0, page.faces.length > 3 ? 3 : 8).forEach(([label, value]) => {
        const row = bar();
        row.set(label, value, Say.percent(value));
        Theme.changed(() => row.set(label, value, Say.percent(value)));
        item.append(row);
      });
      place.append(item);
    }
  }

  /* For texts: the sentence under the mark, with its moods. */
  function reading(place) {
    const time = make("span", { class: "time" });
    const words = make("p", { class: "said large" });
    const rows = [bar(), bar(), bar(), bar()];
    place.append(make("div", { class: "now-head" }, make("h2", { text: page.unit === "whole" ? "This row" : "This sentence" }), time), words, ...rows);
    const lane = Data.lanes.find((one) => one.name === "text.ekman") || Data.lanes[0];
    const show = (at) => {
      const saying = page.sentences.find((one) => at >= one.start && (at < one.end + (page.unit === "char" ? 1 : 0) || one.end >= page.until));
      time.textContent = Say.clock(at);
      words.textContent = saying ? saying.text : "";
      const found = lane && saying ? Data.said(lane, saying.start) || [] : [];
      rows.forEach((one, k) => {
        one.hidden = k >= found.length;
        if (!one.hidden) one.set(found[k].label, found[k].share, Say.percent(found[k].value));
      });
    };
    Clock.moved(show);
    Theme.changed(() => show(Clock.now()));
    show(0);
  }

  /* One sentence on a moment, for a screen reader. */
  function spoken(time) {
    const lanes = Data.lanes.filter((lane) => lane.shown && (STREAMS.has(lane.name) || lane.drawn === "blocks"));
    const said = lanes.map((lane) => [lane, Say.lane(lane, time)]).filter(([, text]) => text && text !== "–");
    return [Say.clock(time), ...said.map(([lane, text]) => `${lane.group} ${lane.title}: ${text}`)].join(". ");
  }

  /* ---- people ---- */

  function people() {
    return page.people.slice(0, 12).map((person) => {
      const mark = make("i", { class: "dot" });
      mark.style.background = person.colour;
      const told = [`in sight ${length(person.seconds)}`];
      if (person.unsure) told.push(`unsure ${length(person.unsure)}`);
      const text = make("div", { class: "grow" }, make("h3", { text: "Share of time" }), shares(person.share));
      if (person.changes.length) {
        text.append(make("h3", { text: "Changes" }), make("ul", { class: "changes" }, ...person.changes.map(([before, after, count]) => make("li", {}, dot(before), `${before} → `, dot(after), `${after}`, make("span", { class: "figure", text: ` ${count}×` })))));
      }
      const box = make("section", { class: "card person" }, make("h2", {}, mark, person.name, make("span", { class: "quiet", text: ` ${told.join(", ")}` })), make("div", { class: "split" }, text, person.path.length ? path(person) : null));
      if (person.peaks.length) box.append(make("h3", { text: "Strongest moments" }), peaks(person));
      return box;
    });
  }

  const length = (seconds) => (seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`);

  function shares(share) {
    const found = Object.entries(share).filter(([, value]) => value > 0.0005).sort((a, b) => b[1] - a[1]);
    if (!found.length) return make("p", { class: "quiet", text: "Never sure enough to say." });
    return make("div", {}, ...found.map(([label, value]) => {
      const row = bar();
      row.set(label, value, Say.percent(value));
      Theme.changed(() => row.set(label, value, Say.percent(value)));
      return row;
    }));
  }

  function peaks(person) {
    return make("ul", { class: "peaks" }, ...person.peaks.map((peak) => make("li", {}, make("button", {
      type: "button", onclick: () => seek(peak.time),
    }, make("span", { class: "hidden", text: "Go to " }), peak.picture ? make("img", { src: peak.picture, alt: "", width: 72, height: 72 }) : null,
    make("span", {}, dot(peak.label), make("b", { text: peak.label }), make("span", { class: "figure", text: `${Say.percent(peak.score)} at ${Say.clock(peak.time)}` }))))));
  }

  /* Valence across, arousal up; later is stronger. */
  function path(person) {
    const place = make("div", { class: "plane", role: "img", "aria-label": `Valence and arousal of ${person.name} over time: ${person.path.length} steps, ${place4(person.path)}` });
    const side = 230;
    const square = (self) => {
      const { ctx: brush, bbox } = self;
      const x = (value) => self.valToPos(value, "x", true);
      const y = (value) => self.valToPos(value, "y", true);
      brush.fillStyle = Theme.variable("--seen");
      brush.fillRect(bbox.left, bbox.top, bbox.width, bbox.height);
      brush.strokeStyle = Theme.variable("--rule");
      brush.lineWidth = devicePixelRatio;
      brush.beginPath();
      brush.moveTo(x(-1), y(0)); brush.lineTo(x(1), y(0)); brush.moveTo(x(0), y(-1)); brush.lineTo(x(0), y(1));
      brush.stroke();
      brush.fillStyle = Theme.variable("--faint");
      brush.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      const words = [["unpleasant", -0.97, 0.05, "left"], ["pleasant", 0.97, 0.05, "right"], ["excited", 0.03, 0.94, "left"], ["calm", 0.03, -0.97, "left"]];
      for (const [word, across, up, align] of words) { brush.textAlign = align; brush.textBaseline = up > 0.5 ? "top" : "bottom"; brush.fillText(word, x(across), y(up)); }
      walk(self, person, x, y);
    };
    const chart = new uPlot({
      width: side, height: side, padding: [0, 0, 0, 0], cursor: { show: false }, legend: { show: false }, select: { show: false },
      scales: { x: { time: false, range: [-1, 1] }, y: { range: [-1, 1] } }, axes: [{ show: false }, { show: false }], series: [{}],
      hooks: { draw: [square] },
    }, [[-1, 1]], place);
    Theme.changed(() => chart.redraw());
    let last = -1;
    Clock.moved((time) => {
      const step = person.path.findLastIndex(([at]) => at - 0.5 <= time);
      if (step !== last) { last = step; chart.redraw(); }
    });
    return make("figure", {}, place, make("figcaption", { class: "quiet", text: "Valence (across) and arousal (up), a step a second; the ring is now." }));
  }

  function place4(steps) {
    const mean = (k) => steps.reduce((sum, step) => sum + step[k], 0) / steps.length;
    return `on average valence ${Say.number(mean(1), "")}, arousal ${Say.number(mean(2), "")}`;
  }

  function walk(self, person, x, y) {
    const { ctx: brush } = self;
    const steps = person.path;
    brush.lineWidth = 1.5 * devicePixelRatio;
    brush.strokeStyle = brush.fillStyle = person.colour;
    steps.forEach(([time, valence, arousal], k) => {
      brush.globalAlpha = 0.2 + 0.6 * (k / Math.max(1, steps.length - 1));
      if (k && time - steps[k - 1][0] < 1.5) {
        brush.beginPath();
        brush.moveTo(x(steps[k - 1][1]), y(steps[k - 1][2]));
        brush.lineTo(x(valence), y(arousal));
        brush.stroke();
      }
      brush.beginPath();
      brush.arc(x(valence), y(arousal), 2.4 * devicePixelRatio, 0, 7);
      brush.fill();
    });
    brush.globalAlpha = 1;
    const here = steps.findLast(([time]) => time - 0.5 <= Clock.now());
    if (here) {
      brush.lineWidth = 2.5 * devicePixelRatio;
      brush.beginPath();
      brush.arc(x(here[1]), y(here[2]), 6.5 * devicePixelRatio, 0, 7);
      brush.stroke();
    }
  }

  /* ---- words ---- */

  function words() {
    if (!page.sentences.length) return null;
    const timed = page.unit === "s";
    const spoken = page.sentences.map((one) => {
      const told = one.label ? `${one.label} ${Say.percent(one.score)}` : "unsure";
      const fine = one.fine.map(([label, value]) => `${label} ${Say.percent(value)}`).join(", ");
      const button = make("button", { type: "button", class: "sentence", title: fine || told, onclick: () => seek(one.start + (timed ? 0.001 : 0)) },
        make("span", { class: "when", text: timed ? Say.clock(one.start) : one.row !== undefined ? `row ${one.row}` : "" }),
        make("span", { class: "text", text: one.text }),
        make("span", { class: "tag" }, one.label ? dot(one.label) : null, told));
      const paint = () => button.style.setProperty("--mood", one.label ? Theme.emotion(one.label) : "transparent");
      paint();
      Theme.changed(paint);
      return { one, button };
    });
    let current = null;
    Clock.moved((time) => {
      const found = spoken.find(({ one }) => time >= one.start - 1e-6 && time < one.end);
      if (found === current) return;
      if (current) current.button.removeAttribute("aria-current");
      current = found || null;
      if (current) current.button.setAttribute("aria-current", "true");
    });
    return make("section", { class: "card words" }, make("h2", { text: { s: "What was said", char: "The text", whole: "The rows" }[page.unit] }), make("div", { class: "sentences" }, ...spoken.map(({ button }) => button)));
  }

  function conflicts() {
    if (!page.conflicts.length) return null;
    return card("Where the streams disagree", make("ul", { class: "list" }, ...page.conflicts.map((one) => make("li", {}, make("button", { type: "button", class: "link", onclick: () => seek(one.start), text: Say.clock(one.start) }), ` ${one.subject >= 0 ? `person ${one.subject}: ` : ""}${one.text} (${Say.percent(one.score)})`))));
  }

  const list = (texts) => make("ul", { class: "list" }, ...texts.map((text) => make("li", { text })));

  function looked() {
    const texts = [...page.coverage, ...page.notes];
    if (!texts.length && !page.warnings.length) return null;
    return make("section", { class: "card" }, make("h2", { text: "What was looked at" }), list(texts),
      page.warnings.length ? make("h3", { text: "Warnings" }) : null, page.warnings.length ? list(page.warnings) : null);
  }

  /* ---- the data as a table ---- */

  function table() {
    if (!Data.lanes.length) return null;
    const most = 200;
    const choose = make("select", { id: "table-stream" }, ...Data.lanes.map((lane, k) => make("option", { value: k, text: `${lane.group} · ${lane.title} (${lane.name})` })));
    const body = make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Rows of the chosen stream" });
    const told = make("p", { class: "quiet" });
    const fill = () => {
      const lane = Data.lanes[Number(choose.value)];
      const { from, to } = Timeline.view;
      const first = Math.max(0, Data.after(lane, from) - 1);
      const last = Math.min(lane.count, Data.after(lane, to), first + most);
      const heads = lane.drawn === "blocks" ? ["text"] : lane.labels;
      const rows = [];
      for (let row = first; row < last; row += 1) {
        const cells = lane.drawn === "blocks" ? [lane.text ? lane.text[row] : ""] : lane.labels.map((_, k) => { const value = lane.value(row, k); return Number.isNaN(value) ? "" : Say.number(value, ""); });
        rows.push(make("tr", {}, make("th", { scope: "row", text: Say.clock(lane.from(row)) }), make("td", { text: Say.clock(lane.to(row)) }), ...cells.map((text) => make("td", { text }))));
      }
      body.replaceChildren(make("table", {}, make("caption", { class: "hidden", text: `${lane.group} ${lane.title}` }), make("thead", {}, make("tr", {}, ...["from", "to", ...heads].map((text) => make("th", { scope: "col", text: text.replaceAll("_", " ") })))), make("tbody", {}, ...rows)));
      told.textContent = `Rows ${rows.length ? first + 1 : 0} to ${last} of ${lane.count}, from where the timeline is zoomed to.`;
    };
    choose.addEventListener("change", fill);
    const box = make("details", { class: "card", id: "table" }, make("summary", {}, make("h2", { text: "The data as a table" })), make("label", { for: "table-stream" }, "Stream ", choose), make("button", { type: "button", text: "Read the view again", onclick: fill }), told, body);
    box.addEventListener("toggle", () => { if (box.open) fill(); });
    return box;
  }

  /* ---- models ---- */

  function models() {
    const cards = page.cards.map((one) => make("details", { class: "model" }, make("summary", {}, make("b", { text: one.name }), make("span", { class: "quiet", text: ` ${one.task}` }), make("span", { class: `licence${one.commercial ? "" : " limited"}`, text: one.commercial ? one.licence.split(";")[0] : `${one.licence.split(";")[0]} · not for commercial use` })),
      make("dl", {}, ...[["Licence", [one.licence]], ["Limits", one.limits], ["Meant for", one.intended], ["Not for", one.forbidden], ["Trained on", one.data], ["Measured", one.scores], ["Paper", [one.paper]], ["Made by", [one.provenance]]].filter(([, texts]) => texts.some(Boolean)).flatMap(([name, texts]) => [make("dt", { text: name }), ...texts.filter(Boolean).map((text) => make("dd", { text }))]))));
    const forbidden = [...new Set(page.cards.flatMap((one) => one.forbidden))];
    return make("section", { class: "card" }, make("h2", { text: "Models, limits and the law" }), make("div", { class: "law" }, ...page.law.map((text) => make("p", { text }))),
      forbidden.length ? make("h3", { text: "Not to be used for" }) : null, forbidden.length ? list(forbidden) : null,
      make("h3", { text: "Model cards" }), ...(cards.length ? cards : [make("p", { class: "quiet", text: "No model spoke." })]));
  }

  function build(place) {
    const found = people();
    if (found.length) place.append(make("div", { class: `people count-${Math.min(2, found.length)}` }, ...found));
    place.append(...[words(), conflicts(), looked(), table(), models()].filter(Boolean));
  }

  return { build, now, spoken };
})();
