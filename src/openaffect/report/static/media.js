"use strict";
/* The clock that everything follows: a sound or video where there is one, else a clock of its own. */

const Clock = (() => {
  const moved = [];
  const changed = [];
  let element = null;
  let own = 0;
  let running = false;
  let before = 0;
  let rate = 1;

  const now = () => (element ? Math.min(element.currentTime, page.until) : own);
  const playing = () => (element ? !element.paused && !element.ended : running);
  const tell = (sought) => moved.forEach((listener) => listener(now(), sought));
  const state = () => changed.forEach((listener) => listener());

  function follow(stamp) {
    if (!playing()) return;
    if (!element) {
      own = Math.min(page.until, own + ((stamp - before) / 1000) * rate);
      before = stamp;
      if (own >= page.until) running = false;
    }
    tell(false);
    if (playing()) requestAnimationFrame(follow);
    else state();
  }

  function start() {
    before = performance.now();
    state();
    requestAnimationFrame(follow);
  }

  function use(given) {
    element = given;
    element.addEventListener("play", start);
    element.addEventListener("pause", () => { state(); tell(false); });
    element.addEventListener("ended", state);
    element.addEventListener("seeked", () => tell(false));
    element.addEventListener("loadeddata", () => tell(false));
    element.playbackRate = rate;
    element.currentTime = own;
  }

  function drop() {
    own = now();
    element = null;
    state();
  }

  function play() {
    if (page.unit !== "s") return;
    if (element) {
      element.play().catch(() => state());
    } else {
      if (own >= page.until) own = 0;
      running = true;
      start();
    }
  }

  function pause() {
    if (element) element.pause();
    running = false;
    state();
  }

  function seek(time) {
    const to = Math.max(0, Math.min(page.until, time));
    if (element) element.currentTime = to;
    else own = to;
    tell(true);
  }

  return {
    now, playing, play, pause, seek, use, drop,
    toggle: () => (playing() ? pause() : play()),
    speed(given) { rate = given; if (element) element.playbackRate = given; },
    moved: (listener) => moved.push(listener),
    changed: (listener) => changed.push(listener),
  };
})();

