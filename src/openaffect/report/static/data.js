"use strict";
/* The page's data: arrays, rows at a time, colours, and words for numbers. */

const page = JSON.parse(document.getElementById("data").textContent);

const Data = (() => {
  const arrays = new Map();
  const views = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array };

  function array(place) {
    if (!arrays.has(place)) {
      const [kind, text] = page.arrays[place];
      arrays.set(place, new views[kind](bytes(text).buffer));
    }
    return arrays.get(place);
  }

  function bytes(text) {
    const binary = atob(text);
    const found = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i += 1) found[i] = binary.charCodeAt(i);
    return found;
  }

  /* A lane with its arrays, and with times in units of the axis. */
  function lane(given) {
    const start = array(given.start);
    const end = array(given.end);
    const scores = array(given.scores);
    const columns = given.labels.length;
    const missing = scores instanceof Uint8Array ? 255 : 65535;
    return {
      ...given,
      columns,
      from: (row) => start[row] / page.ticks,
      to: (row) => end[row] / page.ticks,
      value(row, column) {
        const step = scores[row * columns + column];
        if (step === missing || step === undefined) return NaN;
        const low = given.low[column];
        return low + (step / (missing - 1)) * (given.high[column] - low);
      },
      withheld: (row) => given.abstain !== undefined && array(given.abstain)[row] === 1,
      box: given.box === undefined ? null : (row) => array(given.box).subarray(4 * row, 4 * row + 4),
    };
  }

  /* The first row that starts after a time: rows are in order of their start. */
  function after(lane, time) {
    let low = 0;
    let high = lane.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lane.from(middle) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /* The row that holds a time, or -1. Rows may overlap: the latest that has not ended. */
  function at(lane, time) {
    const last = after(lane, time + 1e-6) - 1;
    for (let row = last; row >= Math.max(0, last - 20); row -= 1) {
      if (lane.to(row) > time + 1e-6 || (lane.to(row) >= page.until && time >= page.until - 1e-6)) return row;
    }
    return -1;
  }

  function best(lane, row) {
    let place = -1;
    for (let k = 0; k < lane.columns; k += 1) {
      const value = lane.value(row, k);
      if (!Number.isNaN(value) && (place < 0 || value > lane.value(row, place))) place = k;
    }
    return place;
  }

  /* What a lane says at a time: [{label, value, share}], strongest first; null where nothing is there. */
  function said(lane, time) {
    const row = at(lane, time);
    if (row < 0) return null;
    const found = [];
    for (let k = 0; k < lane.columns; k += 1) {
      const value = lane.value(row, k);
      if (Number.isNaN(value)) continue;
      const width = lane.high[k] - lane.low[k] || 1;
      found.push({ label: lane.labels[k], value, share: (value - lane.low[k]) / width, unit: lane.units[k] || "" });
    }
    if (lane.drawn !== "lines") found.sort((a, b) => b.value - a.value);
    return found;
  }

  return { array, at, after, best, bytes, lane, said, lanes: page.lanes.map(lane) };
})();

/* Words for numbers. */
const Say = (() => {
  const percent = (value) => `${Math.round(value * 100)} %`;

  function clock(time) {
    if (page.unit === "char") return `character ${Math.round(time)}`;
    if (page.unit === "whole") {
      const place = Math.floor(Math.min(time, page.until - 1));
      const row = (page.sentences[place] || {}).row;
      return `row ${row === undefined ? place : row}`;
    }
    const tenths = Math.round(time * 10);
    const hours = Math.floor(tenths / 36000);
    const minutes = Math.floor(tenths / 600) % 60;
    const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
  }

  function number(value, unit) {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    const units = { degree: "°", 1: "" };
    const named = unit in units ? units[unit] : unit ? ` ${unit}` : "";
    return value.toFixed(digits).replace("-", "−") + named;
  }

  /* One line for a lane at a time. */
  function lane(given, time) {
    const row = Data.at(given, time);
    if (row < 0) return looked(given, time) ? "–" : "not analysed";
    if (given.drawn === "blocks") return given.text ? given.text[row] : "";
    if (given.withheld(row)) return "unsure";
    const found = Data.said(given, time);
    if (!found.length) return "not measured";
    if (given.drawn === "lines") {
      return found.slice(0, 3).map((one) => number(one.value, one.unit)).join(" · ");
    }
    if (given.columns > 12) return found[0].label;
    return `${found[0].label} ${given.high[0] === 1 ? percent(found[0].value) : number(found[0].value, found[0].unit)}`;
  }

  const looked = (given, time) => given.coverage.some(([from, to]) => time >= from && time <= to);

  /* What a lane holds over its whole length, for those who do not see it. */
  function summary(given) {
    const name = `${given.group}, ${given.title}`;
    if (!given.count) return `${name}: nothing found.`;
    if (given.drawn === "blocks") return `${name}: ${given.count} stretches.`;
    const sums = given.labels.map((label, k) => {
      let sum = 0;
      let count = 0;
      const step = Math.max(1, Math.floor(given.count / 2000));
      for (let row = 0; row < given.count; row += step) {
        const value = given.value(row, k);
        if (!Number.isNaN(value)) { sum += value; count += 1; }
      }
      return { label, mean: count ? sum / count : NaN };
    }).filter((one) => !Number.isNaN(one.mean));
    if (given.drawn !== "lines") sums.sort((a, b) => b.mean - a.mean);
    const told = sums.slice(0, 3).map((one) => `${one.label} ${number(one.mean, "")}`).join(", ");
    return `${name}: ${given.count} rows; on average ${told}.`;
  }

  return { clock, lane, number, percent, summary };
})();

/* Elements, built without any HTML text. */
function make(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const Theme = (() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const listeners = [];
  const root = document.documentElement;

  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const told = () => listeners.forEach((listener) => listener());

  function toggle() {
    root.dataset.theme = dark() ? "light" : "dark";
    told();
  }

  system.addEventListener("change", told);
  return {
    dark,
    toggle,
    changed: (listener) => listeners.push(listener),
    emotion: (label) => (page.colours[label] || ["#a9b0bb", "#6d7686"])[dark() ? 1 : 0],
    line: (k) => page.lines[k % page.lines.length][dark() ? 1 : 0],
    variable: (name) => getComputedStyle(root).getPropertyValue(name).trim(),
    still: matchMedia("(prefers-reduced-motion: reduce)").matches,
  };
})();

/* Dark or white, whichever reads better on a colour (contrast as WCAG 2 counts it). */
function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (light + 0.05) ** 2 > 0.0569 * 1.05 ? "#10141b" : "#ffffff";
}
