// The world map: probability by opacity, time in the browser, tiles on request. Plain SVG, no library.
// All names are set as text, never as markup.
const NS = 'http://www.w3.org/2000/svg';
const STEP_MS = 260;
const TILE = 150;
const LEAST_PART = 0.16; // of the world, which a focus shows at least
const FARTHEST = 800; // units from the largest part of a country to another that is not overseas
const AROUND = 1.15; // of the members in focus, so that neighbours are seen
const MARGIN = 40; // units around the map, so that nothing at its edges is cut
const REACH_PX = 11; // a dot's ring is 22 pixels across
// As sim/interfaces/map/outlines.py has them.
const MEANS = 'Mean number of countries:';
const COLOURS = 'Colour: likeliest path; the paler, the less likely. The numbers are means over futures, '
  + 'so a colour can cover more or fewer countries.';
const DISPUTED = 'Status disputed; not modelled.';
const ABSENT = 'Not among the 197 entries of the data.';

function make(tag, attributes = {}, parent = null, text = null) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== null) node.textContent = text;
  parent?.append(node);
  return node;
}
function draw(tag, attributes = {}, parent = null) {
  const node = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

// As Python writes a number: what lies halfway goes to the even neighbour.
function toEven(value, digits) {
  const text = value.toFixed(digits);
  const unit = 10 ** digits, scaled = value * unit;
  // Only a number with few binary digits can lie halfway; others are near it by rounding alone.
  const isHalf = Number.isInteger(4 * value) && Math.abs(scaled % 1) === 0.5;
  return isHalf ? (2 * Math.round(scaled / 2) / unit).toFixed(digits) : text;
}
// As the tables write it: never rounded to certainty.
function percent(count, total) {
  const share = count / total;
  if (share > 0 && 100 * share <= 0.5) return '<1\u00a0%';
  if (share < 1 && 100 * share >= 99.5) return '>99\u00a0%';
  return `${toEven(100 * share, 0)}\u00a0%`;
}
function points(value) {
  const text = toEven(100 * value, 1);
  if (Number(text) === 0) return '0';
  return value > 0 ? `+${text}` : text.replace('-', '\u2212');
}
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Uint16Array(bytes.buffer);
}
function isDark(element) {
  const colour = getComputedStyle(element).getPropertyValue('--st-background-color').trim();
  const hex = colour.match(/^#([0-9a-f]{6})/i);
  const parts = hex ? [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16))
    : (colour.match(/[\d.]+/g) ?? ['255', '255', '255']).slice(0, 3).map(Number);
  return parts[0] + parts[1] + parts[2] < 380;
}

function buildFrame(S, root) {
  const frame = S.frame = make('div', {class: 'map'});
  const bar = make('div', {class: 'bar'}, frame);
  S.modes = make('div', {class: 'modes', role: 'group', 'aria-label': 'What the map shows'}, bar);
  S.modeButtons = {};
  for (const mode of ['a', 'b', 'difference']) {
    const button = S.modeButtons[mode] = make('button', {type: 'button'}, S.modes);
    // What the page has not sent yet comes with the answer to this.
    button.onclick = () => { if (S.D.b) { S.mode = mode; S.paint(); } S.ask({mode}); };
  }
  make('span', {class: 'space'}, bar);
  const tiles = make('label', {class: 'tiles'}, bar);
  S.tiles = make('input', {type: 'checkbox'}, tiles);
  tiles.append(' Tiles of equal size');
  S.tiles.onchange = () => { S.arrange(); S.paint(); S.ask({tiles: S.tiles.checked}); };
  S.legend = make('div', {class: 'legend'}, frame);
  S.svg = draw('svg', {role: 'img'}, frame);
  const time = make('div', {class: 'time'}, frame);
  S.play = make('button', {type: 'button', class: 'play'}, time, 'Play');
  S.slider = make('input', {type: 'range', min: 0, step: 1, 'aria-label': 'Month'}, time);
  S.output = make('output', {}, time);
  S.note = make('p', {class: 'note'}, frame);
  S.tip = make('div', {class: 'tip', hidden: ''}, frame);
  root.append(frame);
}