/* The player: the recording or a still, with what was found drawn over it. */
const Player = (() => {
  const MOSAIC = 6;
  const HOLD = 0.6;
  const media = page.media;
  const canvas = make("canvas", { class: "overlay", "aria-hidden": "true" });
  const frame = make("div", { class: "frame" }, canvas);
  const lanes = Data.lanes.filter((lane) => lane.box);
  const stills = media.frames.map(([time, address]) => {
    const image = new Image();
    image.addEventListener("load", draw);
    image.src = address;
    return { time, image };
  });
  let element = null;
  let boxes = true;

  /* The file inside the page, as an address that the browser can play and seek. */
  function inside() {
    const text = document.getElementById("media").textContent.trim();
    return text ? URL.createObjectURL(new Blob([Data.bytes(text)], { type: media.type })) : "";
  }

  function load(address) {
    if (element) { element.remove(); Clock.drop(); }
    const tag = media.kind === "audio" ? "audio" : "video";
    element = make(tag, { src: address, preload: "auto", playsinline: true, "aria-label": page.title });
    element.addEventListener("error", () => {
      note("This browser cannot play the recording. The timeline has a clock of its own.");
      element.remove();
      element = null;
      Clock.drop();
      draw();
    });
    frame.prepend(element);
    Clock.use(element);
  }

  const said = make("p", { class: "quiet", id: "player-note" });
  const note = (text) => { said.textContent = text; };

  function picker() {
    const input = make("input", {
      type: "file", id: "pick", class: "hidden", accept: `${media.kind}/*`,
      onchange: () => {
        if (input.files.length) { load(URL.createObjectURL(input.files[0])); note("Playing the file that you chose; it stays on this machine."); }
      },
    });
    return make("label", { class: "button", for: "pick", text: "Choose the recording …" }, input);
  }

  function build(place) {
    const timed = page.unit === "s";
    if (media.kind === "video" || media.kind === "image") {
      frame.style.aspectRatio = `${page.width || 16} / ${page.height || 9}`;
      frame.style.setProperty("--shape", (page.width || 16) / (page.height || 9));
      place.append(frame);
      new ResizeObserver(draw).observe(frame);
    } else {
      frame.classList.add("sound");
      if (media.kind === "audio") place.append(frame);
    }
    if (timed) place.append(controls());
    if (media.how === "embedded" && media.kind !== "image") load(inside());
    else if (media.how === "linked") load(media.address);
    note(media.note);
    place.append(said);
    if (media.kind === "video" || media.kind === "audio") {
      if (media.how !== "embedded") place.append(picker());
    }
    if (!place.childElementCount || (!timed && media.kind !== "image")) place.remove();
    Clock.moved(draw);
    Theme.changed(draw);
    draw();
  }

  function controls() {
    const play = make("button", { type: "button", class: "play", onclick: Clock.toggle });
    const time = make("span", { class: "time" });
    const shown = () => {
      play.textContent = Clock.playing() ? "Pause" : "Play";
      play.setAttribute("aria-label", `${play.textContent} (space bar)`);
    };
    const tick = () => { time.textContent = `${Say.clock(Clock.now())} / ${Say.clock(page.until)}`; };
    const speed = make("select", { "aria-label": "Speed", onchange: () => Clock.speed(Number(speed.value)) },
      ...[0.25, 0.5, 1, 1.5, 2].map((by) => make("option", { value: by, text: `${by}×`, selected: by === 1 })));
    const row = make("div", { class: "controls" }, play, time, speed);
    if (lanes.length) {
      row.append(make("label", {}, make("input", {
        type: "checkbox", id: "boxes", checked: true, onchange: (event) => { boxes = event.target.checked; draw(); },
      }), " boxes"));
    }
    if (media.kind === "video") {
      row.append(make("button", {
        type: "button", onclick: () => (document.fullscreenElement ? document.exitFullscreen() : frame.requestFullscreen()), text: "Full screen",
      }));
    }
    Clock.changed(shown);
    Clock.moved(tick);
    shown();
    tick();
    return row;
  }

  /* Where the picture lies inside the frame: [left, top, scale]. */
  function fit(width, height) {
    const wide = page.width || width;
    const tall = page.height || height;
    const scale = Math.min(width / wide, height / tall);
    return [(width - wide * scale) / 2, (height - tall * scale) / 2, scale];
  }

  function draw() {
    if (media.kind === "audio" || !frame.isConnected) return;
    const ratio = devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = frame;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const brush = canvas.getContext("2d");
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, width, height);
    const [left, top, scale] = fit(width, height);
    if (!element) still(brush, left, top, scale);
    const found = media.kind === "image" ? page.faces : faces(Clock.now());
    if (page.anonymize && element) hide(brush, left, top, scale);
    if (boxes) found.forEach((face) => mark(brush, face, left, top, scale, width));
  }

  function still(brush, left, top, scale) {
    let chosen = stills[0];
    for (const one of stills) if (one.time <= Clock.now() + 1e-6) chosen = one;
    if (chosen && chosen.image.complete) {
      brush.drawImage(chosen.image, left, top, page.width * scale, page.height * scale);
    }
  }

  /* The faces at a time; between two looks a box moves from the one to the other. */
  function faces(time) {
    return lanes.flatMap((lane) => {
      const row = Data.at(lane, time);
      if (row < 0) return [];
      const best = Data.best(lane, row);
      const person = page.people.find((one) => one.subject === lane.subject) || page.people[0] || {};
      return [{
        name: person.name || "face", colour: person.colour || "#0b6e99", box: between(lane, row, time),
        label: lane.withheld(row) ? "" : lane.labels[best],
        score: lane.value(row, best),
      }];
    });
  }

  function between(lane, row, time) {
    const box = [...lane.box(row)];
    const next = row + 1;
    if (next >= lane.count || lane.from(next) - lane.to(row) > 0.01) return box;
    const way = Math.min(1, (time - lane.from(row)) / (lane.from(next) - lane.from(row) || 1));
    return box.map((value, k) => value + way * (lane.box(next)[k] - value));
  }

  function mark(brush, face, left, top, scale, width) {
    const [x0, y0, x1, y1] = face.box.map((value, k) => value * scale + (k % 2 ? top : left));
    brush.lineWidth = 2;
    brush.strokeStyle = face.colour;
    brush.beginPath();
    brush.roundRect(x0, y0, x1 - x0, y1 - y0, 6);
    brush.stroke();
    const score = face.score === undefined ? (face.scores || {})[face.label] : face.score;
    const text = face.label ? `${face.name} · ${face.label} ${Say.percent(score)}` : `${face.name} · unsure`;
    brush.font = "600 13px system-ui, sans-serif";
    const wide = brush.measureText(text).width + 14;
    const x = Math.max(2, Math.min(x0 - 1, width - wide - 2));
    const above = y0 > 34;
    const y = above ? y0 - 30 : y1 + 4;
    brush.fillStyle = face.colour;
    brush.beginPath();
    brush.roundRect(x, y, wide, 26, 5);
    brush.fill();
    brush.fillStyle = inkOn(face.colour);
    brush.textBaseline = "middle";
    brush.fillText(text, x + 7, y + 11);
    if (face.label) {
      brush.fillStyle = "rgba(0,0,0,.35)";
      brush.fillRect(x + 7, y + 20, wide - 14, 3);
      brush.fillStyle = Theme.emotion(face.label);
      brush.fillRect(x + 7, y + 20, (wide - 14) * score, 3);
    }
  }

  /* Coarse cells over the faces; where none was seen for a while, over the whole picture. */
  function hide(brush, left, top, scale) {
    const time = Clock.now();
    const near = lanes.flatMap((lane) => [-HOLD, -HOLD / 2, 0, HOLD / 2, HOLD]
      .map((shift) => Data.at(lane, time + shift)).filter((row) => row >= 0)
      .map((row) => lane.box(row)));
    const all = near.length ? near : [[0, 0, page.width, page.height]];
    const small = make("canvas", { width: MOSAIC, height: MOSAIC });
    const tiny = small.getContext("2d");
    brush.imageSmoothingEnabled = false;
    for (const [x0, y0, x1, y1] of all) {
      const grow = near.length ? 0.2 : 0;
      const x = Math.max(0, x0 - grow * (x1 - x0));
      const y = Math.max(0, y0 - grow * (y1 - y0));
      const wide = Math.min(page.width, x1 + grow * (x1 - x0)) - x;
      const tall = Math.min(page.height, y1 + grow * (y1 - y0)) - y;
      const zoom = element.videoWidth / page.width || 1;
      tiny.drawImage(element, x * zoom, y * zoom, wide * zoom, tall * zoom, 0, 0, MOSAIC, MOSAIC);
      brush.drawImage(small, 0, 0, MOSAIC, MOSAIC, left + x * scale, top + y * scale, wide * scale, tall * scale);
    }
    brush.imageSmoothingEnabled = true;
  }

  return { build };
})();
