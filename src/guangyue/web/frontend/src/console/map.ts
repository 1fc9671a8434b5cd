// The map: the city's own lines and areas, quiet; matters on top, clustered; nothing is fetched from elsewhere.

import * as maplibregl from 'maplibre-gl';
import type { FeatureCollection, Point } from 'geojson';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';

maplibregl.setWorkerUrl(workerUrl);

export interface CityMap {
  show(id: string): void;
  move(id: string, position: [number, number] | null, open: boolean): void;
}

export const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The quiet city underneath. */
export function ground(): maplibregl.LayerSpecification[] {
  const line = token('--hairline-strong');
  const soft = token('--hairline');
  const ink = token('--ink-soft');
  const paper = token('--ground');
  const kind = (name: string): maplibregl.FilterSpecification => ['==', ['get', 'layer'], name];
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': paper } },
    { id: 'areas', type: 'fill', source: 'city', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': token('--sunk'), 'fill-opacity': 0.75 } },
    { id: 'water', type: 'fill', source: 'city', filter: kind('water'), paint: { 'fill-color': token('--act-soft') } },
    { id: 'green', type: 'fill', source: 'city', filter: kind('green'), paint: { 'fill-color': token('--done-soft') } },
    {
      id: 'streets', type: 'line', source: 'city', filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': soft, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 0.6, 14, 2.4, 17, 8] },
    },
    { id: 'borders', type: 'line', source: 'city', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'line-color': line, 'line-width': 1, 'line-opacity': 0.45 } },
    {
      id: 'names', type: 'symbol', source: 'city', filter: ['all', ['has', 'name'], ['==', ['geometry-type'], 'Polygon']],
      layout: { 'text-field': ['get', 'name'], 'text-size': 12, 'text-letter-spacing': 0.08 },
      paint: { 'text-color': ink, 'text-halo-color': paper, 'text-halo-width': 1.4 },
    },
    {
      id: 'street-names', type: 'symbol', source: 'city', minzoom: 13.5, filter: ['all', ['has', 'name'], ['==', ['geometry-type'], 'LineString']],
      layout: { 'text-field': ['get', 'name'], 'text-size': 11, 'symbol-placement': 'line' },
      paint: { 'text-color': ink, 'text-halo-color': paper, 'text-halo-width': 1.4 },
    },
  ];
}

function layers(): maplibregl.LayerSpecification[] {
  const act = token('--act');
  const paper = token('--ground');
  return [
    ...ground(),
    {
      id: 'clusters', type: 'circle', source: 'matters', filter: ['has', 'point_count'],
      paint: { 'circle-color': act, 'circle-opacity': 0.88, 'circle-radius': ['step', ['get', 'point_count'], 13, 10, 17, 50, 22], 'circle-stroke-width': 1.5, 'circle-stroke-color': paper },
    },
    {
      id: 'counts', type: 'symbol', source: 'matters', filter: ['has', 'point_count'],
      layout: { 'text-field': ['get', 'point_count_abbreviated'], 'text-size': 12, 'text-allow-overlap': true }, paint: { 'text-color': token('--act-ink') },
    },
    {
      id: 'points', type: 'circle', source: 'matters', filter: ['!', ['has', 'point_count']],
      paint: {
        'circle-radius': 6.5, 'circle-stroke-width': 2, 'circle-stroke-color': paper,
        'circle-color': ['match', ['get', 'tone'], 'lapsed', token('--lapsed'), 'low', token('--low'), 'elsewhere', token('--elsewhere'), 'closed', token('--closed'), act],
      },
    },
    {
      id: 'chosen', type: 'circle', source: 'matters', filter: ['==', ['get', 'id'], ''],
      paint: { 'circle-radius': 12, 'circle-color': 'transparent', 'circle-stroke-width': 3, 'circle-stroke-color': act },
    },
  ];
}