function buildShapes(S) {
  const {shapes} = S;
  const defs = draw('defs', {}, S.svg);
  const hatch = draw('pattern', {id: 'hatch', width: 14, height: 14, patternUnits: 'userSpaceOnUse',
    patternTransform: 'rotate(45)'}, defs);
  draw('line', {x1: 0, y1: 0, x2: 0, y2: 14, stroke: 'var(--ink-soft)', 'stroke-width': 3}, hatch);
  const spots = draw('pattern', {id: 'home', width: 44, height: 44, patternUnits: 'userSpaceOnUse'}, defs);
  draw('rect', {width: 44, height: 44, fill: 'var(--empty)'}, spots);
  for (const at of [11, 33]) draw('circle', {cx: at, cy: at, r: 7, fill: 'var(--ink-soft)'}, spots);
  S.land = draw('g', {}, S.svg);
  S.grid = draw('g', {}, S.svg);
  // A finger has no hovering: what it touches is told at once, and stays until the next touch.
  const hear = (node, tell) => {
    node.onpointermove = tell;
    node.onpointerdown = (event) => { if (event.pointerType !== 'mouse') tell(event); };
    node.onpointerleave = (event) => { if (event.pointerType === 'mouse') S.tip.hidden = true; };
  };
  S.frame.addEventListener('pointerdown', () => { S.tip.hidden = true; }, true);
  for (const [iso, {name, d}] of Object.entries(shapes.others)) {
    const path = draw('path', {d, class: 'other', 'data-other': iso}, S.land);
    const text = iso in shapes.contested ? DISPUTED : ABSENT;
    hear(path, (event) => S.say(event, name, text));
    draw('path', {d, class: 'unmodelled'}, S.land);
  }
  S.shape = {}; S.dot = {}; S.tile = {};
  const listen = (node, iso) => {
    node.onclick = () => S.pick(iso);
    hear(node, (event) => S.tell(event, iso));
  };
  // Around each dot a ring that a finger can hit. It lies below the countries, so that it takes
  // nothing from them; where rings overlap, the nearest dot is meant.
  S.ring = {};
  for (const [iso, [cx, cy]] of Object.entries(shapes.dots)) {
    const ring = S.ring[iso] = draw('circle', {cx, cy, class: 'ring', 'data-ring': iso}, S.land);
    ring.onclick = (event) => S.pick(S.nearest(event));
    hear(ring, (event) => S.tell(event, S.nearest(event)));
  }
  for (const [iso, d] of Object.entries(shapes.countries)) {
    S.shape[iso] = draw('path', {d, class: 'country land', 'data-iso': iso}, S.land);
    listen(S.shape[iso], iso);
  }
  for (const [key, {name, d, part_of: whole}] of Object.entries(shapes.contested)) {
    const area = draw('path', {d, class: 'contested', 'data-contested': key}, S.land);
    if (whole) area.onclick = () => S.pick(whole);
    hear(area, (event) => {
      if (whole) S.tell(event, whole, `${name}: status disputed; counted with ${S.D.names[whole]} here.`);
      else S.say(event, name, DISPUTED);
    });
  }
  for (const [iso, [cx, cy]] of Object.entries(shapes.dots)) {
    S.dot[iso] = draw('circle', {cx, cy, class: 'country dot', 'data-dot': iso}, S.land);
    listen(S.dot[iso], iso);
  }
  for (const [iso, [x, y]] of Object.entries(shapes.tiles)) {
    const tile = S.tile[iso] = draw('rect', {x: x * TILE + 6, y: y * TILE + 6, width: TILE - 12,
      height: TILE - 12, rx: 18, class: 'country', 'data-tile': iso}, S.grid);
    listen(tile, iso);
    const label = draw('text', {x: (x + 0.5) * TILE, y: (y + 0.5) * TILE + 16, class: 'tile-label'}, S.grid);
    label.textContent = iso;
    tile.label = label;
  }
  const at = Object.values(shapes.tiles);
  S.gridBox = [Math.max(...at.map((p) => p[0])) + 1, Math.max(...at.map((p) => p[1])) + 1]
    .map((n) => n * TILE);
  new ResizeObserver(() => S.resizeDots()).observe(S.svg);
}

