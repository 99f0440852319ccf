import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/modules', frame: 'navigation', page: () => import('./ModulesPage') },
    { path: '/modules/:id', frame: 'workspace', page: () => import('./ModulePage') },
  ],
  nav: { href: '/modules', title: 'Modules', order: 25 },
}
