import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/runs/:id/scoring', frame: 'navigation', page: () => import('./ScoringPage') }],
}