// Where a country lies, as [left, top, right, bottom]: its largest part, and all near that. What lies
// overseas would draw the eye from the rest.
function mainBox(d) {
  const boxes = d.split('M').slice(1).map((part) => {
    let [x, y, ...steps] = part.match(/-?\d+/g).map(Number);
    const box = [x, y, x, y];
    for (let k = 0; k + 1 < steps.length; k += 2) {
      x += steps[k]; y += steps[k + 1];
      box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
    }
    return box;
  });
  const size = ([left, top, right, bottom]) => (right - left) * (bottom - top);
  const main = boxes.reduce((one, other) => (size(other) > size(one) ? other : one));
  const near = Math.min(FARTHEST, 2 * Math.max(main[2] - main[0], main[3] - main[1]));
  return around(boxes.filter((box) => [0, 1].every((k) => box[k] - main[k + 2] <= near && main[k] - box[k + 2] <= near)));
}
function around(boxes) {
  return [0, 1, 2, 3].map((k) => Math[k < 2 ? 'min' : 'max'](...boxes.map((box) => box[k])));
}
// The smallest countries have a dot and no outline.
function placeOf({countries, dots}, iso) {
  return countries[iso] ? mainBox(countries[iso]) : [...dots[iso], ...dots[iso]];
}
function tileBox([x, y]) { return [x * TILE, y * TILE, (x + 1) * TILE, (y + 1) * TILE]; }

// What the map shows, as left, top, width and height: the world, or the members in focus with land
// around them. The shape stays that of the world, so that nothing on the page moves.
function boxOf(S) {
  const {tiles, countries} = S.shapes, isTiles = S.tiles.checked;
  const edge = isTiles ? 0 : MARGIN;
  const [width, height] = (isTiles ? S.gridBox : S.shapes.box).map((side) => side + 2 * edge);
  const boxes = (S.D.members ?? []).filter((iso) => iso in (isTiles ? tiles : countries))
    .map((iso) => (isTiles ? tileBox(tiles[iso]) : placeOf(S.shapes, iso)));
  if (!boxes.length) return [-edge, -edge, width, height];
  const [left, top, right, bottom] = around(boxes);
  const scale = Math.min(1, Math.max(LEAST_PART, AROUND * (right - left) / width, AROUND * (bottom - top) / height));
  const at = (low, high, all) => Math.min(Math.max((low + high) / 2 - scale * all / 2, -edge), all - edge - scale * all);
  return [at(left, right, width), at(top, bottom, height), scale * width, scale * height];
}

