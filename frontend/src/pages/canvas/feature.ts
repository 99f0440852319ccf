import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/pipelines/:id', frame: 'none', page: () => import('./CanvasPage') }],
}
