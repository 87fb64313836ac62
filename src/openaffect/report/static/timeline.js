"use strict";
/* The timeline: lanes under each other with one view, one playhead, one set of keys. */

const Timeline = (() => {
  const NEAREST = page.unit === "s" ? 0.5 : page.unit === "char" ? 40 : 2;
  const view = { from: 0, to: page.until };
  const rows = [];
  let ruler = null;
  let width = 0;
  let lanesBox;
  let head;
  let hover;
  let choice;
  let tip;
  let knob;
  let overview;
  let brush;
  let planned = false;

  function build(place) {
    if (!Data.lanes.length) { place.remove(); document.querySelector(".skip").remove(); return; }
    head = make("div", { class: "playhead" });
    hover = make("div", { class: "hoverline" });
    choice = make("div", { class: "choice" });
    tip = make("div", { class: "tip", "aria-hidden": "true" });
    lanesBox = make("div", { class: "lanes" });
    const layer = make("div", { class: "layer" }, hover, choice, head);
    knob = make("div", {
      class: "knob", role: "slider", tabindex: 0, id: "position",
      "aria-label": page.unit === "s" ? "Position in the recording" : "Position in the text",
      "aria-valuemin": 0, "aria-valuemax": page.until, "aria-describedby": "keys",
    });
    const rulerRow = make("div", { class: "lane ruler" }, make("div", { class: "name" }), make("div", { class: "plot" }, knob));
    place.append(bar(), legend(), make("div", { class: "board" }, rulerRow, lanesBox, layer), tip, overviewBox(), keys(), summaries());
    lanesHere();
    ruler = { place: rulerRow.lastElementChild };
    new ResizeObserver(resized).observe(rulerRow.lastElementChild);
    pointers();
    document.addEventListener("keydown", pressed);
    Clock.moved(moved);
    Theme.changed(() => plan(true));
    resized();
  }

  function bar() {
    const step = (text, label, act) => make("button", { type: "button", "aria-label": label, title: label, onclick: act, text });
    return make("div", { class: "bar" },
      make("h2", { id: "timeline-title", text: "Timeline" }),
      make("span", { class: "spring" }),
      make("span", { class: "time", id: "window" }),
      make("span", { class: "group" },
        step("−", "Zoom out (minus)", () => zoom(2)),
        step("+", "Zoom in (plus)", () => zoom(0.5)),
        step("Fit", "Fit: show all (0)", () => show(0, page.until))),
      streams());
  }

  /* Which streams are shown. */
  function streams() {
    const names = [...new Set(Data.lanes.map((lane) => lane.name))];
    const box = make("div", { class: "choices" });
    for (const name of names) {
      const lane = Data.lanes.find((one) => one.name === name);
      box.append(make("label", {}, make("input", {
        type: "checkbox", checked: lane.shown, "data-stream": name,
        onchange: (event) => {
          Data.lanes.filter((one) => one.name === name).forEach((one) => { one.shown = event.target.checked; });
          lanesHere();
          plan(true);
        },
      }), ` ${name}`));
    }
    return make("details", { class: "streams" }, make("summary", { class: "button", text: "Streams" }), box);
  }

  /* Whether a text's moods are drawn row by row. */
  const told = (lane) => page.unit !== "s" && lane.drawn === "heat" && lane.shown;

  function legend() {
    const used = new Set(Data.lanes.filter((lane) => lane.drawn === "stack" || lane.moods || told(lane)).flatMap((lane) => (lane.moods ? lane.moods : lane.labels)));
    const order = Object.keys(page.colours).filter((label) => used.has(label) && page.colours[label][0] !== "#a9b0bb");
    const items = order.map((label) => {
      const dot = make("i");
      const paint = () => { dot.style.background = Theme.emotion(label); };
      paint();
      Theme.changed(paint);
      return make("span", {}, dot, label);
    });
    if (Data.lanes.some((lane) => lane.abstain !== undefined)) items.push(make("span", {}, make("i", { class: "striped" }), "unsure"));
    if (page.unit === "s") items.push(make("span", {}, make("i", { class: "unseen" }), "not analysed"));
    return make("div", { class: "legend", "aria-hidden": "true" }, ...items);
  }

  function lanesHere() {
    rows.forEach((row) => row.chart && row.chart.destroy());
    rows.length = 0;
    lanesBox.replaceChildren();
    let group = null;
    for (const lane of Data.lanes) {
      if (!lane.shown) continue;
      if (lane.group !== group) {
        group = lane.group;
        const person = page.people.find((one) => one.name === group);
        const dot = person ? make("i") : null;
        if (dot) dot.style.background = person.colour;
        lanesBox.append(make("p", { class: "group-name" }, ...[dot].filter(Boolean), group));
      }
      const now = make("small", { class: "value" });
      const plot = make("div", { class: "plot", role: "img", "aria-label": Say.summary(lane), "data-lane": lane.name });
      const name = make("div", { class: "name" }, make("span", { text: lane.title }), now);
      if (lane.drawn === "lines") name.append(lineNames(lane));
      lanesBox.append(make("div", { class: "lane" }, name, plot));
      if (lane.drawn === "heat" && lane.count && lane.columns <= Draw.NAMED) plot.append(heatNames(lane));
      if (!lane.count) plot.append(make("span", { class: "nothing", text: nothing(lane) }));
      rows.push({ lane, plot, now, chart: null });
    }
  }

  function nothing(lane) {
    const seen = { face: "nobody in sight", speech: "nobody speaks", text: "no words", fused: "nothing to say" };
    const named = { "face.events": "no events", "fused.conflict": "no conflicts" }[lane.name];
    return lane.coverage.length || page.unit !== "s" ? named || seen[lane.name.split(".")[0]] || "nothing found" : "not analysed";
  }

  function lineNames(lane) {
    return make("small", { class: "lines-names" }, ...lane.labels.slice(0, 7).map((label, k) => {
      const dot = make("i");
      const paint = () => { dot.style.background = Theme.line(k); };
      paint();
      Theme.changed(paint);
      return make("span", {}, dot, label.replaceAll("_", " "));
    }));
  }

  const heatNames = (lane) => make("div", { class: "heat-names" }, ...lane.labels.map((label) => make("span", { text: label.replaceAll("_", " ") })));

  function overviewBox() {
    const canvas = make("canvas", { "aria-hidden": "true" });
    brush = make("div", { class: "brush" });
    overview = make("div", { class: "overview", title: "Drag the frame to move along" }, canvas, brush);
    return make("div", { class: "lane" }, make("div", { class: "name" }, make("small", { text: "overview" })), overview);
  }

  const keys = () => make("p", { class: "keys", id: "keys" },
    ...[["Space", page.unit === "s" ? "play" : ""], ["← →", "step"], ["⇧ ← →", "leap"], ["+ −", "zoom"], ["0", "all"], ["Home End", "ends"]]
      .filter(([, does]) => does).flatMap(([key, does]) => [make("kbd", { text: key }), ` ${does}  `]),
    " · Click to seek, drag to zoom, Ctrl + wheel to zoom, Shift + wheel to move.");

  const summaries = () => make("ul", { class: "hidden" }, ...Data.lanes.map((lane) => make("li", { text: Say.summary(lane) })));

  /* ---- drawing ---- */

  function resized() {
    const wide = Math.floor(ruler.place.clientWidth);
    if (!wide || wide === width) return;
    width = wide;
    plan(true);
  }

  /* Draw once before the next picture, however often it was asked for. */
  function plan(whole) {
    if (whole) rows.forEach((row) => { row.stale = true; });
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; drawn(); });
  }

  function drawn() {
    if (!width) return;
    for (const row of rows) {
      if (!row.chart) {
        row.chart = Draw.plot(row.lane, row.plot, view, width);
      } else {
        if (row.chart.width !== width) row.chart.setSize({ width, height: Draw.height(row.lane) });
        row.chart.setData(Draw.data(row.lane, view, width), true);
      }
    }
    if (!ruler.chart) ruler.chart = Draw.ruler(ruler.place, view, width);
    else {
      const wide = width + 2 * Draw.MARGIN;
      if (ruler.chart.width !== wide) ruler.chart.setSize({ width: wide, height: 30 });
      ruler.chart.setData([[view.from, view.to]], true);
    }
    drawOverview();
    document.getElementById("window").textContent = view.to - view.from < page.until - 1e-6 ? `${Say.clock(view.from)} – ${Say.clock(view.to)}` : "";
    moved(Clock.now(), false);
  }

  function drawOverview() {
    const canvas = overview.firstElementChild;
    const ratio = devicePixelRatio || 1;
    const tall = 22;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(tall * ratio);
    const brushOn = canvas.getContext("2d");
    const lanes = Data.lanes.filter((lane) => (lane.drawn === "stack" && lane.columns > 1 && lane.shown) || told(lane));
    const chosen = lanes.filter((lane) => lane.name.startsWith("fused")).slice(0, 1);
    const shown = chosen.length ? chosen : lanes.slice(0, 3);
    const each = canvas.height / Math.max(1, shown.length);
    shown.forEach((lane, place) => {
      for (const one of Draw.stretches(lane, { from: 0, to: page.until }, canvas.width)) {
        const row = one.rows[0];
        brushOn.fillStyle = Theme.emotion(lane.labels[Data.best(lane, row)]);
        const x = Math.round((one.from / page.until) * canvas.width);
        brushOn.fillRect(x, place * each, Math.max(1, Math.round((one.to / page.until) * canvas.width) - x), each - 1);
      }
    });
    brush.style.left = `${(100 * view.from) / page.until}%`;
    brush.style.width = `${(100 * (view.to - view.from)) / page.until}%`;
  }

  function moved(time, sought) {
    const way = (time - view.from) / (view.to - view.from);
    const inside = way >= -1e-6 && way <= 1 + 1e-6;
    head.style.transform = knob.style.transform = `translateX(${way * width}px)`;
    head.style.visibility = knob.style.visibility = inside ? "visible" : "hidden";
    knob.setAttribute("aria-valuenow", time.toFixed(2));
    knob.setAttribute("aria-valuetext", Say.clock(time));
    for (const row of rows) row.now.textContent = Say.lane(row.lane, time);
    if (!inside && (Clock.playing() || sought)) show(time - (sought ? 0.5 : 0.1) * (view.to - view.from), null);
  }

  /* ---- the view ---- */

  function show(from, to) {
    const long = Math.min(page.until, Math.max(Math.min(NEAREST, page.until), (to === null ? view.from + (view.to - view.from) : to) - (to === null ? view.from : from)));
    view.from = Math.max(0, Math.min(page.until - long, from));
    view.to = view.from + long;
    plan(true);
  }

  function zoom(by, around) {
    const long = view.to - view.from;
    const fixed = around === undefined ? (Clock.now() >= view.from && Clock.now() <= view.to ? Clock.now() : (view.from + view.to) / 2) : around;
    const wanted = Math.max(Math.min(NEAREST, page.until), Math.min(page.until, long * by));
    const from = fixed - ((fixed - view.from) / long) * wanted;
    show(from, from + wanted);
  }

  const pan = (by) => show(view.from + by * (view.to - view.from), null);

  /* ---- pointers ---- */

  function pointers() {
    const board = lanesBox.parentElement;
    const touches = new Map();
    let began = null;
    const edge = () => ruler.place.getBoundingClientRect();
    const timeAt = (x) => view.from + ((x - edge().left) / width) * (view.to - view.from);
    const inside = (event) => event.clientX >= edge().left && event.clientX <= edge().right + 1 && event.target.closest(".plot, .layer");

    board.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !inside(event)) return;
      touches.set(event.pointerId, event.clientX);
      began = { x: event.clientX, from: view.from, to: view.to, touch: event.pointerType === "touch", moved: false };
      board.setPointerCapture(event.pointerId);
    });
    board.addEventListener("pointermove", (event) => {
      point(event, inside(event), timeAt(event.clientX));
      if (!began || !touches.has(event.pointerId)) return;
      if (touches.size === 2) { pinch(touches, event, timeAt); began.moved = true; return; }
      const by = event.clientX - began.x;
      if (Math.abs(by) < 5 && !began.moved) return;
      began.moved = true;
      if (began.touch) {
        show(began.from - (by / width) * (began.to - began.from), null);
      } else {
        const [a, b] = [began.x, event.clientX].map((x) => Math.max(0, Math.min(width, x - edge().left))).sort((p, q) => p - q);
        Object.assign(choice.style, { left: `${a}px`, width: `${b - a}px`, visibility: "visible" });
      }
    });
    const done = (event) => {
      if (!began || !touches.delete(event.pointerId)) return;
      if (!began.moved && event.type === "pointerup") { Clock.seek(timeAt(event.clientX)); knob.focus({ preventScroll: true }); }
      else if (!began.touch && event.type === "pointerup") {
        const [a, b] = [began.x, event.clientX].map(timeAt).sort((p, q) => p - q);
        show(a, b);
      }
      choice.style.visibility = "hidden";
      if (!touches.size) began = null;
    };
    board.addEventListener("pointerup", done);
    board.addEventListener("pointercancel", done);
    board.addEventListener("pointerleave", () => { hover.style.visibility = tip.style.visibility = "hidden"; });
    board.addEventListener("dblclick", (event) => { if (inside(event)) show(0, page.until); });
    board.addEventListener("wheel", (event) => {
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !event.metaKey && !sideways) return;
      event.preventDefault();
      if (sideways && !event.ctrlKey) pan(Math.sign(event.deltaX || event.deltaY) * 0.08);
      else zoom(event.deltaY > 0 ? 1.25 : 0.8, timeAt(event.clientX));
    }, { passive: false });
    overview.addEventListener("pointerdown", (event) => { overview.setPointerCapture(event.pointerId); slide(event); });
    overview.addEventListener("pointermove", (event) => { if (event.buttons) slide(event); });
  }

  function slide(event) {
    const box = overview.getBoundingClientRect();
    const middle = ((event.clientX - box.left) / box.width) * page.until;
    const long = view.to - view.from;
    if (long >= page.until - 1e-6) Clock.seek(middle);
    else show(middle - long / 2, null);
  }

  function pinch(touches, event, timeAt) {
    const other = [...touches].find(([id]) => id !== event.pointerId)[1];
    const before = Math.abs(touches.get(event.pointerId) - other);
    const after = Math.abs(event.clientX - other);
    if (before > 10 && after > 10) zoom(before / after, timeAt((event.clientX + other) / 2));
    touches.set(event.pointerId, event.clientX);
  }

  /* A line under the pointer, and what the lane there says. */
  function point(event, inside, time) {
    const lane = event.target.closest && event.target.closest(".plot");
    const row = rows.find((one) => one.plot === lane);
    hover.style.visibility = inside ? "visible" : "hidden";
    hover.style.transform = `translateX(${event.clientX - ruler.place.getBoundingClientRect().left}px)`;
    tip.style.visibility = inside && row ? "visible" : "hidden";
    if (!inside || !row) return;
    const found = row.lane.drawn === "blocks" ? null : Data.said(row.lane, time);
    tip.replaceChildren(make("b", { text: Say.clock(time) }), make("span", { class: "quiet", text: ` ${row.lane.group} · ${row.lane.title}` }));
    if (!found) tip.append(make("div", { text: Say.lane(row.lane, time) }));
    else {
      found.slice(0, row.lane.drawn === "lines" ? 8 : 4).forEach((one) => tip.append(make("div", { class: "pair" },
        make("span", { text: one.label.replaceAll("_", " ") }), make("span", { text: row.lane.drawn === "lines" || row.lane.high[0] !== 1 ? Say.number(one.value, one.unit) : Say.percent(one.value) }))));
    }
    const box = tip.parentElement.getBoundingClientRect();
    const x = event.clientX - box.left;
    tip.style.left = `${x > box.width - 240 ? x - tip.offsetWidth - 14 : x + 14}px`;
    tip.style.top = `${event.clientY - box.top + 14}px`;
  }

  /* ---- keys ---- */

  function pressed(event) {
    const target = event.target;
    if (event.altKey || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA|SUMMARY|A)$/.test(target.tagName)) return;
    if (event.key === " " && target.tagName === "BUTTON") return;
    const here = target === document.body || target.closest("#timeline, #stage");
    if (!here) return;
    const step = page.unit === "whole" ? 1 : (view.to - view.from) / 50;
    const acts = {
      " ": Clock.toggle,
      ArrowLeft: () => Clock.seek(Clock.now() - (event.shiftKey ? 10 : 1) * step),
      ArrowRight: () => Clock.seek(Clock.now() + (event.shiftKey ? 10 : 1) * step),
      "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => show(0, page.until),
      PageUp: () => pan(-0.8), PageDown: () => pan(0.8),
    };
    if (target !== document.body) {
      acts.Home = () => Clock.seek(0);
      acts.End = () => Clock.seek(page.until);
    }
    const body = target === document.body;
    if (!acts[event.key] || (body && /^Page/.test(event.key))) return;
    event.preventDefault();
    acts[event.key]();
  }

  return { build, redraw: () => plan(true), show, view };
})();
