import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/account', frame: 'navigation', page: () => import('./AccountPage') }],
}
