import type { Feature } from '../../state/feature'

export const feature: Feature = {
  routes: [{ path: '/', frame: 'workspace', page: () => import('./HomePage') }],
  nav: { href: '/', title: 'Pipelines', order: 10 },
}
