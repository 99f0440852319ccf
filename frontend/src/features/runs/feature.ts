import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/runs', frame: 'workspace', page: () => import('./RunsPage') }],
  nav: { href: '/runs', title: 'Runs', order: 30 },
}
