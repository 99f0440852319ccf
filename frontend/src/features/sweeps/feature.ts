import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/sweeps', under: '/runs', frame: 'workspace', page: () => import('./SweepsPage') },
    { path: '/sweeps/:id', under: '/runs', frame: 'navigation', page: () => import('./SweepPage') },
  ],
}
