import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/team', frame: 'navigation', page: () => import('./TeamPage') }],
  nav: { href: '/team', title: 'Team', order: 40 },
}
