import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/endpoints', frame: 'workspace', page: () => import('./EndpointsPage') },
    { path: '/endpoints/:id', frame: 'workspace', page: () => import('./EndpointPage') },
  ],
  nav: { href: '/endpoints', title: 'Endpoints', order: 35 },
}
