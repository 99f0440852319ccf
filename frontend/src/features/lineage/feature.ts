import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/lineage', frame: 'workspace', page: () => import('./LineagePage'), under: '/runs' }],
}
