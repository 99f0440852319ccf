import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/runs/:id', frame: 'navigation', page: () => import('./RunPage') }],
}
