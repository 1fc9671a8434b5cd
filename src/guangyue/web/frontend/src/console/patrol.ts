// The patrol plan on the map: rounds along their streets, stops and outposts; the round that is opened in the list stands out.

import type * as maplibregl from 'maplibre-gl';
import type { FeatureCollection, LineString, Point } from 'geojson';
import { drawn, ground, options, token } from './map';

function layers(): maplibregl.LayerSpecification[] {
  const act = token('--act');
  const paper = token('--ground');
  const kind = (name: string): maplibregl.FilterSpecification => ['==', ['get', 'kind'], name];
  return [
    ...ground(),
    { id: 'rounds', type: 'line', source: 'plan', filter: kind('round'), layout: { 'line-join': 'round' }, paint: { 'line-color': act, 'line-width': 2, 'line-opacity': 0.4 } },
    { id: 'chosen', type: 'line', source: 'plan', filter: ['==', ['get', 'crew'], chosen], layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': act, 'line-width': 4.5 } },
    { id: 'stops', type: 'circle', source: 'plan', filter: kind('stop'), paint: { 'circle-radius': 4, 'circle-color': paper, 'circle-stroke-width': 2, 'circle-stroke-color': act } },
    { id: 'outposts', type: 'circle', source: 'plan', filter: kind('outpost'), paint: { 'circle-radius': 7, 'circle-color': token('--elsewhere'), 'circle-stroke-width': 2, 'circle-stroke-color': paper } },
  ];
}

let chosen = '';

export async function startPatrol(holder: HTMLElement): Promise<void> {
  const [city, plan] = await Promise.all(
    [holder.dataset['city'], holder.dataset['plan']].map(async (url) => (await (await fetch(url ?? '')).json()) as FeatureCollection),
  );
  if (!city || !plan) return;
  const points = plan.features.flatMap((f) => (f.geometry.type === 'Point' ? [(f.geometry as Point).coordinates] : (f.geometry as LineString).coordinates)) as [number, number][];
  const rounds = [...document.querySelectorAll<HTMLDetailsElement>('details.round')];
  chosen = rounds.find((r) => r.open)?.dataset['crew'] ?? '';
  const map = drawn(holder, options(holder, city, ['plan', { type: 'geojson', data: plan }], layers, points), layers);
  for (const round of rounds) {
    round.addEventListener('toggle', () => {
      if (!round.open) return;
      rounds.forEach((other) => { if (other !== round) other.open = false; });
      chosen = round.dataset['crew'] ?? '';
      holder.dataset['chosen'] = chosen;
      if (map?.getLayer('chosen')) map.setFilter('chosen', ['==', ['get', 'crew'], chosen]);
    });
  }
  const at = new Map(plan.features.filter((f) => f.geometry.type === 'Point').map((f) => [String(f.properties?.['id']), (f.geometry as Point).coordinates as [number, number]]));
  document.querySelector('#list-scroll')?.addEventListener('click', (event) => {
    const id = (event.target as HTMLElement).closest<HTMLElement>('li[data-id]')?.dataset['id'];
    const where = id ? at.get(id) : undefined;
    if (where) map?.easeTo({ center: where, zoom: Math.max(map.getZoom(), 14.5) });
  });
}
