"use strict";
/* Draws one lane on a uPlot canvas: shares on each other, lines, heat, blocks of words. */

const Draw = (() => {
  const NAMED = 12;
  const MARGIN = 26; /* half of the widest figure, 10:00:00, fits in; the card's padding is as wide */
  const heights = { stack: 54, lines: 66, blocks: 46 };

  function height(lane) {
    if (!lane.count) return 30;
    if (lane.drawn === "heat") return lane.columns <= NAMED ? Math.max(20, lane.columns * 14) : lane.columns * 6;
    if (lane.drawn === "stack" && lane.columns === 1) return 30;
    return heights[lane.drawn];
  }

  /* The rows that a view shows, joined into at most `cells` stretches: [{from, to, rows: [first, last]}]. */
  function stretches(lane, view, cells) {
    let first = Math.max(0, Data.after(lane, view.from) - 1);
    while (first > 0 && lane.to(first - 1) > view.from) first -= 1;
    const last = Data.after(lane, view.to);
    const found = [];
    if (last - first <= cells) {
      for (let row = first; row < last; row += 1) found.push({ from: lane.from(row), to: lane.to(row), rows: [row, row + 1] });
      return found;
    }
    const width = (view.to - view.from) / cells;
    let row = first;
    while (row < last) {
      const cell = Math.floor((lane.from(row) - view.from) / width);
      const begin = row;
      let end = lane.to(row);
      while (row < last && Math.floor((lane.from(row) - view.from) / width) === cell) {
        end = Math.max(end, lane.to(row));
        row += 1;
      }
      found.push({ from: lane.from(begin), to: end, rows: [begin, row] });
    }
    return found;
  }

  function mean(lane, rows, column) {
    let sum = 0;
    let count = 0;
    for (let row = rows[0]; row < rows[1]; row += 1) {
      const value = lane.value(row, column);
      if (!Number.isNaN(value)) { sum += value; count += 1; }
    }
    return count ? sum / count : NaN;
  }

  function extremes(lane, rows, column) {
    let low = Infinity;
    let high = -Infinity;
    for (let row = rows[0]; row < rows[1]; row += 1) {
      const value = lane.value(row, column);
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low <= high ? [low, high] : [NaN, NaN];
  }

  /* A column's value between 0 and 1: by the scheme's bounds, or by the column's own. */
  const share = (lane, column, value) => (value - lane.low[column]) / (lane.high[column] - lane.low[column] || 1);

  /* Points for uPlot: each row's middle, or the lowest and highest of each stretch; null breaks a line. */
  function points(lane, view, cells) {
    const found = stretches(lane, view, cells / 2);
    const times = [];
    const values = lane.labels.map(() => []);
    let before = null;
    for (const one of found) {
      if (before !== null && one.from - before > 0.01 * Math.max(1, one.to - one.from) + 1e-6) {
        times.push((before + one.from) / 2);
        values.forEach((column) => column.push(null));
      }
      before = one.to;
      const single = one.rows[1] - one.rows[0] === 1;
      const place = single ? [one.from, Math.max(one.from + 1e-6, one.to)] : [one.from, (one.from + one.to) / 2];
      times.push(...place);
      lane.labels.forEach((_, k) => {
        const pair = single ? [lane.value(one.rows[0], k), lane.value(one.rows[0], k)] : extremes(lane, one.rows, k);
        values[k].push(...pair.map((value) => (Number.isNaN(value) ? null : share(lane, k, value))));
      });
    }
    return [times, ...values];
  }

  const left = (plot, time) => plot.valToPos(time, "x", true);

  function ground(plot, lane) {
    const { ctx: brush, bbox } = plot;
    brush.fillStyle = Theme.variable("--unseen");
    brush.fillRect(bbox.left, bbox.top, bbox.width, bbox.height);
    brush.fillStyle = Theme.variable("--seen");
    const looked = lane.coverage.length || page.unit === "s" ? lane.coverage : [[0, page.until]];
    for (const [from, to] of looked) {
      const x0 = Math.max(bbox.left, left(plot, from));
      const x1 = Math.min(bbox.left + bbox.width, left(plot, to));
      if (x1 > x0) brush.fillRect(x0, bbox.top, x1 - x0, bbox.height);
    }
  }

  /* Left edge and width on whole pixels, at least `least` wide: neighbours touch and never overlap. */
  function across(plot, one, least) {
    const x0 = Math.round(left(plot, one.from));
    const x1 = Math.round(left(plot, one.to));
    return [x0, Math.max(least, x1 - x0)];
  }

  function stack(plot, lane, view) {
    const { ctx: brush, bbox } = plot;
    const found = stretches(lane, view, bbox.width);
    const floors = found.map(() => bbox.top + bbox.height);
    lane.labels.forEach((label, k) => {
      brush.fillStyle = lane.columns === 1 ? Theme.variable("--plain") : Theme.emotion(label);
      brush.beginPath();
      found.forEach((one, place) => {
        const value = mean(lane, one.rows, k);
        if (!(value > 0.002)) return;
        const [x, wide] = across(plot, one, 1);
        const tall = value * bbox.height;
        brush.rect(x, floors[place] - tall, wide, tall);
        floors[place] -= tall;
      });
      brush.fill();
    });
    withheld(plot, lane, found);
  }

  /* Pale stripes over what the recogniser was unsure of. */
  function withheld(plot, lane, found) {
    if (lane.abstain === undefined) return;
    const { ctx: brush, bbox } = plot;
    brush.save();
    brush.beginPath();
    for (const one of found) {
      let unsure = 0;
      for (let row = one.rows[0]; row < one.rows[1]; row += 1) unsure += lane.withheld(row);
      if (2 * unsure > one.rows[1] - one.rows[0]) {
        const [x, wide] = across(plot, one, 1);
        brush.rect(x, bbox.top, wide, bbox.height);
      }
    }
    brush.clip();
    brush.fillStyle = Theme.variable("--veil");
    brush.fillRect(bbox.left, bbox.top, bbox.width, bbox.height);
    brush.strokeStyle = Theme.variable("--stripe");
    brush.lineWidth = devicePixelRatio;
    const step = 7 * devicePixelRatio;
    brush.beginPath();
    for (let x = bbox.left - bbox.height; x < bbox.left + bbox.width; x += step) {
      brush.moveTo(x, bbox.top + bbox.height);
      brush.lineTo(x + bbox.height, bbox.top);
    }
    brush.stroke();
    brush.restore();
  }

  function heat(plot, lane, view) {
    const { ctx: brush, bbox } = plot;
    const found = stretches(lane, view, bbox.width);
    const tall = bbox.height / lane.columns;
    lane.labels.forEach((label, k) => {
      brush.fillStyle = label in page.colours && page.colours[label][0] !== "#a9b0bb" ? Theme.emotion(label) : Theme.variable("--heat");
      for (const one of found) {
        const [, value] = extremes(lane, one.rows, k);
        const part = share(lane, k, value);
        if (!(part > 0.02)) continue;
        const [x, wide] = across(plot, one, 2);
        brush.globalAlpha = Math.min(1, 0.08 + 0.92 * part);
        brush.fillRect(x, bbox.top + k * tall + 0.5, wide, Math.max(1, tall - 1));
      }
    });
    brush.globalAlpha = 1;
  }

  function blocks(plot, lane, view) {
    const { ctx: brush, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    for (const one of stretches(lane, view, bbox.width)) {
      const row = one.rows[0];
      const x = left(plot, one.from);
      const wide = Math.max(2 * ratio, left(plot, one.to) - x - ratio);
      const mood = lane.moods ? lane.moods[row] : "";
      brush.fillStyle = mood ? Theme.emotion(mood) : Theme.variable(lane.name === "fused.conflict" ? "--alarm" : "--plain");
      const colour = brush.fillStyle;
      brush.beginPath();
      brush.roundRect(x, bbox.top + 3 * ratio, wide, bbox.height - 6 * ratio, Math.min(5 * ratio, wide / 2));
      brush.fill();
      if (one.rows[1] - row > 1 || wide < 40 * ratio || !lane.text) continue;
      write(brush, lane.text[row], Math.max(x, bbox.left), bbox, Math.min(x + wide, bbox.left + bbox.width), colour, ratio);
    }
  }

  /* A text within a block, in at most two lines, cut with an ellipsis. */
  function write(brush, text, from, bbox, to, colour, ratio) {
    const room = to - from - 14 * ratio;
    brush.font = `${12.5 * ratio}px system-ui, sans-serif`;
    brush.fillStyle = inkOn(colour);
    brush.textBaseline = "middle";
    const lines = [""];
    for (const word of text.split(/\s+/)) {
      const longer = lines[lines.length - 1] ? `${lines[lines.length - 1]} ${word}` : word;
      if (brush.measureText(longer).width <= room || !lines[lines.length - 1]) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    const shown = lines.slice(0, 2);
    if (lines.length > 2) shown[1] += " …";
    shown.forEach((line, place) => {
      let cut = line;
      while (cut.length > 1 && brush.measureText(cut).width > room) cut = `${cut.slice(0, -2).trimEnd()}…`;
      const y = bbox.top + bbox.height / 2 + (place - (shown.length - 1) / 2) * 15.5 * ratio;
      if (brush.measureText(cut).width <= room) brush.fillText(cut, from + 7 * ratio, y);
    });
  }

  function zero(plot, lane) {
    const { ctx: brush, bbox } = plot;
    brush.strokeStyle = Theme.variable("--rule");
    brush.lineWidth = 1;
    const middle = lane.bounded && lane.low[0] < 0 ? share(lane, 0, 0) : null;
    if (middle === null) return;
    const y = Math.round(bbox.top + bbox.height * (1 - middle)) + 0.5;
    brush.beginPath();
    brush.moveTo(bbox.left, y);
    brush.lineTo(bbox.left + bbox.width, y);
    brush.stroke();
  }

  const ways = { stack, heat, blocks, lines: () => {} };

  /* The uPlot of a lane; `view` is read anew at each drawing. */
  function plot(lane, place, view, width) {
    const wired = lane.drawn === "lines";
    const chart = new uPlot({
      width,
      height: height(lane),
      padding: [0, 0, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      select: { show: false },
      scales: { x: { time: false, range: () => [view.from, view.to] }, y: { range: [-0.04, 1.04] } },
      axes: [{ show: false }, { show: false }],
      series: [{}, ...(wired ? lane.labels.map((_, k) => ({
        stroke: () => Theme.line(k), width: 1.75, points: { show: false }, spanGaps: false,
      })) : [])],
      hooks: {
        drawClear: [(self) => { ground(self, lane); if (wired) zero(self, lane); }],
        draw: [(self) => ways[lane.drawn](self, lane, view)],
      },
    }, data(lane, view, width), place);
    chart.root.querySelector("canvas").setAttribute("aria-hidden", "true");
    return chart;
  }

  function data(lane, view, width) {
    return lane.drawn === "lines" ? points(lane, view, width * 2) : [[view.from, view.to]];
  }

  /* The ruler's own range: somewhat more on each side, so that its first and last figure have room. */
  function wider(view, width) {
    const more = (MARGIN * (view.to - view.from)) / Math.max(1, width - 2 * MARGIN);
    return [view.from - more, view.to + more];
  }

  function ruler(place, view, width) {
    const within = (_, splits) => splits.map((time) => (time < view.from - 1e-9 || time > view.to + 1e-9 ? null : time));
    const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000, 36000];
    const whole = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 1e5, 1e6];
    const chart = new uPlot({
      width: width + 2 * MARGIN,
      height: 30,
      padding: [0, 0, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      select: { show: false },
      scales: { x: { time: false, range: (self) => wider(view, self.width) }, y: { range: [0, 1] } },
      axes: [{
        size: 28, gap: 4, space: 64, side: 2,
        incrs: page.unit === "s" ? steps : whole,
        filter: within,
        values: (_, splits) => splits.map((time) => (time === null ? null : tick(time))),
        stroke: () => Theme.variable("--faint"),
        grid: { show: false },
        ticks: { stroke: () => Theme.variable("--rule"), size: 5, width: 1, filter: within },
        font: "12px system-ui, sans-serif",
      }, { show: false }],
      series: [{}],
    }, [[view.from, view.to]], place);
    return chart;
  }

  function tick(time) {
    if (page.unit !== "s") return String(Math.round(time));
    const fine = Math.abs(time - Math.round(time)) > 1e-6;
    if (page.until < 60) return `${fine ? time.toFixed(1) : Math.round(time)} s`;
    const text = Say.clock(time);
    return fine ? text : text.slice(0, -2);
  }

  return { data, height, MARGIN, NAMED, plot, ruler, stretches };
})();
