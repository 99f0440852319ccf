import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [
    { path: '/team', frame: 'navigation', page: () => import('./TeamPage') },
    { path: '/audit', under: '/team', frame: 'navigation', page: () => import('./AuditRedirect') },
  ],
  nav: { href: '/team', title: 'Team', order: 40 },
}