/** What a map of the city is made with, over one source of our own. */
export function options(holder: HTMLElement, city: FeatureCollection, source: [string, maplibregl.SourceSpecification], above: () => maplibregl.LayerSpecification[], points: [number, number][]): maplibregl.MapOptions {
  const bounds = new maplibregl.LngLatBounds();
  const box = (city as FeatureCollection & { bbox?: [number, number, number, number] }).bbox;
  if (points.length) points.forEach((p) => bounds.extend(p));
  else if (box) bounds.extend([box[0], box[1]]).extend([box[2], box[3]]);
  return {
    container: holder,
    fadeDuration: 0,
    style: { version: 8, transition: { duration: 0, delay: 0 }, sources: { city: { type: 'geojson', data: city }, [source[0]]: source[1] }, layers: above() },
    attributionControl: false,
    maxPitch: 0,
    dragRotate: false,
    ...(bounds.isEmpty() ? { center: [115.985, 36.456] as [number, number], zoom: 11 } : { bounds, fitBoundsOptions: { padding: 48, maxZoom: 15 } }),
  };
}

/** The map, or nothing and a sentence where the device cannot draw one. */
export function drawn(holder: HTMLElement, how: maplibregl.MapOptions, above: () => maplibregl.LayerSpecification[]): maplibregl.Map | null {
  let map: maplibregl.Map;
  try {
    map = new maplibregl.Map(how);
  } catch {
    holder.innerHTML = '<p class="map-failed"></p>';
    const zh = document.documentElement.lang.startsWith('zh');
    (holder.firstElementChild as HTMLElement).textContent = zh ? '此设备无法显示地图；列表含同样内容。' : 'This device cannot draw the map; the list holds the same.';
    return null;
  }
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'top-right');
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute('aria-label', holder.getAttribute('aria-label') ?? '');
  map.getCanvas().setAttribute('role', 'application');
  holder.removeAttribute('aria-label');
  // `data-ready` says that all is drawn, in the colours of now.
  const whole = () => map.once('idle', () => (holder.dataset['ready'] = 'true'));
  const redraw = () => {
    holder.dataset['ready'] = 'false';
    map.setStyle({ ...map.getStyle(), layers: above() });
    whole();
  };
  document.addEventListener('theme', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  whole();
  return map;
}

export async function startMap(holder: HTMLElement, onSelect: (id: string) => void): Promise<CityMap | null> {
  const [city, matters] = await Promise.all(
    [holder.dataset['city'], holder.dataset['matters']].map(async (url) => (await (await fetch(url ?? '')).json()) as FeatureCollection),
  );
  if (!city || !matters) return null;
  const points = matters.features.map((f) => (f.geometry as Point).coordinates as [number, number]);
  const source: maplibregl.SourceSpecification = { type: 'geojson', data: matters, cluster: true, clusterRadius: 38, clusterMaxZoom: 15 };
  const map = drawn(holder, options(holder, city, ['matters', source], layers, points), layers);
  if (!map) return null;

  const choose = (id: string) => {
    holder.dataset['chosen'] = id;
    if (map.getLayer('chosen')) map.setFilter('chosen', ['==', ['get', 'id'], id]);
  };
  map.on('click', 'points', (event) => {
    const id = String(event.features?.[0]?.properties['id'] ?? '');
    choose(id);
    onSelect(id);
  });
  map.on('click', 'clusters', async (event) => {
    const feature = event.features?.[0];
    if (!feature) return;
    const source = map.getSource('matters') as maplibregl.GeoJSONSource;
    const zoom = await source.getClusterExpansionZoom(feature.properties['cluster_id'] as number);
    map.easeTo({ center: (feature.geometry as Point).coordinates as [number, number], zoom });
  });
  for (const layer of ['points', 'clusters']) {
    map.on('mouseenter', layer, () => (map.getCanvas().style.cursor = 'pointer'));
    map.on('mouseleave', layer, () => (map.getCanvas().style.cursor = ''));
  }

  let pending: number | undefined;
  return {
    show(id) {
      choose(id);
      const found = matters.features.find((f) => f.properties?.['id'] === id);
      if (found) map.easeTo({ center: (found.geometry as Point).coordinates as [number, number], zoom: Math.max(map.getZoom(), 14) });
    },
    move(id, position, open) {
      const at = matters.features.findIndex((f) => f.properties?.['id'] === id);
      if (at >= 0 && !open) matters.features.splice(at, 1);
      else if (at < 0 && open && position) matters.features.push({ type: 'Feature', properties: { id, tone: 'act' }, geometry: { type: 'Point', coordinates: position } });
      else return;
      window.clearTimeout(pending);
      pending = window.setTimeout(() => (map.getSource('matters') as maplibregl.GeoJSONSource | undefined)?.setData(matters), 500);
    },
  };
}
