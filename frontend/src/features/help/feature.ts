import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/modules', frame: 'navigation', page: () => import('./ModulesPage') },
    { path: '/modules/:id', frame: 'workspace', page: () => import('./ModulePage'), prefetch: async (client, id) => (await import('./ModulePage')).prefetch(client, id) },
  ],
  nav: { href: '/modules', title: 'Modules', order: 25 },
}