function addBehaviour(S) {
  S.isMember = (iso) => !S.D.members || S.D.members.includes(iso);
  S.arrange = () => {
    const box = boxOf(S);
    S.svg.setAttribute('viewBox', box.join(' '));
    // Lines stay as thin as they are.
    S.svg.style.setProperty('--zoom', S.tiles.checked ? 1 : box[2] / (S.shapes.box[0] + 2 * MARGIN));
    S.land.style.display = S.tiles.checked ? 'none' : '';
    S.grid.style.display = S.tiles.checked ? '' : 'none';
    S.resizeDots();
  };
  S.resizeDots = () => {
    const width = S.svg.clientWidth || 900;
    const radius = width < 500 ? 3.2 : 4.2; // pixels, whatever the width
    const unit = boxOf(S)[2] / width;
    for (const dot of Object.values(S.dot)) dot.setAttribute('r', (radius * unit).toFixed(1));
    for (const ring of Object.values(S.ring)) ring.setAttribute('r', (REACH_PX * unit).toFixed(1));
  };
  S.nearest = (event) => {
    const away = ([, dot]) => {
      const box = dot.getBoundingClientRect();
      return Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
    };
    return Object.entries(S.dot).sort((one, other) => away(one) - away(other))[0][0];
  };
  S.pick = (iso) => {
    if (!(iso in S.place)) return;
    S.picked = iso; S.paint();
    S.stop({country: iso});
  };
  // Tells the server what the visitor has set, for the link. Playing asks it nothing: what is set
  // meanwhile is told when it ends.
  S.ask = (what) => {
    S.held = {...S.held, ...what};
    if (S.timer) return;
    S.component.setTriggerValue('asked', S.held);
    S.held = null;
  };
  S.halt = () => { clearInterval(S.timer); S.timer = null; S.play.textContent = 'Play'; };
  // Where playing ends is the month looked at: link and CSV have to know it as the map does.
  S.stop = (what = {}) => {
    const month = S.D.months[S.t];
    const moved = S.timer && month !== S.serverMonth ? {month} : {};
    S.halt();
    const told = {...moved, ...what};
    if (S.held || Object.keys(told).length) S.ask(told);
  };
  S.play.onclick = () => {
    if (S.timer) { S.stop(); return; }
    if (S.t >= S.D.months.length - 1) S.t = 0;
    S.play.textContent = 'Pause';
    S.timer = setInterval(() => {
      if (S.t >= S.D.months.length - 1) { S.stop(); return; }
      S.t += 1; S.paint();
    }, STEP_MS);
    S.paint();
  };
  // The slider's change follows, and tells the month and what is held.
  S.slider.oninput = () => { S.halt(); S.t = Number(S.slider.value); S.paint(); };
  S.slider.onchange = () => S.ask({month: S.D.months[S.t]});
  S.say = (event, title, text) => {
    S.tip.replaceChildren();
    make('strong', {}, S.tip, title);
    make('p', {}, S.tip, text);
    S.showTip(event);
  };
  S.showTip = (event) => {
    S.tip.hidden = false;
    const frame = S.frame.getBoundingClientRect();
    const x = event.clientX - frame.left, y = event.clientY - frame.top;
    const left = x + 14 + S.tip.offsetWidth > frame.width ? x - S.tip.offsetWidth - 10 : x + 14;
    const top = y + 14 + S.tip.offsetHeight > frame.height ? y - S.tip.offsetHeight - 10 : y + 14;
    S.tip.style.left = `${Math.max(0, left)}px`;
    S.tip.style.top = `${Math.max(0, top)}px`;
  };
}

function addNumbers(S) {
  const {D} = S;
  const G = D.groups.length, T = D.months.length;
  S.place = Object.fromEntries(D.countries.map((c, i) => [c, i]));
  S.side = {a: decode(D.a), b: D.b ? decode(D.b) : null};
  S.count = (side, i, g, t) => S.side[side][(i * G + g) * T + t];
  // Where there is no B, the map shows A, whatever was set while there was one.
  S.seen = () => (S.side.b ? S.mode : 'a');
  const bySide = (name) => ({a: decode(D[`${name}_a`]), b: D.b ? decode(D[`${name}_b`]) : null});
  S.partners = bySide('focus');
  S.large = bySide('large');
  S.focus = (side, i, t) => S.partners[side][i * T + t] / D.futures;
  S.tell = (event, iso, more = '') => {
    const {tip} = S;
    if (!(iso in S.place)) {
      S.say(event, D.names[iso] ?? iso, D.homes.includes(iso)
        ? 'Home of a provider: it makes offers and decides on none.' : 'Takes no part in this scenario.');
      return;
    }
    tip.replaceChildren();
    make('strong', {}, tip, `${D.names[iso]}, ${D.labels[S.t]}`);
    const table = make('tbody', {}, make('table', {}, tip));
    if (S.side.b) {
      const head = make('tr', {}, table);
      for (const text of ['', '', ...D.sides]) make('td', {class: 'number'}, head, text);
    }
    D.groups.forEach((group, g) => {
      const row = make('tr', {}, table);
      const mark = make('i', {}, make('td', {}, row));
      mark.style.background = S.colours[g];
      make('td', {}, row, group.title);
      for (const side of S.side.b ? ['a', 'b'] : ['a']) {
        make('td', {class: 'number'}, row, percent(S.count(side, S.place[iso], g, S.t), D.futures));
      }
    });
    const at = S.place[iso] * T + S.t;
    const kinds = {'data centre': (side) => S.large[side][at],
      'light agreement': (side) => S.partners[side][at] - S.large[side][at]};
    for (const [kind, futures] of Object.entries(kinds)) {
      const row = make('tr', {}, table);
      make('td', {}, row);
      make('td', {}, row, `${D.of}: ${kind}`);
      for (const side of S.side.b ? ['a', 'b'] : ['a']) {
        make('td', {class: 'number'}, row, percent(futures(side), D.futures));
      }
    }
    if (S.side.b) {
      const change = S.focus('a', S.place[iso], S.t) - S.focus('b', S.place[iso], S.t);
      make('p', {}, tip, `With ${D.of}, ${D.sides.join(' minus ')}: ${points(change)} points`);
    }
    const intervals = D.intervals[S.place[iso]];
    if (intervals) make('p', {}, tip, intervals);
    if (more) make('p', {}, tip, more);
    S.showTip(event);
  };
}

