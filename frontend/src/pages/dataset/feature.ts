import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/datasets/:id', frame: 'navigation', page: () => import('./DatasetPage') }],
}
