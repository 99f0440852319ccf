import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{
    path: '/pipelines/:id', frame: 'none', page: () => import('./CanvasPage'),
    prefetch: async (client, id) => (await import('./prefetch')).prefetch(client, id),
  }],
}
