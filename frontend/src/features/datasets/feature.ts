import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/datasets', frame: 'workspace', page: () => import('./DatasetsPage') }],
  nav: { href: '/datasets', title: 'Datasets', order: 20 },
}