function fillOf(S, i) {
  const {D, t} = S, mode = S.seen();
  if (mode === 'difference') {
    const change = S.focus('a', i, t) - S.focus('b', i, t);
    const colour = change >= 0 ? S.diverging[0] : S.diverging[1];
    return [colour, Math.min(1, Math.abs(change) / D.range)];
  }
  let best = 0, most = -1;
  D.groups.forEach((_, g) => {
    const count = S.count(mode, i, g, t);
    if (count > most) { most = count; best = g; }
  });
  return [S.colours[best], 0.2 + 0.8 * most / D.futures];
}

function addPainting(S) {
  S.paint = () => {
    const {D} = S, mode = S.seen();
    if (S.t >= D.months.length) S.t = D.months.length - 1;
    S.slider.max = D.months.length - 1;
    S.slider.value = S.t;
    S.slider.setAttribute('aria-valuetext', D.labels[S.t]);
    S.output.textContent = D.labels[S.t];
    // Where nothing changes there is still land.
    const ground = mode === 'difference' ? 'var(--empty)' : 'var(--st-background-color)';
    for (const iso of Object.keys(S.shape)) {
      const i = S.place[iso];
      const isAside = !S.isMember(iso);
      const [colour, opacity] = i === undefined ? ['var(--empty)', 1] : fillOf(S, i);
      const fill = i === undefined ? colour
        : `color-mix(in srgb, ${colour} ${(100 * opacity).toFixed(1)}%, ${ground})`;
      for (const node of [S.shape[iso], S.dot[iso], S.tile[iso]]) {
        if (!node) continue;
        const isHome = i === undefined && D.homes.includes(iso) && !isAside;
        node.style.fill = isHome || isAside ? '' : fill;
        node.classList.toggle('aside', isAside);
        node.classList.toggle('home', isHome);
        node.classList.toggle('picked', iso === S.picked);
        node.classList.toggle('absent', i === undefined);
      }
      const label = S.tile[iso]?.label;
      if (label && isAside) label.style.fill = 'var(--ink-soft)';
      else if (label) label.style.fill = opacity > 0.55 && i !== undefined && S.strong(colour) ? '#fff' : 'var(--st-text-color)';
    }
    S.legendNow();
    for (const [name, button] of Object.entries(S.modeButtons)) {
      button.setAttribute('aria-pressed', String(name === mode));
    }
  };
  // Whether white text reads better on a colour than the text colour of the page.
  S.strong = (colour) => {
    const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
    return !S.dark && 0.299 * r + 0.587 * g + 0.114 * b < 150;
  };
  S.legendNow = () => {
    const {D} = S, seen = S.seen();
    S.legend.replaceChildren();
    let says;
    const entry = (colour, title, value) => {
      const span = make('span', {}, S.legend);
      const mark = make('i', {}, span);
      if (colour.startsWith('.')) mark.className = colour.slice(1); else mark.style.background = colour;
      span.append(title);
      if (value !== null) make('b', {}, span, value);
    };
    if (seen === 'difference') {
      const range = (100 * D.range).toFixed(0);
      entry(S.diverging[0], `${D.likelier[0]} (full at ${range} points)`, null);
      entry(S.diverging[1], D.likelier[1], null);
      says = `Probability of being with ${D.of}, ${D.sides.join(' minus ')}.`;
    } else {
      make('span', {}, S.legend, MEANS);
      D.groups.forEach((group, g) => {
        let sum = 0;
        D.countries.forEach((iso, i) => { if (S.isMember(iso)) sum += S.count(seen, i, g, S.t); });
        entry(S.colours[g], group.title, toEven(sum / D.futures, 0));
      });
      says = COLOURS;
    }
    if (D.members) says = `${D.group}; other countries in outline. ${says}`;
    // Beside other maps the page says once what holds for all.
    S.note.textContent = D.small ? D.boundaries : `${says} ${D.boundaries}`;
    if (!D.small && D.homes.length) entry('.home', 'home of a provider', null);
    if (!D.small && !S.tiles.checked) entry('.hatch', 'contested or not modelled', null);
    const focus = D.members ? `, ${D.group}` : '';
    const what = seen === 'difference' ? says.replace(/\.$/, '') : 'likeliest path of each country';
    S.svg.setAttribute('aria-label', `World map${D.title}${focus}: ${what}, ${D.labels[S.t]}. The same figures stand in ${D.figures}.`);
  };
}

