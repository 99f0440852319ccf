import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/runs', frame: 'workspace', page: () => import('./RunsPage') },
    { path: '/runs/compare', frame: 'navigation', page: () => import('./ComparePage') },
  ],
  nav: { href: '/runs', title: 'Runs', order: 30 },
}
