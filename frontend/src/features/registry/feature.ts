import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/models', frame: 'workspace', page: () => import('./ModelsPage') },
    { path: '/models/:id', frame: 'navigation', page: () => import('./ModelPage') },
  ],
  nav: { href: '/models', title: 'Models', order: 25 },
}
