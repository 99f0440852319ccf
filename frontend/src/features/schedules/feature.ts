import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/schedules', frame: 'workspace', page: () => import('./SchedulesPage') }],
  nav: { href: '/schedules', title: 'Schedules', order: 35 },
}
