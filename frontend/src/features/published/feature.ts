import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/published', frame: 'workspace', page: () => import('./PublishedListPage') },
    { path: '/published/:id', frame: 'workspace', page: () => import('./PublishedPage') },
  ],
  nav: { href: '/published', title: 'Published', order: 36 },
}
