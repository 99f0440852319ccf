import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/audit', under: '/team', frame: 'workspace', page: () => import('./AuditPage') }],
}