function update(S) {
  const {D} = S;
  S.dark = isDark(S.frame);
  S.colours = D.groups.map((group) => (S.dark ? group.dark : group.light));
  S.diverging = S.dark ? D.diverging.dark : D.diverging.light;
  S.frame.style.setProperty('--empty', 'color-mix(in srgb, var(--st-text-color) 7%, var(--st-background-color))');
  S.frame.style.setProperty('--aside', 'color-mix(in srgb, var(--st-text-color) 24%, var(--st-background-color))');
  S.frame.style.setProperty('--ink-soft', 'color-mix(in srgb, var(--st-text-color) 68%, var(--st-background-color))');
  addNumbers(S);
  S.frame.classList.toggle('small', D.small);
  S.modes.hidden = !D.b && !D.on_demand;
  for (const [mode, text] of Object.entries({a: D.sides[0], b: D.sides[1], difference: D.sides.join(' minus ')})) {
    S.modeButtons[mode].textContent = text;
  }
  // The server's word counts when it has changed, so that an answer to something else that was
  // asked earlier does not put back what the visitor has set since.
  const mode = D.b ? D.mode : 'a';
  if (mode !== S.serverMode) { S.serverMode = mode; S.mode = mode; }
  if (D.tiles !== S.serverTiles) { S.serverTiles = D.tiles; S.tiles.checked = D.tiles; S.arrange(); }
  if (D.month !== S.serverMonth) { S.serverMonth = D.month; S.t = Math.max(0, D.months.indexOf(D.month)); }
  S.picked = D.picked;
  S.frame.classList.toggle('focused', Boolean(D.members));
  const focus = D.members?.join() ?? '';
  if (focus !== S.focusOn) { S.focusOn = focus; S.arrange(); }
  S.paint();
}

export default function (component) {
  const {data, parentElement: root} = component;
  const S = (root.alignsimMap ??= {mode: 'a', t: 0});
  S.component = component;
  S.D = data;
  if (!S.frame) { buildFrame(S, root); addBehaviour(S); addPainting(S); }
  if (S.shapes) { update(S); return () => S.halt(); }
  const waiting = (globalThis.alignsimShapes ??= {listeners: []});
  const begin = (shapes) => {
    if (S.shapes) return;
    S.shapes = shapes; buildShapes(S); S.arrange(); update(S);
  };
  if (waiting.shapes) begin(waiting.shapes); else waiting.listeners.push(begin);
  return () => S.halt();
}
